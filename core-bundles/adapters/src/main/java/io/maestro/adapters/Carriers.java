package io.maestro.adapters;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
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

    // made at first need: management costs start-up time
    private @Nullable VirtualThreadSchedulerMXBean scheduler;
    private int usual;
    private int lent;

    /** Lends as many as this, up to a bound, and takes back what is no longer needed. */
    void lend(int burning) {
        int wanted = Math.min(burning, MOST);
        if (wanted != lent || (wanted > 0 && !stillLent())) {
            lent = wanted;
            set(burning);
        }
        if (wanted > 0) {
            // whatever begins has the pool look for work that waits; on a quiet node nothing else may begin
            Thread.ofVirtual().start(() -> {});
        }
    }

    private void set(int burning) {
        try {
            VirtualThreadSchedulerMXBean known = scheduler;
            if (known == null) {
                known = ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
                usual = known.getParallelism();
                scheduler = known;
            }
            known.setParallelism(usual + lent);
            LOG.log(
                    lent > 0 ? Level.WARNING : Level.INFO,
                    "calls into adapters that compute without pause: {0}",
                    burning);
        } catch (RuntimeException | LinkageError e) {
            LOG.log(Level.ERROR, "cannot lend processors for " + burning + " calls that compute without pause", e);
        }
    }

    /** The number is the process's, not ours alone: somebody else may have set it since. */
    private boolean stillLent() {
        VirtualThreadSchedulerMXBean known = scheduler;
        return known == null || known.getParallelism() >= usual + lent;
    }
}
