package io.maestro.rest;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.InstanceHealth.Health;
import io.maestro.api.adapters.InstanceHealth.State;
import io.maestro.api.identity.Action;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** How one instance is, in a colour and a few words, for pages of others. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/badge")
@Produces(MediaType.APPLICATION_JSON)
public final class BadgeResource {
    private final InstanceHealth health;

    BadgeResource(InstanceHealth health) {
        this.health = health;
    }

    /** The badge of an instance. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "instanceBadge", summary = "Tells how an instance is in a state, a colour and a few words")
    @Answers(Badge.class)
    public Badge badge(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance) {
        Health found = health.health(Scope.of(tenant, environment), new InstanceId(instance));
        String reason = found.reason();
        return new Badge(found.state(), colour(found.state()), reason == null ? "it works" : reason);
    }

    private static String colour(State state) {
        return switch (state) {
            case HEALTHY -> "green";
            case DEGRADED -> "orange";
            case FAILING, FAILED -> "red";
            case STARTING -> "blue";
            case STOPPED -> "grey";
        };
    }

    /**
     * A badge.
     *
     * @param colour green, orange, red, blue or grey
     */
    record Badge(State state, String colour, String text) {}
}
