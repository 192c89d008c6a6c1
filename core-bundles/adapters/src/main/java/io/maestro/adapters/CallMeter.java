package io.maestro.adapters;

import io.maestro.api.adapters.InstanceHealth.Outcome;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Metrics.Counter;
import io.maestro.api.telemetry.Metrics.Timer;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times the calls into one instance. Its meters are asked for when the first call needs them and kept, so that an
 * instance that is never called has none, and a call takes neither lock nor allocation here. Any thread.
 */
final class CallMeter {
    private final Metrics metrics;
    private final InstanceKey key;
    private final CallHistories histories;

    // read and written plainly: threads that race are given the same meters, which are immutable to look at
    private final AtomicReferenceArray<@Nullable Counter> counters =
            new AtomicReferenceArray<>(Outcome.values().length);
    private @Nullable Timer timer;
    private @Nullable CallHistory history;

    /** Counts what a rollout looks at; null, as nearly always, when there is none. */
    private volatile @Nullable CallWindow window;

    CallMeter(Metrics metrics, InstanceKey key, CallHistories histories) {
        this.metrics = metrics;
        this.key = key;
        this.histories = histories;
    }

    /** Counts into this window as well from now on; null for no window. */
    void watch(@Nullable CallWindow wanted) {
        window = wanted;
    }

    /** A call has been let through; one of the others follows. */
    void begun() {
        CallWindow watching = window;
        if (watching != null) {
            watching.begun();
        }
    }

    /** A call that has been let through has made progress: some of its stream has passed. */
    void moved() {
        CallWindow watching = window;
        if (watching != null) {
            watching.moved();
        }
    }

    /** A call that the adapter has had, or has, for so long. */
    void ended(Outcome outcome, long nanos, long now) {
        counter(outcome).add(1);
        history().count(outcome, nanos, now);
        CallWindow watching = window;
        if (watching != null) {
            watching.ended(outcome, nanos);
        }
        Timer present = timer;
        if (present == null) {
            present = metrics.timer(
                    "mc_adapter_call_seconds",
                    "How long calls into adapters take, those included that end late.",
                    "tenant",
                    key.scope().tenant().value(),
                    "environment",
                    key.scope().environment().value(),
                    "instance",
                    key.instance().value());
            timer = present;
        }
        present.record(nanos);
    }

    /** A call whose time says nothing about the adapter. */
    void count(Outcome outcome) {
        counter(outcome).add(1);
        history().count(outcome, System.nanoTime());
        CallWindow watching = window;
        if (watching != null) {
            watching.without(outcome);
        }
    }

    /** A call was made once more, so often by now, with this end. Rare, so its meters are looked up. */
    void repeated(int tries, boolean succeeded) {
        metrics.counter(
                        "mc_adapter_call_retries_total",
                        "Calls into adapters that were made again, by which try it was and how it ended.",
                        "tenant",
                        key.scope().tenant().value(),
                        "environment",
                        key.scope().environment().value(),
                        "instance",
                        key.instance().value(),
                        "try",
                        Integer.toString(tries),
                        "outcome",
                        succeeded ? "ok" : "failed")
                .add(1);
    }

    /** Why a call failed, beside that it did. */
    void failed(Instant at, String code) {
        history().failed(at, code);
    }

    /** How a call went that has been counted, for who looks at single calls. */
    void keep(RecentCalls.Ended call) {
        history().recent().add(call);
    }

    private CallHistory history() {
        CallHistory present = history;
        if (present == null) {
            present = histories.of(key);
            history = present;
        }
        return present;
    }

    @SuppressWarnings("EnumOrdinal") // a place in an array that lives no longer than this class
    private Counter counter(Outcome outcome) {
        Counter present = counters.getPlain(outcome.ordinal());
        if (present == null) {
            present = metrics.counter(
                    "mc_adapter_calls_total",
                    "Calls into adapters, by how they ended.",
                    "tenant",
                    key.scope().tenant().value(),
                    "environment",
                    key.scope().environment().value(),
                    "instance",
                    key.instance().value(),
                    "outcome",
                    outcome.name().toLowerCase(Locale.ROOT));
            counters.setPlain(outcome.ordinal(), present);
        }
        return present;
    }
}
