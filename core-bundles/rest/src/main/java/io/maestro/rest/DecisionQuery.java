package io.maestro.rest;

import io.maestro.api.policy.Decisions;
import io.maestro.api.policy.Decisions.Explanation;
import io.maestro.api.policy.Decisions.Filter;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.model.TenantId;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which decisions are wanted. */
public final class DecisionQuery {
    @QueryParam("path")
    @Nullable
    String path;

    @QueryParam("outcome")
    @Nullable
    String outcome;

    @QueryParam("rule")
    @Nullable
    String rule;

    @QueryParam("actor")
    @Nullable
    String actor;

    @QueryParam("correlationId")
    @Nullable
    String correlationId;

    Filter filter(@Nullable TenantId tenant) {
        return new Filter(
                tenant,
                Query.of(path, DecisionQuery::entryPoint),
                Query.word("outcome", outcome, Outcome.class),
                Query.text("rule", rule),
                Query.text("actor", actor),
                Query.text("correlationId", correlationId));
    }

    private static EntryPoint entryPoint(String path) {
        return EntryPoint.of(path.startsWith("maestro/") ? path.substring("maestro/".length()) : path)
                .orElseThrow(() -> Wire.invalid(
                        "there is no entry point of this path", "Use one of docs/reference/policy.md.", List.of()));
    }

    /** One by its id, or all of an execution. */
    static List<Explanation> explain(
            Decisions decisions, @Nullable TenantId tenant, @Nullable String decision, @Nullable String execution) {
        if ((decision == null) == (execution == null)) {
            throw Wire.invalid(
                    "one of decisionId and executionId is needed", "Give one of the two parameters.", List.of());
        }
        if (decision != null) {
            return List.of(decisions.explain(tenant, id("decisionId", decision)));
        }
        return decisions.explainAll(tenant, String.valueOf(Query.text("executionId", execution)));
    }

    /** A parameter that is a UUID. */
    static UUID id(String name, String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Wire.invalid(name + " is no id", "Use the id as it was given.", List.of());
        }
    }
}
