package io.maestro.rest;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.Instances;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
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

/** The configuration of an adapter instance that is there. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/configuration")
@Produces(MediaType.APPLICATION_JSON)
public final class ConfigurationResource {
    private final Instances instances;
    private final InstanceActs acts;
    private final Wire wire;

    ConfigurationResource(Instances instances, InstanceActs acts, Wire wire) {
        this.instances = instances;
        this.acts = acts;
        this.wire = wire;
    }

    /** Changes the configuration of an instance and waits for it to be used. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_CONFIGURE)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "configureInstance",
            summary = "Gives an instance another configuration and waits for it to be used",
            description =
                    "The body is the whole configuration. A secret that is left out stays as it is, other than within a"
                            + " list; one that is null goes. A running instance is opened anew beside itself, so that"
                            + " calls always find one. The answer is 200 also when that fails: then the instance goes on"
                            + " with the configuration before, as observed and problem tell.")
    @Answers(InstanceBody.class)
    public Response configure(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("waitSeconds") @Nullable String waitSeconds,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            Json configuration,
            @Context ContainerRequestContext request)
            throws IOException {
        Patience patience = Patience.of(waitSeconds);
        InstanceAct act = new InstanceAct.Configure(
                Scope.of(tenant, environment), new InstanceId(instance), configuration, InstanceBody.expected(request));
        return Acts.answer(acts, act, dryRun, plan, request, changed -> {
            InstanceBody body = InstanceBody.of(patience.await(instances, changed));
            return Response.ok(body).header("ETag", Tags.quoted(body.tag(wire))).build();
        });
    }

    /** Tries what {@link #configure} would make. */
    @POST
    @Path("trial")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_CONFIGURE)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "tryConfiguration",
            summary = "Opens an instance with another configuration, asks it how it is, and closes it; keeps nothing",
            description =
                    "The body is that of configureInstance, and so are the right, the policy and the checks. The instance"
                            + " goes on as it is; what is tried is given an empty folder of its own. The answer is 200"
                            + " whatever it says of itself; when it cannot be opened, the problem says why. What needs an"
                            + " approval is not opened.")
    @Answers(TrialBody.class)
    public Object trial(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            Json configuration,
            @Context ContainerRequestContext request) {
        InstanceAct.Configure act = new InstanceAct.Configure(
                Scope.of(tenant, environment), new InstanceId(instance), configuration, InstanceBody.expected(request));
        return TrialBody.of(acts.tryOut(act, Caller.actor(request)));
    }
}
