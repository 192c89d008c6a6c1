package io.maestro.adapters;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How the calls into one instance went during the last hour. Each of the last minutes with calls has counts and a histogram of
 * fixed size, each of those before it three numbers, so an instance costs six kilobytes at most beside its last calls, and
 * nothing before its first. Counting takes no lock; it allocates once a minute. Any thread.
 */
final class CallHistory {
    /** The minutes whose histograms are kept, beside the one under way. */
    static final int MINUTES = 15;

    private static final int SLOTS = MINUTES + 1;
    private static final int OUTCOMES = Outcome.values().length;
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final InstanceHealth.Minute NO_CALLS = new InstanceHealth.Minute(0, 0, null);

    private final AtomicReferenceArray<@Nullable Minute> minutes = new AtomicReferenceArray<>(SLOTS);
    private final AtomicReferenceArray<@Nullable Past> past = new AtomicReferenceArray<>(InstanceHealth.MINUTES);
    private final RecentCalls recent;
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

    /** What is left of a minute whose slot a later one has taken. */
    private record Past(long number, int requests, int errors, long p95) {
        static Past of(Minute minute) {
            Window all = Window.of(minute);
            return new Past(minute.number, (int) all.requests(), (int) all.errors(), all.quantile(0.95));
        }

        /** A slot that was not needed for long may give up a minute only after another one of the same place. */
        static Past later(@Nullable Past kept, @Nullable Past given) {
            Past fresh = Objects.requireNonNull(given);
            return kept != null && kept.number > fresh.number ? kept : fresh;
        }
    }

    /** An empty one that keeps this many calls. */
    CallHistory(int calls) {
        recent = new RecentCalls(calls);
    }

    /** The last calls one by one. */
    RecentCalls recent() {
        return recent;
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
        Window window = Window.empty();
        for (int i = 0; i < SLOTS; i++) {
            Minute minute = minutes.get(i);
            if (minute == null || minute.number > newest || newest - minute.number > last) {
                continue;
            }
            window.add(minute);
        }
        return window;
    }

    /** The last hour minute by minute, the oldest first and the one under way last. */
    List<InstanceHealth.Minute> series(long now) {
        long newest = number(now);
        List<InstanceHealth.Minute> series = new ArrayList<>(InstanceHealth.MINUTES);
        for (long number = newest - InstanceHealth.MINUTES + 1; number <= newest; number++) {
            series.add(at(number));
        }
        return series;
    }

    /** How long ago the minute under way began. */
    static long sinceMinute(long now) {
        return Math.floorMod(now, MINUTE_NANOS);
    }

    private InstanceHealth.Minute at(long number) {
        Minute minute = minutes.get(slot(number, SLOTS));
        Past over = minute != null && minute.number == number
                ? Past.of(minute)
                : past.get(slot(number, InstanceHealth.MINUTES));
        return over == null || over.number != number
                ? NO_CALLS
                : new InstanceHealth.Minute(over.requests, over.errors, Latencies.millis(over.p95));
    }

    /** What was counted in some time. */
    @SuppressWarnings({"EnumOrdinal", "ArrayRecordComponent"}) // as above; made to be looked at once
    record Window(long[] counts, long[] histogram) {
        private static Window empty() {
            return new Window(new long[OUTCOMES], new long[Latencies.BUCKETS]);
        }

        private static Window of(Minute minute) {
            Window window = empty();
            window.add(minute);
            return window;
        }

        private void add(Minute minute) {
            for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                counts[outcome] += minute.cells.get(outcome);
            }
            for (int bucket = 0; bucket < Latencies.BUCKETS; bucket++) {
                histogram[bucket] += minute.cells.get(OUTCOMES + bucket);
            }
        }

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
            long all = 0;
            for (Outcome outcome : Outcome.values()) {
                all += outcome.isError() ? of(outcome) : 0;
            }
            return all;
        }

        /** So many nanoseconds or less took this share of the calls; -1 without calls. */
        long quantile(double share) {
            return Latencies.quantile(histogram, share);
        }
    }

    private Minute minute(long now) {
        long number = number(now);
        int slot = slot(number, SLOTS);
        Minute present = minutes.get(slot);
        if (present != null && present.number >= number) {
            // a call that ended on the brink may find the slot of its minute taken over: it counts in the later one
            return present;
        }
        if (present != null) {
            // before it is let go, lest whoever looks finds it nowhere; several at once keep the same
            past.accumulateAndGet(slot(present.number, InstanceHealth.MINUTES), Past.of(present), Past::later);
        }
        Minute fresh = new Minute(number);
        Minute witness = minutes.compareAndExchange(slot, present, fresh);
        return witness == present ? fresh : Objects.requireNonNullElse(witness, fresh);
    }

    private static int slot(long number, int slots) {
        return (int) Math.floorMod(number, (long) slots);
    }

    private static long number(long nanos) {
        return Math.floorDiv(nanos, MINUTE_NANOS);
    }
}
