package io.maestro.policy;

import io.maestro.api.policy.Decisions;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import io.maestro.store.Cursor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Shows and explains what was decided. */
final class RecordedDecisions implements Decisions {
    private static final int MOST_OF_A_REQUEST = 100;

    /** For how long smallest changes are looked for, all those of a request together. */
    private static final Duration LONGEST = Duration.ofSeconds(2);

    private final JooqDecisions rows;
    private final ActivePolicies policies;

    RecordedDecisions(JooqDecisions rows, ActivePolicies policies) {
        this.rows = rows;
        this.policies = policies;
    }

    @Override
    public Page<Recorded> decisions(Filter filter, PageRequest page) {
        return Cursor.page(page, rows.list(filter, page), last -> Cursor.at(JooqDecisions.LIST, last.id()));
    }

    @Override
    public Explanation explain(@Nullable TenantId tenant, UUID decision) {
        Recorded recorded = rows.find(tenant, decision)
                .orElseThrow(() -> Problem.of(
                                PolicyProblem.DECISION_UNKNOWN,
                                "there is no decision " + decision + " here",
                                "Decisions are written a moment after they are taken, and kept for 90 days.")
                        .asException());
        return explain(recorded, System.nanoTime() + LONGEST.toNanos());
    }

    @Override
    public List<Explanation> explainAll(@Nullable TenantId tenant, String execution) {
        long deadline = System.nanoTime() + LONGEST.toNanos();
        List<Explanation> all = rows.ofRequest(tenant, execution, MOST_OF_A_REQUEST).stream()
                .map(one -> explain(one, deadline))
                .toList();
        if (all.isEmpty()) {
            throw Problem.of(
                            PolicyProblem.DECISION_UNKNOWN,
                            "no decision was taken for \"" + execution + "\" here",
                            "Give the correlation id that the answer or the log names.")
                    .asException();
        }
        return all;
    }

    private Explanation explain(Recorded decision, long deadline) {
        try {
            Active active = policies.current();
            Retrial retrial = new Retrial(active, policies.tenants(active, decision.tenant()), decision);
            List<Explained> rules =
                    decision.reasons().stream().map(retrial::explained).toList();
            Retrial.Remedy remedy = retrial.remedy(deadline);
            return new Explanation(decision, rules, remedy.change(), remedy.whyNone());
        } catch (EngineException e) {
            // it is explained as far as it can be
            List<Explained> rules = decision.reasons().stream()
                    .map(reason -> new Explained(reason, null, 0, Map.of()))
                    .toList();
            return new Explanation(decision, rules, null, "the policy cannot be asked now");
        }
    }
}
