package io.maestro.rest;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.Scope;
import io.maestro.rest.InstancesResource.NewInstance;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/** Instances that are opened to see how they do, and not kept. */
@Path("/tenants/{tenant}/environments/{environment}/instance-trials")
@Produces(MediaType.APPLICATION_JSON)
public final class InstanceTrialsResource {
    private final InstanceActs acts;

    InstanceTrialsResource(InstanceActs acts) {
        this.acts = acts;
    }

    /** Tries what {@code createInstance} would make. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_INSTALL)
    @Operation(
            operationId = "tryInstance",
            summary = "Opens an instance as it would be created, asks it how it is, and closes it; keeps nothing",
            description =
                    "The body is that of createInstance, and so are the right, the policy and the checks. The answer is 200"
                            + " whatever the instance says of itself; when it cannot be opened, the problem says why. What"
                            + " needs an approval is not opened.")
    @Answers(TrialBody.class)
    public Object trial(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            NewInstance wanted,
            @Context ContainerRequestContext request) {
        InstanceAct.Create act = wanted.act(Scope.of(tenant, environment));
        return TrialBody.of(acts.tryOut(act, Caller.actor(request)));
    }
}
