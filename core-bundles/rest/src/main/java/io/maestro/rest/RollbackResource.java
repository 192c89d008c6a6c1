package io.maestro.rest;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.AdapterVersion;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
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
import org.jspecify.annotations.Nullable;

/** Takes instances back to older versions. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/rollback")
@Produces(MediaType.APPLICATION_JSON)
public final class RollbackResource {
    private final InstanceActs acts;
    private final Wire wire;

    RollbackResource(InstanceActs acts, Wire wire) {
        this.acts = acts;
        this.wire = wire;
    }

    /** Takes an instance back to an older version. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_ROLLBACK)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "rollBackInstance",
            summary = "Takes an instance back to the version and the configuration that it had before",
            description =
                    "Without a version, to the one before. Works also when the present version cannot be opened. With"
                            + " dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done"
                            + " only as planned.")
    @Answers(InstanceBody.class)
    public Response rollback(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            NewInstanceRollback wanted,
            @Context ContainerRequestContext request)
            throws IOException {
        return Acts.answer(
                acts,
                new InstanceAct.Rollback(
                        Scope.of(tenant, environment),
                        new InstanceId(instance),
                        Query.of(wanted.version(), AdapterVersion::new),
                        InstanceBody.expected(request)),
                dryRun,
                plan,
                request,
                this::shown);
    }

    private Response shown(Instance instance) throws IOException {
        InstanceBody body = InstanceBody.of(instance);
        return Response.ok(body).header("ETag", Tags.quoted(body.tag(wire))).build();
    }

    @Schema(example = "{\"version\":\"1.0.0\"}")
    record NewInstanceRollback(@Nullable String version) {}
}
