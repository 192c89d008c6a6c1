package io.maestro.policy;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Reason;
import io.maestro.api.telemetry.Metrics;
import java.util.EnumMap;
import java.util.Map;

/** How often what was decided, by which rule in which mode, and how long it took. */
final class PolicyMetrics {
    private final Metrics metrics;
    private final Map<EntryPoint, Metrics.Counter> allowed = new EnumMap<>(EntryPoint.class);
    private final Map<EntryPoint, Metrics.Timer> timers = new EnumMap<>(EntryPoint.class);
    private final Metrics.Counter shed;

    PolicyMetrics(Metrics metrics) {
        this.metrics = metrics;
        for (EntryPoint entryPoint : EntryPoint.values()) {
            allowed.put(entryPoint, decisions(entryPoint, Outcome.ALLOW));
            timers.put(
                    entryPoint,
                    metrics.timer(
                            "mc_policy_decision_seconds",
                            "How long decisions took that were not known already.",
                            "path",
                            entryPoint.path()));
        }
        shed = metrics.counter(
                "mc_policy_decisions_shed_total", "Decisions that were taken and could not be written down.");
    }

    private Metrics.Counter decisions(EntryPoint entryPoint, Outcome outcome) {
        return metrics.counter(
                "mc_policy_decisions_total",
                "What policies decided.",
                "path",
                entryPoint.path(),
                "outcome",
                ReasonText.word(outcome));
    }

    void decided(Decision decision, EntryPoint entryPoint, long nanos) {
        count(decision, entryPoint);
        timer(entryPoint).record(nanos);
    }

    /** The same decision was given again. */
    void again(Decision decision, EntryPoint entryPoint) {
        count(decision, entryPoint);
    }

    private void count(Decision decision, EntryPoint entryPoint) {
        Metrics.Counter usual = allowed.get(entryPoint);
        if (decision.allowed() && usual != null) {
            usual.add(1);
        } else {
            decisions(entryPoint, decision.outcome()).add(1);
        }
        for (Reason reason : decision.reasons()) {
            metrics.counter(
                            "mc_policy_rule_hits_total",
                            "How often rules had something against an act, by the mode that they were in.",
                            "rule",
                            label(reason),
                            "mode",
                            ReasonText.word(reason.mode()))
                    .add(1);
        }
    }

    /** Tenants name rules as they like, and each name would be a series of its own. */
    private static String label(Reason reason) {
        return reason.pack().startsWith("tenants/") ? "tenants" : reason.rule();
    }

    private Metrics.Timer timer(EntryPoint entryPoint) {
        Metrics.Timer timer = timers.get(entryPoint);
        return timer == null ? nanos -> {} : timer;
    }

    void shed(long count) {
        shed.add(count);
    }
}
