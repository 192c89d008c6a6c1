package io.maestro.residency;

import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.residency.JooqLedger.Leaving;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;

/**
 * Deletes the objects that no item has any more: what was replaced, removed or moved away, and what a write left that never
 * ended. An object is one write's own, so it can be deleted without looking. Each instance is swept by itself: one that hangs holds
 * up no other.
 */
final class Sweeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Sweeper.class.getName());

    /** Longer than any call can take, so that nobody writes an object that is thought to be lost. */
    static final Duration LOST = Duration.ofMinutes(15);

    private static final Duration LATER = Duration.ofMinutes(1);
    private static final Duration KEPT = Duration.ofDays(400);
    private static final int DENIALS_AT_ONCE = 100;
    private static final int AT_ONCE = 1_000;

    /** Of one instance, so that none with very many leaves no room for others. */
    private static final int OF_AN_INSTANCE = 100;

    /** Whose objects nobody can reach any more. */
    private static final Set<String> GONE = Set.of("instance-unknown", "environment-unknown", "tenant-unknown");

    private final JooqLedger ledger;
    private final JooqDenials denials;
    private final Backends backends;
    private final InstantSource clock;
    private final Duration patience;
    private final Lanes<Place> lanes;

    /** An instance. */
    record Place(Scope scope, InstanceId instance) {
        static Place of(Placement placement) {
            return new Place(placement.scope(), placement.instance());
        }
    }

    /**
     * Does nothing yet.
     *
     * @param patience how long a round waits for the instances that it sweeps
     */
    Sweeper(JooqLedger ledger, JooqDenials denials, Backends backends, InstantSource clock, Duration patience) {
        this.ledger = ledger;
        this.denials = denials;
        this.backends = backends;
        this.clock = clock;
        this.patience = patience;
        this.lanes = new Lanes<>(patience);
    }

    /** One round; what hangs goes on beside the next ones. */
    void sweep() {
        Instant now = clock.instant();
        int lost = ledger.giveUpBegunBefore(now.minus(LOST));
        if (lost > 0) {
            LOG.log(Level.INFO, "gave up {0} writes that never ended", lost);
        }
        denials.drop(now.minus(KEPT), DENIALS_AT_ONCE);
        Set<Place> failing = ConcurrentHashMap.newKeySet();
        long until = System.nanoTime() + patience.toNanos();
        while (sweptSome(failing) && System.nanoTime() < until) {
            // what found no lane at first
        }
    }

    private boolean sweptSome(Set<Place> failing) {
        Set<Place> avoided = new HashSet<>(failing);
        avoided.addAll(lanes.taken());
        Map<Place, List<Leaving>> due = new LinkedHashMap<>();
        for (Leaving leaving : ledger.leaving(avoided, lanes.full(), OF_AN_INSTANCE, AT_ONCE)) {
            due.computeIfAbsent(Place.of(leaving.placement()), any -> new ArrayList<>())
                    .add(leaving);
        }
        List<Future<?>> begun = new ArrayList<>();
        due.forEach((place, all) -> lanes.begin(place, place.scope().tenant(), () -> deleteAll(place, all, failing))
                .ifPresent(begun::add));
        lanes.await(begun);
        return !begun.isEmpty();
    }

    /** Until the storage fails: it is asked again in the next round, and not for each of them before that. */
    private void deleteAll(Place place, List<Leaving> all, Set<Place> failing) {
        for (Leaving leaving : all) {
            if (!deleted(leaving)) {
                failing.add(place);
                return;
            }
        }
    }

    private boolean deleted(Leaving leaving) {
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
            return true;
        } catch (ProblemException e) {
            if (GONE.contains(e.problem().code())) {
                LOG.log(
                        Level.WARNING,
                        "the object {0} of {1} stays where it is: {2}",
                        placement.objectKey(),
                        placement.instance(),
                        e.problem().detail());
                ledger.forget(placement);
                return true;
            } else {
                LOG.log(
                        Level.DEBUG,
                        "cannot delete the object {0} of {1} now: {2}",
                        placement.objectKey(),
                        placement.instance(),
                        e.getMessage());
                // from now on: a round may have taken long
                ledger.postpone(placement, clock.instant().plus(LATER));
                return false;
            }
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        lanes.close();
    }
}
