package io.maestro.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.Health;
import io.maestro.adapters.InstanceRow.Removal;
import io.maestro.adapters.Opener.Candidate;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.InstanceActs.Trial;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Opens what a configuration would make, asks it how it is, and closes it: for whoever fills in a form. Nobody finds it
 * meanwhile. Blocks for as long as an adapter may take; any thread.
 */
final class Tryouts {
    private static final System.Logger LOG = System.getLogger(Tryouts.class.getName());
    private static final int AT_ONCE = 8;
    private static final int LEFT_AT_MOST = 10_000;
    private static final int LONGEST_REASON = 300;

    private final Opener opener;
    private final InstanceFolders folders;
    private final InstantSource clock;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final AtomicLong number = new AtomicLong();

    /**
     * Trials that leave nothing.
     *
     * @param folders where what is tried may keep files meanwhile; nobody else's
     */
    Tryouts(Opener opener, InstanceFolders folders, InstantSource clock) {
        this.opener = opener;
        this.folders = folders;
        this.clock = clock;
    }

    /** Removes what trials had on files when the node ended in the midst of them. */
    void sweep() {
        try {
            for (Removal left : folders.present(LEFT_AT_MOST)) {
                folders.remove(left);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "what trials of an earlier life of this node kept cannot be removed", e);
        }
    }

    /**
     * Tries a configuration.
     *
     * @param configuration with values in place of secrets that are not kept
     * @throws io.maestro.model.ProblemException when it cannot be opened, or when too many others are being tried
     */
    Trial run(InstanceKey key, Definition definition, ObjectNode configuration) {
        if (!places.tryAcquire()) {
            throw Problem.of(
                            AdapterProblem.TRIALS_BUSY,
                            AT_ONCE + " configurations are being tried on this node",
                            "Try again in a few seconds.")
                    .with(Retry.after(Duration.ofSeconds(2)))
                    .asException();
        }
        try {
            return tried(row(key, definition), definition, configuration);
        } catch (TimeLimit.Exceeded e) {
            throw opener.tooLong(e).asException();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.of(AdapterProblem.CALL_CANCELLED, "the trial was interrupted", "Try again.")
                    .asException();
        } finally {
            places.release();
        }
    }

    /** As an instance would be that has just been made. */
    private InstanceRow row(InstanceKey key, Definition definition) {
        Instant now = clock.instant();
        return new InstanceRow(
                key,
                number.incrementAndGet(),
                definition.id(),
                definition.digest(),
                definition.manifest().type(),
                Json.EMPTY_OBJECT,
                0,
                null,
                Wanted.RUNNING,
                0,
                now,
                now);
    }

    private Trial tried(InstanceRow row, Definition definition, ObjectNode configuration)
            throws TimeLimit.Exceeded, InterruptedException {
        try {
            long begun = System.nanoTime();
            Candidate candidate = opener.prepareApart(row, definition, configuration, folders);
            try {
                long open = System.nanoTime();
                Health health = opener.health(candidate);
                return trial(
                        health, candidate, Duration.ofNanos(open - begun), Duration.ofNanos(System.nanoTime() - open));
            } finally {
                opener.discard(candidate);
            }
        } finally {
            forget(row);
        }
    }

    private static Trial trial(Health health, Candidate candidate, Duration opening, Duration answering) {
        return switch (health) {
            case Health.Up _ -> new Trial(ProbeState.UP, null, opening, answering);
            case Health.Degraded(String why) ->
                new Trial(ProbeState.DEGRADED, shown(candidate, why), opening, answering);
            case Health.Down(String why) -> new Trial(ProbeState.DOWN, shown(candidate, why), opening, answering);
        };
    }

    private static String shown(Candidate candidate, @Nullable String reason) {
        String masked = candidate.binding().mask.masked(reason == null ? "" : reason);
        return masked.length() <= LONGEST_REASON ? masked : masked.substring(0, LONGEST_REASON);
    }

    private void forget(InstanceRow row) {
        try {
            folders.remove(new Removal(row.key(), row.incarnation()));
        } catch (IOException e) {
            row.key().log(LOG).log(Level.WARNING, "what a trial kept is removed by the next start", e);
        }
    }
}
