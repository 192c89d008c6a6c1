package io.maestro.adapters;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All calls into adapters that are running on this node, and the watchdog that expires those past their deadline. Entering
 * and leaving take one compare-and-set each; the watchdog sleeps while nothing runs.
 */
final class FlightTable implements AutoCloseable {
    private static final Logger LOG = System.getLogger(FlightTable.class.getName());
    private static final int PLACES = 1 << 14;
    private static final long TICK_NANOS = 10_000_000;

    private final AtomicReferenceArray<@Nullable Watched> places = new AtomicReferenceArray<>(PLACES);
    private final Thread watchdog = new Thread(this::watch, "maestro-call-watchdog");
    private final Carriers carriers = new Carriers();
    private final ApartThreads apart = new ApartThreads();
    private volatile boolean asleep;
    private volatile boolean closed;

    // only a hint where to look first: a lost update costs one more compare-and-set
    private int hint;

    FlightTable() {
        watchdog.setDaemon(true);
        watchdog.start();
    }

    /** Takes a place, or returns -1 when this node runs as many calls as it can. */
    int enter(Watched watched) {
        int first = hint++;
        for (int i = 0; i < PLACES; i++) {
            int place = (first + i) & (PLACES - 1);
            if (places.getPlain(place) == null && places.compareAndSet(place, null, watched)) {
                if (asleep) {
                    LockSupport.unpark(watchdog);
                }
                return place;
            }
        }
        return -1;
    }

    /** Begins a call that must take no carrier from the others. */
    void startApart(String name, Runnable call) {
        apart.start(name, call);
    }

    void leave(int place) {
        places.setRelease(place, null);
    }

    /** Shows each running flight once, as far as it does not come or go meanwhile. */
    void forEach(Consumer<Watched> look) {
        for (int place = 0; place < PLACES; place++) {
            Watched watched = places.get(place);
            if (watched != null) {
                look.accept(watched);
            }
        }
    }

    private void watch() {
        while (!closed) {
            if (expirePast(System.nanoTime())) {
                LockSupport.parkNanos(this, TICK_NANOS);
            } else {
                asleep = true;
                // looked at again after saying so: whoever entered before saw us awake
                if (!closed && !expirePast(System.nanoTime())) {
                    LockSupport.park(this);
                }
                asleep = false;
            }
        }
    }

    private boolean expirePast(long now) {
        boolean any = false;
        int burning = 0;
        for (int place = 0; place < PLACES; place++) {
            Watched watched = places.get(place);
            if (watched != null) {
                any = true;
                if (watched.isPast(now)) {
                    expire(watched);
                }
                if (watched.burns(now)) {
                    burning++;
                }
            }
        }
        carriers.lend(burning);
        return any;
    }

    /** Interrupting runs code of the channel that the thread waits on, which may be an adapter's. */
    static void expire(Watched watched) {
        try {
            watched.expire();
        } catch (RuntimeException | Error e) {
            watched.guard()
                    .key()
                    .log(LOG)
                    .log(
                            Level.DEBUG,
                            "interrupting a call of " + watched.guard().name(),
                            e);
        }
    }

    /** Stops the watchdog. Flights that still run are no longer watched. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(watchdog);
    }
}
