package io.maestro.rest;

import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Registry.DefinitionQuery;
import io.maestro.api.adapters.Registry.DefinitionSort;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.PublisherName;
import io.maestro.model.TypeName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Adapter definitions. */
@Path("/adapters")
@Produces(MediaType.APPLICATION_JSON)
public final class AdaptersResource {
    /** A second fence: beyond the inspection's own limit, which refuses better and lists what it refused. */
    private static final int LARGEST_ARTIFACT = 65 * 1024 * 1024;

    private static final List<String> RISKS = List.of("low", "medium", "high");

    private final Definitions definitions;
    private final Registry registry;
    private final Wire wire;

    AdaptersResource(Definitions definitions, Registry registry, Wire wire) {
        this.definitions = definitions;
        this.registry = registry;
        this.wire = wire;
    }

    /** Admits an artifact; the same bytes again give the same definition, so an idempotency key is not needed. */
    @POST
    @Consumes({"application/java-archive", MediaType.APPLICATION_OCTET_STREAM})
    @Produces({MediaType.APPLICATION_JSON, ReceiptBodies.LINES})
    @Allows(Action.ARTIFACT_SUBMIT)
    @AsksWithin(EntryPoint.ADAPTER_SUBMIT)
    @Operation(
            operationId = "installAdapter",
            summary = "Admits a signed adapter bundle",
            description =
                    "201 when it is new, 200 when the same bytes are here already: repeating is harmless. With dryRun=true,"
                            + " 200 with the plan, and nothing is kept. With plan=DIGEST only if the plan is still that one."
                            + " With Accept: application/x-ndjson, 200 and a line for each check as it ends, and a last one"
                            + " with the status that the answer would have had and the definition, the plan or the problem;"
                            + " what is wrong with the request itself is answered with its own status all the same. A caller"
                            + " who goes away does not stop the installation.")
    @Answers(value = DefinitionBody.class, status = 201, also = 200, lines = InstallLine.class)
    public Response install(
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            InputStream artifact,
            @Context ContainerRequestContext request)
            throws IOException {
        Actor actor = Caller.actor(request);
        InputStream bounded = new BoundedInput(artifact, LARGEST_ARTIFACT);
        boolean planOnly = Query.flag("dryRun", dryRun);
        Digest expected = planOnly ? null : PlanBody.expected(plan);
        if (wantsLines(request)) {
            AdmissionStream.Admission admission = planOnly
                    ? verification -> InstallLine.of(definitions.plan(bounded, actor, verification))
                    : verification ->
                            InstallLine.of(definitions.admit(bounded, "upload", expected, actor, verification));
            return Response.ok(new AdmissionStream(admission, request, wire))
                    .type(MediaType.valueOf(ReceiptBodies.LINES))
                    .header("X-Accel-Buffering", "no")
                    .build();
        }
        if (planOnly) {
            return Response.ok(PlanBody.of(definitions.plan(bounded, actor)))
                    .type(MediaType.APPLICATION_JSON_TYPE)
                    .build();
        }
        Definitions.Admitted admitted = definitions.admit(bounded, "upload", expected, actor);
        DefinitionId id = admitted.definition().id();
        return Response.status(admitted.fresh() ? 201 : 200)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .location(URI.create("/api/adapters/" + id.name() + "/" + id.version()))
                .entity(DefinitionBody.of(admitted.definition()))
                .build();
    }

    /** Only for those who like lines best; who takes anything gets one document. */
    private static boolean wantsLines(ContainerRequestContext request) {
        MediaType first = request.getAcceptableMediaTypes().getFirst();
        return (first.getType() + "/" + first.getSubtype()).equals(ReceiptBodies.LINES);
    }

    /** Lists definitions. */
    @GET
    @Allows(Action.PLATFORM_READ)
    @Operation(
            operationId = "listAdapters",
            summary = "Lists adapter definitions",
            description = "Sort by name or createdAt; a hyphen before it turns the order round.")
    @Answers(value = DefinitionBody.class, list = true)
    public Object list(
            @QueryParam("name") @Nullable String name,
            @QueryParam("type") @Nullable String type,
            @QueryParam("publisher") @Nullable String publisher,
            @QueryParam("risk") @Nullable String risk,
            @QueryParam("owner") @Nullable String owner,
            @QueryParam("newest") @Nullable String newest,
            @QueryParam("preReleases") @Nullable String preReleases,
            @QueryParam("sort") @Nullable String sort,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        DefinitionQuery query = new DefinitionQuery(
                Query.of(type, TypeName::new),
                Query.of(name, AdapterName::new),
                Query.of(publisher, PublisherName::new),
                Query.word("risk", risk, RISKS),
                Query.text("owner", owner),
                Query.flag("newest", newest),
                Query.flag("preReleases", preReleases),
                Query.sort(sort, DefinitionSort.class));
        return ListBody.of(registry.definitions(query, ListBody.request(limit, cursor)), DefinitionBody::of);
    }

    /** Lists definitions with newer versions. */
    @GET
    @Path("outdated")
    @Allows(Action.PLATFORM_READ)
    @Operation(operationId = "listOutdatedAdapters", summary = "Lists adapter definitions that have a newer version")
    @Answers(value = OutdatedBody.class, list = true)
    public Object outdated(
            @QueryParam("preReleases") @Nullable String preReleases,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                registry.outdated(Query.flag("preReleases", preReleases), ListBody.request(limit, cursor)),
                one -> new OutdatedBody(
                        one.definition().toString(), one.newest().value()));
    }

    /** Lists the instances of a definition; a tenant's own principal sees only its own. */
    @GET
    @Path("{name}/{version}/instances")
    @Allows(Action.TENANT_LIST)
    @Operation(
            operationId = "listInstancesOfAdapter",
            summary = "Lists the instances of a definition; a principal within a tenant sees only its own")
    @Answers(value = InstanceBody.class, list = true)
    public Object instances(
            @PathParam("name") String name,
            @PathParam("version") String version,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        Principal principal = Caller.of(request).principal();
        DefinitionId id = new DefinitionId(new AdapterName(name), new AdapterVersion(version));
        return ListBody.of(
                registry.instancesOf(id, principal.tenant(), principal.environment(), ListBody.request(limit, cursor)),
                InstanceBody::of);
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

    /** Uninstalls a definition. */
    @DELETE
    @Path("{name}/{version}")
    @Allows(Action.PLATFORM_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_UNINSTALL)
    @Operation(
            operationId = "uninstallAdapter",
            summary = "Uninstalls an adapter definition that no instance is of",
            description =
                    "Refused while instances are of it, with the first of them. The name stays its publisher's; the"
                            + " version can come back as the same bytes only. With dryRun=true, 200 with the plan; with"
                            + " plan=DIGEST only if the plan is still that one.")
    @Answers(value = Void.class, status = 204)
    public Response uninstall(
            @PathParam("name") String name,
            @PathParam("version") String version,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request) {
        DefinitionId id = new DefinitionId(new AdapterName(name), new AdapterVersion(version));
        Actor actor = Caller.actor(request);
        if (Query.flag("dryRun", dryRun)) {
            return Response.ok(PlanBody.of(definitions.planUninstall(id, actor)))
                    .build();
        }
        definitions.uninstall(id, PlanBody.expected(plan), actor);
        return Response.noContent().build();
    }

    record OutdatedBody(String adapter, String newest) {}
}
