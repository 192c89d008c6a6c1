package io.maestro.adapters;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets few through at once, so that each is quick instead of all being slow together. Whoever takes long keeps nobody
 * waiting for long: after a while its place is given away, by whoever waits for one. Any thread.
 */
final class Turnstile {
    private final int most;
    private final long patience;
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition left = lock.newCondition();

    /** Places that are taken, the longest taken first. */
    private final Deque<Place> taken = new ArrayDeque<>();

    /** Has so many places; one is kept for {@code patience} at most. */
    Turnstile(int places, Duration patience) {
        this.most = places;
        this.patience = patience.toNanos();
    }

    /** A place, given back by closing it or by taking long. */
    final class Place implements AutoCloseable {
        private final long since = System.nanoTime();

        @Override
        public void close() {
            lock.lock();
            try {
                // one that was given away is another's, or nobody's
                if (taken.remove(this)) {
                    left.signal();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** Waits for a place. */
    Place enter() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (taken.size() >= most) {
                long wait = patience - (System.nanoTime() - taken.getFirst().since);
                if (wait <= 0) {
                    taken.removeFirst();
                } else {
                    var _ = left.await(wait, TimeUnit.NANOSECONDS);
                }
            }
            return take();
        } finally {
            lock.unlock();
        }
    }

    private Place take() {
        Place place = new Place();
        taken.addLast(place);
        return place;
    }

    /** Waits for a place, whatever happens. */
    Place enterPatiently() {
        boolean interrupted = false;
        while (true) {
            try {
                Place place = enter();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return place;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }
}
