package io.maestro.api.policy;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the policy says.
 *
 * @param id names it for ever; in the order of time
 * @param outcome how it ended
 * @param reasons what rules have against it, the most serious first, those in shadow mode included
 * @param approval the approval without which it would not be allowed, and which the act uses up; null when it needs none
 */
public record Decision(
        UUID id,
        Outcome outcome,
        List<Reason> reasons,
        @Nullable UUID approval) {
    /** A decision that needs no approval. */
    public Decision(UUID id, Outcome outcome, List<Reason> reasons) {
        this(id, outcome, reasons, null);
    }

    /** Copies the list. */
    public Decision {
        reasons = List.copyOf(reasons);
    }

    /** Whether it may be done. */
    public boolean allowed() {
        return outcome == Outcome.ALLOW;
    }

    /** What the caller of an allowed act is warned of. */
    public List<Reason> warnings() {
        return reasons.stream().filter(reason -> reason.mode() == Mode.WARN).toList();
    }
}
