package io.maestro.residency;

import io.maestro.model.ProblemException;
import io.maestro.residency.JooqLedger.Leaving;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;

/**
 * Deletes the objects that no item has any more: what was replaced, removed or moved away, and what a write left that never
 * ended. An object is one write's own, so it can be deleted without looking.
 */
final class Sweeper {
    private static final System.Logger LOG = System.getLogger(Sweeper.class.getName());

    /** Longer than any call can take, so that nobody writes an object that is thought to be lost. */
    static final Duration LOST = Duration.ofMinutes(15);

    private static final Duration LATER = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(400);
    private static final int AT_ONCE = 100;

    /** Whose objects nobody can reach any more. */
    private static final Set<String> GONE = Set.of("instance-unknown", "environment-unknown", "tenant-unknown");

    private final JooqLedger ledger;
    private final JooqDenials denials;
    private final Backends backends;
    private final InstantSource clock;

    Sweeper(JooqLedger ledger, JooqDenials denials, Backends backends, InstantSource clock) {
        this.ledger = ledger;
        this.denials = denials;
        this.backends = backends;
        this.clock = clock;
    }

    /** One round. */
    void sweep() {
        Instant now = clock.instant();
        int lost = ledger.giveUpBegunBefore(now.minus(LOST));
        if (lost > 0) {
            LOG.log(Level.INFO, "gave up {0} writes that never ended", lost);
        }
        for (Leaving leaving : ledger.leaving(AT_ONCE)) {
            delete(leaving);
        }
        denials.drop(now.minus(KEPT), AT_ONCE);
    }

    private void delete(Leaving leaving) {
        Placement placement = leaving.placement();
        try {
            backends.delete(placement, Router.SELF);
            Instant unwritten = leaving.unwritten();
            if (unwritten != null && clock.instant().isBefore(unwritten.plus(LOST))) {
                // an adapter that was given up may still be writing it
                ledger.postpone(placement, unwritten.plus(LOST));
            } else {
                ledger.forget(placement);
            }
        } catch (ProblemException e) {
            if (GONE.contains(e.problem().code())) {
                LOG.log(
                        Level.WARNING,
                        "the object {0} of {1} stays where it is: {2}",
                        placement.objectKey(),
                        placement.instance(),
                        e.problem().detail());
                ledger.forget(placement);
            } else {
                LOG.log(
                        Level.DEBUG,
                        "cannot delete the object {0} of {1} now: {2}",
                        placement.objectKey(),
                        placement.instance(),
                        e.getMessage());
                // from now on: a round may have taken long
                ledger.postpone(placement, clock.instant().plus(LATER));
            }
        }
    }
}
