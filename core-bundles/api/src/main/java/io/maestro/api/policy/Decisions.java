package io.maestro.api.policy;

import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What the policy decided. A decision is written a moment after it is taken. Kept for 90 days. Blocks on the database; any
 * thread.
 */
@ProviderType
public interface Decisions {
    /** The newest first. */
    Page<Recorded> decisions(Filter filter, PageRequest page);

    /**
     * Why a decision was what it was.
     *
     * @param tenant whose it must be; null when it may be anybody's
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#DECISION_UNKNOWN}
     */
    Explanation explain(@Nullable TenantId tenant, UUID decision);

    /**
     * The same of all decisions that one request or execution led to, the first first.
     *
     * @param execution its correlation id
     */
    List<Explanation> explainAll(@Nullable TenantId tenant, String execution);

    /**
     * Which decisions.
     *
     * @param tenant whose; null for all
     * @param path an entry point's; null for all
     * @param outcome null for all
     * @param rule those for which this rule stands among the reasons; null for all
     * @param actor the principal's id; null for all
     * @param correlationId of one request; null for all
     */
    record Filter(
            @Nullable TenantId tenant,
            @Nullable EntryPoint path,
            @Nullable Outcome outcome,
            @Nullable String rule,
            @Nullable String actor,
            @Nullable String correlationId) {}

    /**
     * A decision as recorded.
     *
     * @param bundles the revisions of the packs that decided, by their names
     * @param input without what may not be shown; its places stand in {@code erased}
     * @param erased JSON pointers into the input
     * @param times how often it was given: the same allowed call again within a minute is not decided anew
     * @param nanos how long the policy took
     */
    record Recorded(
            UUID id,
            Instant at,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            EntryPoint path,
            String action,
            String actor,
            String correlationId,
            Outcome outcome,
            List<Reason> reasons,
            Map<String, String> bundles,
            Json input,
            List<String> erased,
            long times,
            long nanos) {
        /** Copies lists and map. */
        public Recorded {
            reasons = List.copyOf(reasons);
            bundles = Map.copyOf(bundles);
            erased = List.copyOf(erased);
        }
    }

    /**
     * Why.
     *
     * @param rules one for each reason, in its order
     * @param smallestChange the least that has to be different in the input for the answer to be yes: the values by JSON
     *     pointer, null for what is taken away; null when none is known, or when it was yes
     * @param whyNoChange why none is known; null when one is, or when it was yes
     */
    record Explanation(
            Recorded decision,
            List<Explained> rules,
            @Nullable Json smallestChange,
            @Nullable String whyNoChange) {
        /** Copies the list. */
        public Explanation {
            rules = List.copyOf(rules);
        }
    }

    /**
     * A reason and where it comes from.
     *
     * @param file null when the pack is no longer the one that decided
     * @param row 0 when the file is null
     * @param facts what the rule read of the input, by JSON pointer
     */
    record Explained(Reason reason, @Nullable String file, int row, Map<String, Json> facts) {
        /** Copies the map. */
        public Explained {
            facts = Map.copyOf(facts);
        }
    }
}
