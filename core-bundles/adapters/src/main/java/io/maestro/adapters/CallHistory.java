package io.maestro.adapters;

import io.maestro.adapters.CallMeter.Outcome;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How the calls into one instance went during the last quarter of an hour. Each minute with calls has counts and a histogram
 * of fixed size, so an instance costs four kilobytes at most, and nothing before its first call. Counting takes no lock; it
 * allocates once a minute. Any thread.
 */
final class CallHistory {
    /** The minutes that are kept, and the one under way. */
    static final int MINUTES = 15;

    private static final int SLOTS = MINUTES + 1;
    private static final int OUTCOMES = Outcome.values().length;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final AtomicReferenceArray<@Nullable Minute> minutes = new AtomicReferenceArray<>(SLOTS);
    private volatile @Nullable Failure lastFailure;

    // written plainly by whoever calls: one of several at the same moment may win
    private volatile long lastSuccessNanos = Long.MIN_VALUE;

    /** A minute's counts: outcomes first, then the histogram. */
    private static final class Minute {
        final long number;
        final AtomicIntegerArray cells = new AtomicIntegerArray(OUTCOMES + Latencies.BUCKETS);

        Minute(long number) {
            this.number = number;
        }
    }

    /**
     * The last call that failed.
     *
     * @param code of its problem
     */
    record Failure(Instant at, String code) {}

    /** A call ended. */
    @SuppressWarnings("EnumOrdinal") // a place in an array that lives no longer than this class
    void count(Outcome outcome, long now) {
        minute(now).cells.getAndIncrement(outcome.ordinal());
        if (outcome == Outcome.OK) {
            lastSuccessNanos = now;
        }
    }

    /** A call that the adapter has had ended after so long. */
    @SuppressWarnings("EnumOrdinal") // as above
    void count(Outcome outcome, long took, long now) {
        Minute minute = minute(now);
        minute.cells.getAndIncrement(outcome.ordinal());
        minute.cells.getAndIncrement(OUTCOMES + Latencies.bucket(took));
        if (outcome == Outcome.OK) {
            lastSuccessNanos = now;
        }
    }

    /** A call failed with this code. */
    void failed(Instant at, String code) {
        lastFailure = new Failure(at, code);
    }

    @Nullable
    Failure lastFailure() {
        return lastFailure;
    }

    /** How long ago a call succeeded last; negative when none has. */
    long sinceSuccess(long now) {
        long last = lastSuccessNanos;
        return last == Long.MIN_VALUE ? -1 : Math.max(0, now - last);
    }

    /** The counts of the last minutes, the one under way included. */
    Window window(int last, long now) {
        long newest = number(now);
        long[] counts = new long[OUTCOMES];
        long[] histogram = new long[Latencies.BUCKETS];
        for (int i = 0; i < SLOTS; i++) {
            Minute minute = minutes.get(i);
            if (minute == null || minute.number > newest || newest - minute.number > last) {
                continue;
            }
            for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                counts[outcome] += minute.cells.get(outcome);
            }
            for (int bucket = 0; bucket < Latencies.BUCKETS; bucket++) {
                histogram[bucket] += minute.cells.get(OUTCOMES + bucket);
            }
        }
        return new Window(counts, histogram);
    }

    /** What was counted in some time. */
    @SuppressWarnings({"EnumOrdinal", "ArrayRecordComponent"}) // as above; made to be looked at once
    record Window(long[] counts, long[] histogram) {
        long of(Outcome outcome) {
            return counts[outcome.ordinal()];
        }

        /** All but those that nobody waited for. */
        long requests() {
            long all = 0;
            for (Outcome outcome : Outcome.values()) {
                all += outcome == Outcome.CANCELLED ? 0 : of(outcome);
            }
            return all;
        }

        /** Those that did not succeed for a reason that is not their caller's. */
        long errors() {
            return of(Outcome.FAILED) + of(Outcome.LATE) + of(Outcome.REFUSED);
        }

        /** So many nanoseconds or less took this share of the calls; -1 without calls. */
        long quantile(double share) {
            return Latencies.quantile(histogram, share);
        }
    }

    private Minute minute(long now) {
        long number = number(now);
        int slot = (int) Math.floorMod(number, (long) SLOTS);
        Minute present = minutes.get(slot);
        if (present != null && present.number >= number) {
            // a call that ended on the brink may find the slot of its minute taken over: it counts in the later one
            return present;
        }
        Minute fresh = new Minute(number);
        Minute witness = minutes.compareAndExchange(slot, present, fresh);
        return witness == present ? fresh : Objects.requireNonNullElse(witness, fresh);
    }

    private static long number(long nanos) {
        return Math.floorDiv(nanos, MINUTE_NANOS);
    }
}
