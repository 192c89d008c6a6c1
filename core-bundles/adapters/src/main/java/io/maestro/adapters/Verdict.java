package io.maestro.adapters;

import io.maestro.api.adapters.InstanceHealth.Breaker;
import io.maestro.api.adapters.InstanceHealth.BreakerState;
import io.maestro.api.adapters.InstanceHealth.Bulkhead;
import io.maestro.api.adapters.InstanceHealth.Probe;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.adapters.InstanceHealth.State;
import io.maestro.api.adapters.InstanceHealth.Window;
import io.maestro.api.adapters.Instances.Instance;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is, in a word and a sentence. The worst counts.
 *
 * @param reason null when it is healthy
 */
record Verdict(State state, @Nullable String reason) {
    /** So few calls tell nothing by their share of errors. */
    private static final int FEW = 10;

    private static final double MOST = 0.5;
    private static final double SOME = 0.05;
    private static final double NEARLY_FULL = 0.8;

    /** Judges by the last minutes. */
    static Verdict of(Instance instance, Breaker breaker, Bulkhead bulkhead, Probe probe, Window last) {
        return switch (instance.observed()) {
            case PENDING -> new Verdict(State.STARTING, "it is being opened");
            case STOPPED -> new Verdict(State.STOPPED, "it is stopped");
            case FAILED ->
                new Verdict(
                        State.FAILED,
                        instance.problem() == null
                                ? "it cannot run"
                                : instance.problem().detail());
            case RUNNING -> running(breaker, bulkhead, probe, last);
        };
    }

    private static Verdict running(Breaker breaker, Bulkhead bulkhead, Probe probe, Window last) {
        boolean enough = last.requests() >= FEW;
        if (breaker.state() == BreakerState.OPEN) {
            return new Verdict(State.FAILING, "it failed so often that calls are not let through");
        }
        if (probe.state() == ProbeState.DOWN) {
            return new Verdict(State.FAILING, probe.reason());
        }
        if (enough && last.errorRate() >= MOST) {
            return new Verdict(State.FAILING, errors(last));
        }
        if (breaker.state() == BreakerState.HALF_OPEN) {
            return new Verdict(State.DEGRADED, "it failed often; a few calls are let through to try");
        }
        if (probe.state() == ProbeState.DEGRADED) {
            return new Verdict(State.DEGRADED, probe.reason());
        }
        if (enough && last.errorRate() >= SOME) {
            return new Verdict(State.DEGRADED, errors(last));
        }
        if (bulkhead.running() >= NEARLY_FULL * bulkhead.limit()) {
            return new Verdict(
                    State.DEGRADED, bulkhead.running() + " of " + bulkhead.limit() + " possible calls are under way");
        }
        return new Verdict(State.HEALTHY, null);
    }

    private static String errors(Window last) {
        return last.errors() + " of " + last.requests() + " calls failed in the last " + last.minutes() + " minutes";
    }
}
