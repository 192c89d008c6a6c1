package io.maestro.adapters;

import io.maestro.adapters.leaks.CallThread;
import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs calls of versions that are being tried on threads of the operating system: one that computes without end then takes its
 * share of the processors, and none of the carriers that the calls of everybody else run on. Each call has a thread of its own,
 * which costs it about a tenth of a millisecond. Beyond a bound calls run on virtual threads, as they will once the version has
 * proven itself. Any thread; does not block.
 */
final class ApartThreads {
    private static final System.Logger LOG = System.getLogger(ApartThreads.class.getName());
    private static final int MOST = 256;

    private final AtomicBoolean full = new AtomicBoolean();
    private final AtomicInteger running = new AtomicInteger();

    /** Begins the call. */
    void start(String name, Runnable call) {
        if (running.incrementAndGet() > MOST) {
            running.decrementAndGet();
            if (!full.getAndSet(true)) {
                LOG.log(
                        Level.WARNING,
                        MOST + " calls of versions on trial run or were left behind; further ones, such as of " + name
                                + ", run where those of everybody do");
            }
            Thread.startVirtualThread(call);
            return;
        }
        full.set(false);
        boolean started = false;
        try {
            new CallThread("adapter-call-" + name, () -> {
                        try {
                            call.run();
                        } finally {
                            running.decrementAndGet();
                        }
                    })
                    .start();
            started = true;
        } catch (OutOfMemoryError e) {
            // the operating system has no further thread; a virtual one needs none
            Thread.startVirtualThread(call);
        } finally {
            if (!started) {
                running.decrementAndGet();
            }
        }
    }

    /** How many threads there are now. */
    int running() {
        return running.get();
    }
}
