package io.maestro.rest;

import io.maestro.api.adapters.Drifts;
import io.maestro.api.adapters.Drifts.Drift;
import io.maestro.api.adapters.Drifts.Kind;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.identity.Action;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Where nodes are not as they should be, for all tenants. */
@Path("/drift")
@Produces(MediaType.APPLICATION_JSON)
public final class DriftResource {
    private final Drifts drifts;

    DriftResource(Drifts drifts) {
        this.drifts = drifts;
    }

    /** Lists what drifts, of all tenants. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listDrift",
            summary = "Lists the instances that are not, on some node, as they should be",
            description =
                    "By tenant, environment, instance and node, each with since when and why. What a node has open that"
                            + " has said nothing for 30 seconds is unknown.")
    @Answers(value = DriftBody.class, list = true)
    public Object all(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(drifts.drifts(null, ListBody.request(limit, cursor)), DriftBody::of);
    }

    record DriftBody(
            String tenant,
            String environment,
            String instance,
            String adapter,
            String node,
            Wanted wanted,
            Kind kind,
            @Nullable Observed observed,
            @Nullable ProblemBody problem,
            long revision,
            @Nullable Long seenRevision,
            Instant since,
            long ageSeconds) {
        static DriftBody of(Drift drift) {
            return new DriftBody(
                    drift.scope().tenant().value(),
                    drift.scope().environment().value(),
                    drift.instance().value(),
                    drift.definition().toString(),
                    drift.node(),
                    drift.wanted(),
                    drift.kind(),
                    drift.observed(),
                    ProblemBody.within(drift.problem()),
                    drift.revision(),
                    drift.seenRevision(),
                    drift.since(),
                    drift.age().toSeconds());
        }
    }
}
