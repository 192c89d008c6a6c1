package io.maestro.adapters;

import io.maestro.adapters.Observations.Observation;
import io.maestro.model.ProblemException;
import io.maestro.store.StoreProblem;
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
            while (!Thread.currentThread().isInterrupted()) {
                if (!written(next()) && stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes these together or, since one that cannot be written must not be in the way of the others, each by itself. */
    private boolean written(Set<InstanceKey> some) {
        try {
            write(some);
            return true;
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, "what is observed of " + some.size() + " instances is not written together", e);
            if (some.size() == 1 || isAway(e)) {
                some.forEach(this::changed);
                return false;
            }
        }
        boolean any = false;
        for (InstanceKey key : some) {
            try {
                write(Set.of(key));
                any = true;
            } catch (RuntimeException e) {
                key.log(LOG).log(Level.DEBUG, "what is observed of " + key + " is written later", e);
                changed(key);
                if (isAway(e)) {
                    // those that are left are not written either
                    some.forEach(this::changed);
                    return false;
                }
            }
        }
        return any;
    }

    private static boolean isAway(RuntimeException e) {
        return e instanceof ProblemException known
                && known.problem().code().equals(StoreProblem.DATABASE_UNAVAILABLE.code());
    }

    private Set<InstanceKey> next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting.isEmpty()) {
                changed.await();
            }
            Set<InstanceKey> some = new LinkedHashSet<>();
            Iterator<InstanceKey> all = waiting.iterator();
            while (all.hasNext() && some.size() < AT_ONCE) {
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
