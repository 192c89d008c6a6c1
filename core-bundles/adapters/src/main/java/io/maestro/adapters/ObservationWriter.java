package io.maestro.adapters;

import io.maestro.adapters.Observations.Observation;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes observations to the database, behind the reconciler's back so that it never waits for that. Of several changes
 * in a row only the last is written.
 */
final class ObservationWriter {
    private static final System.Logger LOG = System.getLogger(ObservationWriter.class.getName());
    private static final long PAUSE_MILLIS = 2_000;

    private final JooqObservations rows;
    private final Observations observations;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<InstanceKey> waiting = new LinkedHashSet<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofVirtual().name("adapter-observations").unstarted(this::run);

    ObservationWriter(JooqObservations rows, Observations observations) {
        this.rows = rows;
        this.observations = observations;
    }

    void start() {
        thread.start();
    }

    void stop() {
        stopped.countDown();
        thread.interrupt();
    }

    /** What is observed of this instance has changed. */
    void changed(InstanceKey key) {
        lock.lock();
        try {
            waiting.add(key);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                InstanceKey key = next();
                try {
                    write(key);
                } catch (RuntimeException e) {
                    key.log(LOG).log(Level.DEBUG, "what is observed of " + key + " is written later", e);
                    changed(key);
                    if (stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private InstanceKey next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                changed.await();
            }
            InstanceKey key = waiting.iterator().next();
            waiting.remove(key);
            return key;
        } finally {
            lock.unlock();
        }
    }

    private void write(InstanceKey key) {
        Observation observation = observations.of(key);
        if (observation != null) {
            rows.write(key, observation);
        }
    }
}
