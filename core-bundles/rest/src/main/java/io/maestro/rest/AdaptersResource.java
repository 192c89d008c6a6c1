package io.maestro.rest;

import io.maestro.api.adapters.Definitions;
import io.maestro.api.identity.Action;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Adapter definitions. */
@Path("/adapters")
@Produces(MediaType.APPLICATION_JSON)
public final class AdaptersResource {
    /** A second fence: beyond the inspection's own limit, which refuses better and lists what it refused. */
    private static final int LARGEST_ARTIFACT = 65 * 1024 * 1024;

    private final Definitions definitions;

    AdaptersResource(Definitions definitions) {
        this.definitions = definitions;
    }

    /** Admits an artifact; the same bytes again give the same definition, so an idempotency key is not needed. */
    @POST
    @Consumes({"application/java-archive", MediaType.APPLICATION_OCTET_STREAM})
    @Allows(Action.PLATFORM_WRITE)
    @Operation(
            operationId = "installAdapter",
            summary = "Admits a signed adapter bundle",
            description = "201 when it is new, 200 when the same bytes are here already: repeating is harmless.")
    @Answers(value = DefinitionBody.class, status = 201)
    public Response install(InputStream artifact, @Context ContainerRequestContext request) throws IOException {
        String actor = Caller.of(request).principal().id();
        InputStream bounded = new BoundedInput(artifact, LARGEST_ARTIFACT);
        Definitions.Admitted admitted = definitions.admit(bounded, "upload", actor);
        DefinitionId id = admitted.definition().id();
        return Response.status(admitted.fresh() ? 201 : 200)
                .location(URI.create("/api/adapters/" + id.name() + "/" + id.version()))
                .entity(DefinitionBody.of(admitted.definition()))
                .build();
    }

    /** Lists definitions. */
    @GET
    @Allows(Action.PLATFORM_READ)
    @Operation(operationId = "listAdapters", summary = "Lists adapter definitions")
    @Answers(value = DefinitionBody.class, list = true)
    public Object list(
            @QueryParam("name") @Nullable String name,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                definitions.definitions(name == null ? null : new AdapterName(name), ListBody.request(limit, cursor)),
                DefinitionBody::of);
    }

    /** One definition. */
    @GET
    @Path("{name}/{version}")
    @Allows(Action.PLATFORM_READ)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(operationId = "getAdapter", summary = "Gives one adapter definition")
    @Answers(DefinitionBody.class)
    public Response definition(
            @PathParam("name") String name,
            @PathParam("version") String version,
            @Context ContainerRequestContext request) {
        DefinitionId id = new DefinitionId(new AdapterName(name), new AdapterVersion(version));
        Definitions.Definition definition = definitions.definition(id);
        return Tags.answer(request, definition.digest().hex(), DefinitionBody.of(definition));
    }
}
