package io.maestro.rest;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Rollouts;
import io.maestro.api.identity.Action;
import io.maestro.model.Problem;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;

/** Rollouts by their ids. */
@Path("/rollouts/{rollout}")
@Produces(MediaType.APPLICATION_JSON)
public final class RolloutsResource {
    private final Rollouts rollouts;

    RolloutsResource(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    /** One rollout. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "getRollout",
            summary = "Gives one rollout, with its instances and, when a gate was breached, the numbers")
    @Answers(RolloutBody.class)
    public Object rollout(@PathParam("rollout") String rollout) {
        return RolloutBody.of(rollouts.rollout(id(rollout)));
    }

    /** Takes everything back. */
    @POST
    @Path("cancel")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "rollout.cancel", subject = "rollout")
    @Operation(
            operationId = "cancelRollout",
            summary = "Has everything of a running rollout go back to what it was, within a second or two")
    @Answers(RolloutBody.class)
    public Object cancel(@PathParam("rollout") String rollout, @Context ContainerRequestContext request) {
        return RolloutBody.of(rollouts.cancel(id(rollout), Caller.actor(request)));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                            AdapterProblem.ROLLOUT_UNKNOWN,
                            "that is no id of a rollout",
                            "List the rollouts of the adapter.")
                    .asException(e);
        }
    }
}
