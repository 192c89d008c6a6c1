package io.maestro.adapters;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.jspecify.annotations.Nullable;

/**
 * The processors that virtual threads share. Java never takes one away from a virtual thread that computes, so as many
 * calls that compute without end as there are processors would stop the whole server. For each of them one more is lent;
 * the operating system divides the real ones fairly. For the watchdog only.
 */
final class Carriers {
    private static final Logger LOG = System.getLogger(Carriers.class.getName());
    private static final int MOST = 64;

    /** So many threads that do nothing are begun at once, at most, to have a carrier look for work. */
    private static final int MOST_BEGUN = 4096;

    private final AtomicBoolean waking = new AtomicBoolean();

    // made at first need: management costs start-up time
    private @Nullable VirtualThreadSchedulerMXBean scheduler;
    private int usual;
    private int lent;

    /** Lends as many as this, up to a bound, and takes back what is no longer needed. */
    void lend(int burning) {
        int wanted = Math.min(burning, MOST);
        if (wanted == 0 && lent == 0) {
            return;
        }
        try {
            if (wanted != lent || !stillLent()) {
                lent = wanted;
                set(burning);
            }
            wake();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.log(Level.ERROR, "cannot lend processors for " + burning + " calls that compute without pause", e);
        }
    }

    private void set(int burning) {
        VirtualThreadSchedulerMXBean known = scheduler;
        if (known == null) {
            known = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
            usual = known.getParallelism();
            scheduler = known;
        }
        known.setParallelism(usual + lent);
        LOG.log(lent > 0 ? Level.WARNING : Level.INFO, "calls into adapters that compute without pause: {0}", burning);
    }

    /** The number is the process's, not ours alone: somebody else may have set it since. */
    private boolean stillLent() {
        VirtualThreadSchedulerMXBean known = scheduler;
        return known == null || known.getParallelism() >= usual + lent;
    }

    /**
     * Has one more carrier look for work when there is some, and no carrier is about to. The scheduler wakes one when work comes into
     * a queue that was empty, or into one that is full; it does not when more carriers are allowed. While all of them compute without
     * end, every queue fills up, so that those that are lent would not begin for many seconds.
     */
    private void wake() {
        VirtualThreadSchedulerMXBean known = scheduler;
        if (known == null
                || known.getMountedVirtualThreadCount() >= known.getParallelism()
                || known.getQueuedVirtualThreadCount() == 0
                || !waking.compareAndSet(false, true)) {
            return;
        }
        boolean begun = false;
        try {
            // a thread that has never begun a virtual one is given a queue of its own as long as there are some
            var _ = Thread.ofPlatform().daemon().name("maestro-carriers").start(() -> fill(known));
            begun = true;
        } finally {
            if (!begun) {
                waking.set(false);
            }
        }
    }

    private void fill(VirtualThreadSchedulerMXBean known) {
        try {
            int before = known.getMountedVirtualThreadCount();
            AtomicBoolean served = new AtomicBoolean();
            for (int i = 0; i < MOST_BEGUN && !served.get() && known.getMountedVirtualThreadCount() <= before; i++) {
                Thread.ofVirtual().start(() -> served.set(true));
            }
        } finally {
            waking.set(false);
        }
    }
}
