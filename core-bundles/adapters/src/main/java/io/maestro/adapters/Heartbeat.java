package io.maestro.adapters;

import io.maestro.api.telemetry.Metrics;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says to the others on the database that this node is there. A node that does not reach the database says nothing, and
 * what it has open counts as unknown after a while. One virtual thread.
 */
final class Heartbeat {
    private static final System.Logger LOG = System.getLogger(Heartbeat.class.getName());
    private static final int BEATS_BETWEEN_COUNTS = 6;

    private final JooqNodes nodes;
    private final JooqDrifts drifts;
    private final Metrics metrics;
    private final Duration interval;
    private final Duration silence;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("adapter-heartbeat").unstarted(this::run);
    private volatile long drifting;
    private volatile boolean heard;
    private volatile long heardAt;
    private Metrics.@Nullable Gauge gauge;

    /** Says it every {@code interval}; after {@code silence} without that, the others believe nothing of this node any more. */
    Heartbeat(JooqNodes nodes, JooqDrifts drifts, Metrics metrics, Duration interval, Duration silence) {
        this.nodes = nodes;
        this.drifts = drifts;
        this.metrics = metrics;
        this.interval = interval;
        this.silence = silence;
    }

    /** Joins, and says so again and again. Blocks on the database. */
    void start() {
        nodes.join();
        heard();
        gauge = metrics.gauge(
                "mc_drifting_instances",
                "Instances on nodes where they are not as they should be, all nodes on the database together.",
                // what nobody could look at is not known, and neither is that nothing drifts
                () -> unready().isEmpty() ? drifting : Double.NaN);
        thread.start();
    }

    /** Why this node cannot say what it should have open: the database has not heard of it for too long. */
    Optional<String> unready() {
        Duration ago = Duration.ofNanos(System.nanoTime() - heardAt);
        return ago.compareTo(silence) <= 0
                ? Optional.empty()
                : Optional.of("the database has not been reached for " + ago.toSeconds()
                        + " seconds: what is open here may not be what is wanted");
    }

    private void heard() {
        heardAt = System.nanoTime();
        heard = true;
    }

    /** Leaves, if the database can be told. */
    void stop() {
        stopped.countDown();
        thread.interrupt();
        Metrics.Gauge shown = gauge;
        if (shown != null) {
            shown.close();
        }
        if (heard) {
            try {
                nodes.leave();
            } catch (RuntimeException e) {
                LOG.log(Level.INFO, "the other nodes cannot be told that this one ends; they find out", e);
            }
        }
    }

    private void run() {
        try {
            for (int beat = 1; !stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS); beat++) {
                try {
                    if (!nodes.beat()) {
                        nodes.join();
                    }
                    heard();
                    if (beat % BEATS_BETWEEN_COUNTS == 0) {
                        nodes.forgetLost();
                        drifting = drifts.count();
                    }
                } catch (RuntimeException e) {
                    heard = false;
                    LOG.log(Level.DEBUG, "the database cannot be told that this node is there", e);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
