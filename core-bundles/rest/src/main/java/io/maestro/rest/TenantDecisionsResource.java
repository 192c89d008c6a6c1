package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.Decisions;
import io.maestro.model.TenantId;
import io.maestro.rest.DecisionBodies.DecisionBody;
import io.maestro.rest.DecisionBodies.ExplanationBody;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** What the policy decided within a tenant, and why. */
@Path("/tenants/{tenant}/policy")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantDecisionsResource {
    private final Decisions decisions;

    TenantDecisionsResource(Decisions decisions) {
        this.decisions = decisions;
    }

    /** Lists decisions. */
    @GET
    @Path("decisions")
    @Allows(Action.TENANT_AUDIT)
    @Operation(
            operationId = "listTenantDecisions",
            summary = "Lists what the policy decided within a tenant, newest first",
            description = "By the names of OPA's decision log. A decision is written a moment after it is taken.")
    @Answers(value = DecisionBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @BeanParam DecisionQuery query,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                decisions.decisions(query.filter(new TenantId(tenant)), ListBody.request(limit, cursor)),
                DecisionBody::of);
    }

    /** Explains decisions. */
    @GET
    @Path("explain")
    @Allows(Action.TENANT_AUDIT)
    @Operation(
            operationId = "explainTenantDecision",
            summary = "Explains one decision, or all decisions of one execution",
            description =
                    "Names the rules with file and line, and what they read of the input. An execution is named by"
                            + " its correlation id.")
    @Answers(value = ExplanationBody.class, list = true)
    public Object explain(
            @PathParam("tenant") String tenant,
            @QueryParam("decisionId") @Nullable String decisionId,
            @QueryParam("executionId") @Nullable String executionId) {
        return new ListBody<>(
                DecisionQuery.explain(decisions, new TenantId(tenant), decisionId, executionId).stream()
                        .map(ExplanationBody::of)
                        .toList(),
                null);
    }
}
