package io.maestro.api.telemetry;

import java.io.IOException;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Counts and measures what this node does, for {@code GET /api/metrics}. A metric has a name that begins with {@code mc_}
 * and always the same tags; its values for certain values of the tags are a series. Memory is bounded whoever names the
 * tags: beyond so many series of a metric, all further ones are one, whose tags all have the value {@value #OTHER}.
 *
 * <p>Asking for a meter costs a look-up, using it neither lock nor allocation: keep it where calls are many. Never blocks;
 * any thread. Asking for a name again with another kind or other tags is a fault of the caller and throws
 * {@link IllegalArgumentException}.
 */
@ProviderType
public interface Metrics {
    /** How many series a counter or a gauge may have. */
    int SERIES = 10_000;

    /** How many series a timer may have; each is as large as a dozen of the others. */
    int TIMER_SERIES = 1_000;

    /** The value of all tags of the series that stands for those beyond the limit. */
    String OTHER = "other";

    /** Keeps nothing: for tests, and for parts that are run without a node. */
    Metrics NONE = new NoMetrics();

    /**
     * The counter of this series.
     *
     * @param name ends with {@code _total}
     * @param help what it counts, one sentence
     * @param tags names and values in turn
     */
    Counter counter(String name, String help, String... tags);

    /**
     * The timer of this series.
     *
     * @param name ends with {@code _seconds}
     * @param help what it measures, one sentence
     * @param tags names and values in turn
     */
    Timer timer(String name, String help, String... tags);

    /**
     * Asks {@code value} whenever somebody looks, until the gauge is closed. It takes the place of the gauge that this
     * series had before. Beyond the limit it is not shown: what cannot be added up has no rest.
     *
     * @param help what it shows, one sentence
     * @param value answers at once
     * @param tags names and values in turn
     */
    Gauge gauge(String name, String help, DoubleSupplier value, String... tags);

    /** Drops all series of all metrics that have each of these tags: what they told of is no more. */
    void forget(String... tags);

    /** Writes these values in this format. */
    void write(Appendable out, Format format, Selection selection) throws IOException;

    /**
     * Which values are written.
     *
     * @param names of which metrics; empty for all. What has none of them is not looked at
     * @param summed whether all series of a metric are written as one that has no tags
     */
    record Selection(Set<String> names, boolean summed) {
        /** All, as they are. */
        public static final Selection ALL = new Selection(Set.of(), false);

        /** Copies the set. */
        public Selection {
            names = Set.copyOf(names);
        }
    }

    /** How values are written. */
    enum Format {
        /** Prometheus' text format, version 0.0.4. */
        PROMETHEUS,
        /** OpenMetrics, version 1.0.0. */
        OPEN_METRICS
    }

    /** Goes up only. */
    @FunctionalInterface
    interface Counter {
        /** Adds a number that is not negative. */
        void add(long count);
    }

    /** How long things take. */
    @FunctionalInterface
    interface Timer {
        /** Adds one that took so long. */
        void record(long nanos);
    }

    /** Shown until it is closed; closing it again does nothing. */
    @FunctionalInterface
    interface Gauge extends AutoCloseable {
        @Override
        void close();
    }
}
