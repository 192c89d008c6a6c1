package io.maestro.rest;

import io.maestro.api.adapters.Rollouts;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.rest.RolloutBody.NewRollout;
import io.swagger.v3.oas.annotations.Operation;
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
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** The rollouts of one adapter. */
@Path("/adapters/{name}/rollouts")
@Produces(MediaType.APPLICATION_JSON)
public final class AdapterRolloutsResource {
    private final Rollouts rollouts;

    AdapterRolloutsResource(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    /** Begins a rollout. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @AsksWithin(EntryPoint.ADAPTER_UPGRADE)
    @Idempotent
    @Operation(
            operationId = "startRollout",
            summary = "Takes instances of an adapter to a newer version step by step, and back by itself",
            description =
                    "Without steps, all instances at once. Calls go to the new version beside the old one; the instances"
                            + " themselves change at the end, all or none. With dryRun=true, 200 with the plan; with"
                            + " plan=DIGEST only if the plan is still that one.")
    @Answers(value = RolloutBody.class, status = 201)
    public Response start(
            @PathParam("name") String name,
            NewRollout wanted,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request) {
        Course course = new Course(
                new AdapterName(name), new AdapterVersion(wanted.version()), wanted.wanted(), wanted.limits());
        if (Query.flag("dryRun", dryRun)) {
            return Response.ok(PlanBody.of(rollouts.plan(course, Caller.actor(request))))
                    .build();
        }
        Rollout rollout = rollouts.start(course, PlanBody.expected(plan), Caller.actor(request));
        return Response.created(URI.create("/api/rollouts/" + rollout.id()))
                .entity(RolloutBody.of(rollout))
                .build();
    }

    /** Lists them. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "listRollouts", summary = "Lists the rollouts of an adapter, the newest first")
    @Answers(value = RolloutBody.class, list = true)
    public Object list(
            @PathParam("name") String name,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(rollouts.rollouts(new AdapterName(name), ListBody.request(limit, cursor)), RolloutBody::of);
    }
}
