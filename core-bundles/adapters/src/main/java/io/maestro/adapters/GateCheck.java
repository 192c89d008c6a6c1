package io.maestro.adapters;

import io.maestro.adapters.CallWindow.Counts;
import io.maestro.api.adapters.Rollouts.Gates;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares what a new version does with what the old one does at the same time. Says only what chance does not explain:
 * with few calls, a difference must be large.
 */
final class GateCheck {
    /** How many standard errors a difference must be beyond its limit: one in about 700 comparisons would by chance. */
    private static final double CERTAIN = 3.0;

    /** Below this, no number of calls says anything. */
    private static final int FEWEST = 5;

    private final Gates gates;

    GateCheck(Gates gates) {
        this.gates = gates;
    }

    /**
     * A gate that was breached.
     *
     * @param gate its name
     * @param old what the old version does
     * @param fresh what the new one does
     * @param limit what it may do
     * @param calls of the new version that this was seen in
     */
    record Breach(String gate, double old, double fresh, double limit, long calls) {
        String sentence() {
            return String.format(
                    Locale.ROOT,
                    "%s of the new version is %.4f, of the old one %.4f, and may be %.4f; seen in %d calls",
                    gate,
                    fresh,
                    old,
                    limit,
                    calls);
        }
    }

    /** The first gate that is breached. */
    Optional<Breach> check(Counts old, Counts fresh, long compared, long different) {
        return share("errors", old.failed(), old.calls(), fresh.failed(), fresh.calls(), gates.errors())
                .or(() -> share(
                        "rejections", old.rejected(), old.calls(), fresh.rejected(), fresh.calls(), gates.errors()))
                .or(() -> share(
                        "refusals",
                        old.refused(),
                        old.refused() + old.calls(),
                        fresh.refused(),
                        fresh.refused() + fresh.calls(),
                        gates.refusals()))
                .or(() -> latency(old, fresh))
                .or(() -> differences(compared, different));
    }

    private Optional<Breach> share(
            String gate, long oldHits, long oldCalls, long freshHits, long freshCalls, double allowed) {
        if (freshCalls < Math.max(FEWEST, gates.samples())) {
            return Optional.empty();
        }
        double before = oldCalls == 0 ? 0 : (double) oldHits / oldCalls;
        double after = (double) freshHits / freshCalls;
        double error = Math.sqrt(variance(before, oldCalls) + variance(after, freshCalls));
        return after - before - allowed > CERTAIN * error
                ? Optional.of(new Breach(gate, before, after, before + allowed, freshCalls))
                : Optional.empty();
    }

    private static double variance(double share, long calls) {
        return calls == 0 ? 0 : share * (1 - share) / calls;
    }

    /** More calls beyond the limit than so high a percentile allows, and more than chance explains. */
    private Optional<Breach> latency(Counts old, Counts fresh) {
        long few = Math.max(FEWEST, gates.samples());
        if (old.calls() < few || fresh.calls() < few) {
            return Optional.empty();
        }
        long before = old.percentile(gates.percentile());
        long limit = limit(before);
        long after = fresh.percentile(gates.percentile());
        double beyond = (double) fresh.longerThan(limit) / fresh.calls();
        double allowed = 1 - gates.percentile();
        double error = Math.sqrt(variance(allowed, fresh.calls()));
        return after > limit && beyond - allowed > CERTAIN * error
                ? Optional.of(new Breach("latency", seconds(before), seconds(after), seconds(limit), fresh.calls()))
                : Optional.empty();
    }

    /** How long a call of the new version may take when one of the old version takes so long, in nanoseconds. */
    long limit(long usual) {
        return (long) (usual * gates.slowdown()) + gates.slack().toNanos();
    }

    static double seconds(long nanos) {
        return nanos / 1e9;
    }

    private Optional<Breach> differences(long compared, long different) {
        if (compared < FEWEST) {
            return Optional.empty();
        }
        double share = (double) different / compared;
        return share - gates.differences() > CERTAIN * Math.sqrt(variance(share, compared))
                ? Optional.of(new Breach("differences", 0, share, gates.differences(), compared))
                : Optional.empty();
    }
}
