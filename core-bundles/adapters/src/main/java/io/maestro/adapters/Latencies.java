package io.maestro.adapters;

import org.jspecify.annotations.Nullable;

/**
 * A histogram of times whose buckets grow by half an octave each, from 65 microseconds to two minutes: a quantile is off by
 * half at most, whatever the times are.
 */
final class Latencies {
    /** How many buckets there are; the last takes the rest. */
    static final int BUCKETS = 43;

    /** Times are told apart in units of 2^15 nanoseconds; below two of them all are the same. */
    private static final int UNIT = 15;

    private static final double NANOS_PER_MILLI = 1e6;

    private Latencies() {}

    /** The bucket of a time in nanoseconds. */
    static int bucket(long nanos) {
        long units = nanos >> UNIT;
        if (units < 2) {
            return 0;
        }
        int octave = Long.SIZE - 1 - Long.numberOfLeadingZeros(units);
        int half = (int) (units >> (octave - 1)) & 1;
        return Math.min(2 * octave - 1 + half, BUCKETS - 1);
    }

    /** Where a bucket begins, in nanoseconds. */
    static long begin(int bucket) {
        if (bucket == 0) {
            return 0;
        }
        int octave = (bucket + 1) / 2;
        long half = bucket % 2 == 0 ? 1L << (octave - 1) : 0;
        return ((1L << octave) + half) << UNIT;
    }

    /** The same in milliseconds, to two places; null when it is negative. */
    static @Nullable Double millis(long nanos) {
        return nanos < 0 ? null : Math.round(nanos / NANOS_PER_MILLI * 100) / 100.0;
    }

    /** So many nanoseconds or less took this share of what was counted; -1 when nothing was. */
    static long quantile(long[] histogram, double share) {
        long all = 0;
        for (long count : histogram) {
            all += count;
        }
        if (all == 0) {
            return -1;
        }
        double wanted = share * all;
        double below = 0;
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            long count = histogram[bucket];
            if (count > 0 && below + count >= wanted) {
                long begin = begin(bucket);
                long end = bucket == BUCKETS - 1 ? begin : begin(bucket + 1);
                return begin + (long) ((end - begin) * ((wanted - below) / count));
            }
            below += count;
        }
        return begin(BUCKETS - 1);
    }
}
