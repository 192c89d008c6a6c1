package io.maestro.policy;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.PolicyInput;
import io.maestro.rego.value.ObjectValue;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Writes decisions in batches, off the way of whoever asked. When they come faster than they can be written, those that
 * find no place are counted as shed. The same thread looks for changes of other nodes, and takes away what is old.
 * Nothing starts it again, so it outlives errors too: a pack that is too deep for the stack must not keep the node on old
 * policies for good.
 */
final class Recorder implements AutoCloseable {
    /** How long decisions are kept. */
    static final Duration KEPT = Duration.ofDays(90);

    private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

    private final JooqDecisions rows;
    private final PolicyMetrics metrics;
    private final InstantSource clock;
    private final Pace pace;
    private final BlockingQueue<Optional<Taken>> waiting;
    private final Semaphore ending = new Semaphore(0);
    private final AtomicBoolean started = new AtomicBoolean();
    private final List<Taken> batch = new ArrayList<>();
    private final Map<UUID, Long> again = new HashMap<>();
    private volatile boolean ended;
    private volatile @Nullable Thread thread;
    private volatile @Nullable ActivePolicies policies;
    private boolean failing;
    private long lookedAt;
    private long sweptAt;

    /**
     * How it goes.
     *
     * @param room how many decisions may wait
     * @param gather how long the first waits for others
     * @param batch how many are written at once
     * @param look how often changes of others are looked for
     * @param sweep how often old decisions are taken away
     */
    record Pace(int room, Duration gather, int batch, Duration look, Duration sweep) {
        static final Pace USUAL =
                new Pace(20_000, Duration.ofMillis(100), 500, Duration.ofSeconds(2), Duration.ofMinutes(10));
    }

    /**
     * A decision that was taken.
     *
     * @param bundles the revisions that had a say, by pack
     */
    record Taken(
            Decision decision,
            Instant at,
            PolicyInput input,
            ObjectValue document,
            Map<String, String> bundles,
            long nanos) {}

    Recorder(JooqDecisions rows, PolicyMetrics metrics, InstantSource clock, Pace pace) {
        this.rows = rows;
        this.metrics = metrics;
        this.clock = clock;
        this.pace = pace;
        this.waiting = new ArrayBlockingQueue<>(pace.room());
        this.lookedAt = System.nanoTime();
        this.sweptAt = lookedAt - pace.sweep().toNanos();
    }

    /** Tells whose changes to look for, and whose repeated decisions to count. */
    void watch(ActivePolicies watched) {
        policies = watched;
    }

    /** Takes a decision to be written; never waits. */
    void record(Taken taken) {
        if (ended || !waiting.offer(Optional.of(taken))) {
            metrics.shed(1);
        }
        if (!started.get() && started.compareAndSet(false, true)) {
            thread = Thread.ofPlatform().name("policy-decisions").daemon().start(this::run);
        }
    }

    private void run() {
        try {
            while (!ended) {
                Optional<Taken> first = waiting.poll(pace.look().toMillis(), TimeUnit.MILLISECONDS);
                if (first != null) {
                    first.ifPresent(batch::add);
                    // the first waits for others
                    ending.tryAcquire(pace.gather().toMillis(), TimeUnit.MILLISECONDS);
                }
                turn();
            }
            write();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void turn() throws InterruptedException {
        boolean written = write();
        long now = System.nanoTime();
        if (now - lookedAt >= pace.look().toNanos()) {
            look();
            lookedAt = now;
        }
        if (now - sweptAt >= pace.sweep().toNanos()) {
            sweptAt = sweep() ? now : sweptAt;
        }
        if (!written) {
            // those that come meanwhile wait as long as there is room
            ending.tryAcquire(pace.look().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Writes all that waits; false when it cannot be written now, and then the batch is kept. */
    private boolean write() {
        try {
            collectAgain();
            do {
                List<Optional<Taken>> more = new ArrayList<>();
                waiting.drainTo(more, pace.batch() - batch.size());
                more.forEach(one -> one.ifPresent(batch::add));
                if (!batch.isEmpty() || !again.isEmpty()) {
                    rows.insert(batch, again);
                    batch.clear();
                    again.clear();
                }
            } while (!waiting.isEmpty());
            failing = false;
            return true;
        } catch (RuntimeException | Error e) {
            LOG.log(failing ? Level.DEBUG : Level.WARNING, "decisions cannot be written down now", e);
            failing = true;
            return false;
        }
    }

    private void collectAgain() {
        ActivePolicies watched = policies;
        if (watched != null) {
            for (Memo memo : watched.memos()) {
                memo.drain(System.nanoTime()).forEach((id, times) -> again.merge(id, times, Long::sum));
            }
        }
    }

    private void look() {
        ActivePolicies watched = policies;
        try {
            if (watched != null) {
                watched.refresh();
            }
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "changed policies cannot be taken up; those that decided go on deciding", e);
        }
    }

    /** Takes away some of what is old; true when nothing is left of it. */
    private boolean sweep() {
        try {
            return rows.sweep(clock.instant().minus(KEPT));
        } catch (RuntimeException | Error e) {
            LOG.log(Level.DEBUG, "old decisions stay for now", e);
            return true;
        }
    }

    /** Writes what waits, and stops. What cannot be written within a while is counted as shed. */
    @Override
    public void close() {
        ended = true;
        ending.release();
        waiting.offer(Optional.empty());
        Thread running = thread;
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(20));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        long left = waiting.stream().filter(Optional::isPresent).count();
        if (left > 0) {
            metrics.shed(left);
            LOG.log(Level.WARNING, left + " decisions were not written down");
        }
    }
}
