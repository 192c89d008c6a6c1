package io.maestro.telemetry;

import io.maestro.api.telemetry.Metrics;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** The values of one metric for certain values of its tags. Writing takes no lock; any thread. */
sealed interface Series {
    /** Counts. */
    final class Count implements Series, Metrics.Counter {
        private final LongAdder sum = new LongAdder();

        @Override
        public void add(long count) {
            // going down would look like a restart to whoever reads the series
            if (count > 0) {
                sum.add(count);
            }
        }

        long value() {
            return sum.sum();
        }
    }

    /** Counts what took up to so long. Single longs: adders for each bucket would cost a hundred times the memory. */
    final class Buckets implements Series, Metrics.Timer {
        /** From half a millisecond, below which the server's own share begins, to the longest usual deadline. */
        private static final long[] BOUNDS = {
            500_000L,
            1_000_000L,
            2_500_000L,
            5_000_000L,
            10_000_000L,
            25_000_000L,
            50_000_000L,
            100_000_000L,
            250_000_000L,
            500_000_000L,
            1_000_000_000L,
            2_500_000_000L,
            5_000_000_000L,
            10_000_000_000L,
            30_000_000_000L
        };

        /** The nanoseconds of all, then each bucket: side by side, so that a short call touches one line of the cache. */
        private final AtomicLongArray cells = new AtomicLongArray(1 + BOUNDS.length + 1);

        @Override
        public void record(long took) {
            int bucket = 0;
            while (bucket < BOUNDS.length && took > BOUNDS[bucket]) {
                bucket++;
            }
            cells.getAndAdd(0, Math.max(0, took));
            cells.getAndIncrement(1 + bucket);
        }

        /** Adds what others have counted. */
        void addAll(Buckets others) {
            for (int i = 0; i < cells.length(); i++) {
                cells.getAndAdd(i, others.cells.get(i));
            }
        }

        /** How many buckets have a bound; one more takes the rest. */
        static int bounds() {
            return BOUNDS.length;
        }

        /** The longest that falls into this bucket, in seconds. */
        static double bound(int bucket) {
            return seconds(BOUNDS[bucket]);
        }

        long count(int bucket) {
            return cells.get(1 + bucket);
        }

        double sum() {
            return seconds(cells.get(0));
        }

        private static double seconds(long nanos) {
            return (double) nanos / TimeUnit.SECONDS.toNanos(1);
        }
    }

    /** Asks. */
    record Asked(DoubleSupplier value) implements Series {}
}
