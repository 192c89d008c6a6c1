package io.maestro.rest;

import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.Instances.Instance;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Acts on instances: planned only, done, or done only as planned. */
final class Acts {
    private Acts() {}

    /** How an instance is shown once the act is done. */
    @FunctionalInterface
    interface Shown {
        /** The answer. */
        Response of(Instance instance) throws IOException;
    }

    /**
     * The plan, or what the act has made.
     *
     * @param dryRun the query parameter
     * @param plan the query parameter
     */
    static Response answer(
            InstanceActs acts,
            InstanceAct act,
            @Nullable String dryRun,
            @Nullable String plan,
            ContainerRequestContext request,
            Shown shown)
            throws IOException {
        if (Query.flag("dryRun", dryRun)) {
            return Response.ok(PlanBody.of(acts.plan(act, Caller.actor(request))))
                    .build();
        }
        Optional<Instance> done = acts.carryOut(act, PlanBody.expected(plan), Caller.actor(request));
        return done.isEmpty() ? Response.noContent().build() : shown.of(done.get());
    }
}
