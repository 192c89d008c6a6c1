package io.maestro.adapters;

import io.maestro.adapters.GateCheck.Breach;
import java.util.Optional;

/**
 * Notices that a new version leaves threads behind: it has far more of them than the old one has for as many instances, and
 * still more at the next look. Belongs to the thread of the rollout.
 */
final class ThreadGate {
    /** So many times the old version's, and so many more: a pool of another size is no leak. */
    private static final int TIMES = 2;

    private static final int MORE = 16;

    private long last;
    private boolean beyond;

    /**
     * Looks once more.
     *
     * @param old threads of the old version
     * @param oldInstances how many instances these are for
     * @param fresh threads of the new version
     * @param freshInstances how many instances these are for
     * @param calls of the new version up to now
     */
    Optional<Breach> look(long old, long oldInstances, long fresh, long freshInstances, long calls) {
        double usual = oldInstances == 0 ? 0 : (double) old * freshInstances / oldInstances;
        double limit = usual * TIMES + MORE;
        boolean before = beyond;
        boolean grows = fresh > last;
        beyond = fresh > limit;
        last = fresh;
        return before && beyond && grows
                ? Optional.of(new Breach("threads", usual, fresh, limit, calls))
                : Optional.empty();
    }
}
