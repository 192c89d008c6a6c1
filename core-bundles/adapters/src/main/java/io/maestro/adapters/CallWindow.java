package io.maestro.adapters;

import io.maestro.api.adapters.InstanceHealth.Outcome;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What the calls of one version were like since it began to be watched. A call adds to a few numbers and takes no lock. Any
 * thread.
 */
final class CallWindow {
    /** Four per doubling of the time, from one microsecond to more than a minute. */
    private static final int BUCKETS = 4 * 28;

    private final int cold;
    private final AtomicLongArray outcomes = new AtomicLongArray(Outcome.values().length);
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong moved = new AtomicLong();
    private final AtomicLongArray buckets = new AtomicLongArray(BUCKETS);

    /** All calls are timed. */
    CallWindow() {
        this(0);
    }

    /**
     * The first calls are not timed, since they wait for what the process loads once.
     *
     * @param cold how many
     */
    CallWindow(int cold) {
        this.cold = cold;
    }

    /** A call that the adapter has had has ended. */
    @SuppressWarnings("EnumOrdinal") // a place in an array that lives no longer than this class
    void ended(Outcome outcome, long nanos) {
        outcomes.incrementAndGet(outcome.ordinal());
        if (cold == 0 || ended() > cold) {
            buckets.incrementAndGet(bucket(nanos));
        }
    }

    /** A call that the guard did not let through, or whose caller went away. */
    @SuppressWarnings("EnumOrdinal") // as above
    void without(Outcome outcome) {
        outcomes.incrementAndGet(outcome.ordinal());
    }

    /** A call that the guard let through. */
    void begun() {
        begun.incrementAndGet();
    }

    /** A call that runs has made progress. */
    void moved() {
        moved.incrementAndGet();
    }

    /** Changes whenever a call ends or makes progress. */
    long progress() {
        return ended() + moved.get();
    }

    /** How many calls have begun and not ended; streams that a call has given are none. */
    @SuppressWarnings("EnumOrdinal") // as above
    long running() {
        return begun.get() - ended();
    }

    /** How many calls have ended in any way since it is watched. */
    @SuppressWarnings("EnumOrdinal") // as above
    long ended() {
        long all = 0;
        for (int i = 0; i < outcomes.length(); i++) {
            all += i == Outcome.REFUSED.ordinal() ? 0 : outcomes.get(i);
        }
        return all;
    }

    /** What was counted up to now. */
    Counts counts() {
        long[] ended = new long[outcomes.length()];
        for (int i = 0; i < ended.length; i++) {
            ended[i] = outcomes.get(i);
        }
        long[] times = new long[BUCKETS];
        for (int i = 0; i < BUCKETS; i++) {
            times[i] = buckets.get(i);
        }
        return new Counts(ended, times);
    }

    private static int bucket(long nanos) {
        long micros = Math.max(1, nanos / 1000);
        int octave = 63 - Long.numberOfLeadingZeros(micros);
        int quarter = octave < 2 ? 0 : (int) (micros >>> (octave - 2)) & 3;
        return Math.min(BUCKETS - 1, octave * 4 + quarter);
    }

    /** The longest time that falls into the bucket, in nanoseconds. */
    private static long end(int bucket) {
        int octave = bucket / 4;
        int quarter = bucket % 4;
        return octave < 2
                ? (1L << (octave + 1)) * 1000
                : ((1L << octave) + (quarter + 1L) * (1L << (octave - 2))) * 1000;
    }

    /** Numbers as of one moment. */
    static final class Counts {
        private final long[] outcomes;
        private final long[] times;

        private Counts(long[] outcomes, long[] times) {
            this.outcomes = outcomes;
            this.times = times;
        }

        static Counts none() {
            return new Counts(new long[Outcome.values().length], new long[BUCKETS]);
        }

        /** These and those. */
        Counts plus(Counts other) {
            return new Counts(sum(outcomes, other.outcomes, 1), sum(times, other.times, 1));
        }

        /** These without those, which were counted before. */
        Counts minus(Counts earlier) {
            return new Counts(sum(outcomes, earlier.outcomes, -1), sum(times, earlier.times, -1));
        }

        private static long[] sum(long[] some, long[] others, int sign) {
            long[] sum = some.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += sign * others[i];
            }
            return sum;
        }

        /** Calls that reached the adapter. */
        long calls() {
            return of(Outcome.OK) + of(Outcome.REJECTED) + of(Outcome.FAILED) + of(Outcome.LATE);
        }

        long failed() {
            return of(Outcome.FAILED) + of(Outcome.LATE);
        }

        long rejected() {
            return of(Outcome.REJECTED);
        }

        long refused() {
            return of(Outcome.REFUSED);
        }

        @SuppressWarnings("EnumOrdinal") // as above
        private long of(Outcome outcome) {
            return outcomes[outcome.ordinal()];
        }

        /** How long the call at this place of all calls took, in nanoseconds; 0 without calls. */
        long percentile(double share) {
            long all = 0;
            for (long count : times) {
                all += count;
            }
            long wanted = (long) Math.ceil(all * share);
            long seen = 0;
            for (int bucket = 0; bucket < times.length; bucket++) {
                seen += times[bucket];
                if (seen >= wanted && seen > 0) {
                    return end(bucket);
                }
            }
            return 0;
        }

        /** How many calls certainly took longer. */
        long longerThan(long nanos) {
            long longer = 0;
            for (int bucket = bucket(nanos) + 1; bucket < times.length; bucket++) {
                longer += times[bucket];
            }
            return longer;
        }
    }
}
