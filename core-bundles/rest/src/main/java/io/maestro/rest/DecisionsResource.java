package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.Decisions;
import io.maestro.rest.DecisionBodies.DecisionBody;
import io.maestro.rest.DecisionBodies.ExplanationBody;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** What the policy decided, and why. */
@Path("/policy")
@Produces(MediaType.APPLICATION_JSON)
public final class DecisionsResource {
    private final Decisions decisions;

    DecisionsResource(Decisions decisions) {
        this.decisions = decisions;
    }

    /** Lists decisions. */
    @GET
    @Path("decisions")
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listPlatformDecisions",
            summary = "Lists what the policy decided, newest first",
            description = "By the names of OPA's decision log. A decision is written a moment after it is taken.")
    @Answers(value = DecisionBody.class, list = true)
    public Object list(
            @BeanParam DecisionQuery query,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(decisions.decisions(query.filter(null), ListBody.request(limit, cursor)), DecisionBody::of);
    }

    /** Explains decisions. */
    @GET
    @Path("explain")
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "explainPlatformDecision",
            summary = "Explains one decision, or all decisions of one execution",
            description =
                    "Names the rules with file and line, and what they read of the input. An execution is named by"
                            + " its correlation id.")
    @Answers(value = ExplanationBody.class, list = true)
    public Object explain(
            @QueryParam("decisionId") @Nullable String decisionId,
            @QueryParam("executionId") @Nullable String executionId) {
        return new ListBody<>(
                DecisionQuery.explain(decisions, null, decisionId, executionId).stream()
                        .map(ExplanationBody::of)
                        .toList(),
                null);
    }
}
