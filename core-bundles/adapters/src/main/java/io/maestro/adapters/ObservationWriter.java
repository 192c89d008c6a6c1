package io.maestro.adapters;

import io.maestro.adapters.Observations.Observation;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes observations to the database, behind the reconciler's back so that it never waits for that. Of several changes
 * in a row only the last is written, and those of several instances go together.
 */
final class ObservationWriter {
    private static final System.Logger LOG = System.getLogger(ObservationWriter.class.getName());
    private static final long PAUSE_MILLIS = 2_000;
    private static final int AT_ONCE = 250;

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
            int most = AT_ONCE;
            while (!Thread.currentThread().isInterrupted()) {
                Set<InstanceKey> some = next(most);
                try {
                    write(some);
                    most = AT_ONCE;
                } catch (RuntimeException e) {
                    LOG.log(Level.DEBUG, "what is observed of " + some.size() + " instances is written later", e);
                    some.forEach(this::changed);
                    // one that cannot be written must not be in the way of the others
                    most = 1;
                    if (stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Set<InstanceKey> next(int most) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                changed.await();
            }
            Set<InstanceKey> some = new LinkedHashSet<>();
            Iterator<InstanceKey> all = waiting.iterator();
            while (all.hasNext() && some.size() < most) {
                some.add(all.next());
                all.remove();
            }
            return some;
        } finally {
            lock.unlock();
        }
    }

    private void write(Set<InstanceKey> keys) {
        Map<InstanceKey, Observation> some = new HashMap<>();
        for (InstanceKey key : keys) {
            Observation observation = observations.of(key);
            if (observation != null) {
                some.put(key, observation);
            }
        }
        if (!some.isEmpty()) {
            rows.write(some);
        }
    }
}
