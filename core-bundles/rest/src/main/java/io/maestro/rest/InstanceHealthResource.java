package io.maestro.rest;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.identity.Action;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** How one instance is. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/health")
@Produces(MediaType.APPLICATION_JSON)
public final class InstanceHealthResource {
    private final InstanceHealth health;

    InstanceHealthResource(InstanceHealth health) {
        this.health = health;
    }

    /** The health of an instance. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "instanceHealth",
            summary = "Tells how an instance is: calls, errors and times, breaker, bulkhead, and what it says itself",
            description =
                    "As the node that answers sees it; each node counts its own calls. Times are in milliseconds and"
                            + " off by half at most.")
    @Answers(HealthBody.class)
    public HealthBody health(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance) {
        Scope scope = Scope.of(tenant, environment);
        InstanceId id = new InstanceId(instance);
        return HealthBody.of(health.health(scope, id), health.series(scope, id));
    }
}
