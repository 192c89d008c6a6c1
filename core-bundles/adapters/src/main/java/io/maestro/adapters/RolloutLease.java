package io.maestro.adapters;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Keeps the lease of one rollout for as long as this node runs it, whatever the run itself is waiting for, and knows when it
 * is lost or the rollout is to end. Platform threads of its own talk to the database: one keeps the lease, and one asks for the run,
 * so that neither a database that hangs nor a question that takes long holds up anything else. Any thread asks.
 */
final class RolloutLease implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(RolloutLease.class.getName());

    /** How long a node may be silent before another one takes over. */
    static final Duration LENGTH = Duration.ofSeconds(15);

    private static final Duration BEAT = Duration.ofSeconds(1);

    /** Not renewed for so long, it is given up before another node can have it. */
    private static final Duration TRUST = LENGTH.minusSeconds(3);

    private final JooqRollouts rows;
    private final UUID id;
    private final ScheduledExecutorService beats;
    private final ExecutorService questions;
    private volatile long renewed = System.nanoTime();
    private volatile boolean lost;
    private volatile boolean cancelled;

    /** Begins to renew the lease, which this node has. */
    RolloutLease(JooqRollouts rows, UUID id) {
        this.rows = rows;
        this.id = id;
        this.questions = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("rollout-asks-" + id).factory());
        this.beats = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("rollout-lease-" + id).factory());
        var _ = beats.scheduleWithFixedDelay(this::beat, 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void beat() {
        if (isLost()) {
            return;
        }
        try {
            long now = System.nanoTime();
            if (!rows.lease(id, LENGTH)) {
                lost = true;
            } else if (!isLost()) {
                renewed = now;
                cancelled = cancelled || rows.cancelled(id);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "the lease of rollout " + id + " cannot be renewed now", e);
        }
    }

    /**
     * Asks the database, one question after the other.
     *
     * @param question blocks on the database, and on nothing else
     * @throws java.util.concurrent.RejectedExecutionException when the lease is closed
     */
    <T> Future<T> ask(Callable<T> question) {
        return questions.submit(question);
    }

    /** Whether another node has it, or may have it in a moment; once lost it stays so, whatever the database says later. */
    boolean isLost() {
        if (!lost && System.nanoTime() - renewed > TRUST.toNanos()) {
            lost = true;
        }
        return lost;
    }

    /** Whether somebody wants the rollout to end. */
    boolean isCancelled() {
        return cancelled;
    }

    /** Renews it no more; what is being asked is not waited for. */
    @Override
    public void close() {
        beats.shutdownNow();
        questions.shutdownNow();
    }
}
