package io.maestro.rest;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.AdapterVersion;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
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

/** Takes instances to newer versions. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/upgrade")
@Produces(MediaType.APPLICATION_JSON)
public final class UpgradeResource {
    private final InstanceActs acts;
    private final Wire wire;

    UpgradeResource(InstanceActs acts, Wire wire) {
        this.acts = acts;
        this.wire = wire;
    }

    /** Takes an instance to a newer version. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_UPGRADE)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "upgradeInstance",
            summary = "Takes an instance to a newer version of its adapter, without losing a call",
            description =
                    "The new version is opened beside the old one and has to prove itself; then it takes over. When it"
                            + " cannot, the answer says why, and the instance is exactly what it was. With dryRun=true,"
                            + " the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(InstanceBody.class)
    public Response upgrade(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            NewVersion wanted,
            @Context ContainerRequestContext request)
            throws IOException {
        return Acts.answer(
                acts,
                new InstanceAct.Upgrade(
                        Scope.of(tenant, environment),
                        new InstanceId(instance),
                        new AdapterVersion(wanted.version()),
                        wanted.configuration(),
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

    @Schema(example = "{\"version\":\"1.1.0\"}")
    record NewVersion(String version, @Nullable Json configuration) {
        NewVersion {
            Wire.required("/version", version);
        }
    }
}
