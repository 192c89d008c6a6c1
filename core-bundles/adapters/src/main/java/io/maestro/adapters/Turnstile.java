package io.maestro.adapters;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets few through at once, so that each is quick instead of all being slow together. Whoever takes long keeps nobody
 * waiting for long: after a while its place is given away. Any thread.
 */
final class Turnstile {
    private final Semaphore places;
    private final Duration patience;

    /** Has so many places; one is kept for {@code patience} at most. */
    Turnstile(int places, Duration patience) {
        this.places = new Semaphore(places, true);
        this.patience = patience;
    }

    /** A place, given back by closing it or by taking long. */
    final class Place implements AutoCloseable {
        private final AtomicBoolean kept = new AtomicBoolean(true);
        private final CountDownLatch left = new CountDownLatch(1);
        private final Thread patient =
                Thread.ofVirtual().name("adapter-turnstile").unstarted(this::outwait);

        private void outwait() {
            try {
                if (!left.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                    giveBack();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void giveBack() {
            if (kept.getAndSet(false)) {
                places.release();
            }
        }

        @Override
        public void close() {
            giveBack();
            left.countDown();
        }
    }

    /** Waits for a place. */
    Place enter() throws InterruptedException {
        places.acquire();
        Place place = new Place();
        place.patient.start();
        return place;
    }

    /** Waits for a place, whatever happens. */
    Place enterPatiently() {
        places.acquireUninterruptibly();
        Place place = new Place();
        place.patient.start();
        return place;
    }
}
