package io.maestro.api.events;

import io.maestro.model.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What happens anywhere on the database, to be read page by page or followed live; every node tells of everything, in the
 * same order. What a reader may see is the caller's to decide, by the predicate, which must be quick and pure: it is asked
 * for every event on a thread that serves all readers. Any thread.
 */
@ProviderType
public interface Events {
    /**
     * A page of what happened. Blocks on the database. A page may be empty although more follows: the search is bounded.
     *
     * @param cursor goes on behind this; null begins with the oldest that is kept
     * @param limit how many at most
     * @throws io.maestro.model.ProblemException {@link EventProblem#EVENTS_MISSED}, and
     *     {@link io.maestro.model.CallerProblem#INVALID_CURSOR}
     */
    Changes changes(@Nullable String cursor, int limit, Predicate<Event> wanted);

    /**
     * Follows what happens from here on, or from a cursor on. Whoever does not take events as fast as they come is cut off.
     *
     * @param cursor goes on behind this; null begins now
     * @param follower who follows; each may have a limited number of streams
     * @param tenant whose principal follows; those of one tenant may have a part of all streams, so that others find places; null
     *     for the installation's own
     * @return to be closed by the caller
     * @throws io.maestro.model.ProblemException {@link EventProblem#TOO_MANY_STREAMS}, {@link EventProblem#EVENTS_MISSED},
     *     and {@link io.maestro.model.CallerProblem#INVALID_CURSOR}
     */
    Following follow(@Nullable String cursor, String follower, @Nullable TenantId tenant, Predicate<Event> wanted);

    /** What is followed. For one thread, which is interrupted when it is cut off while it does something else. */
    interface Following extends AutoCloseable {
        /**
         * Waits for the next event; empty when none came in time.
         *
         * @throws CutOffException when the follower was too slow, or the node no longer serves events
         */
        Optional<Event> next(Duration patience) throws InterruptedException, CutOffException;

        /** The cursor behind all that was seen, events that were not wanted included. */
        String cursor();

        @Override
        void close();
    }

    /**
     * A page.
     *
     * @param events oldest first
     * @param cursor behind everything that was looked at
     * @param more whether there is more to look at already
     */
    record Changes(List<Event> events, String cursor, boolean more) {
        /** Copies the list. */
        public Changes {
            events = List.copyOf(events);
        }
    }

    /** The end of what was followed; going on from the last cursor, nothing is lost. */
    final class CutOffException extends Exception {
        private static final long serialVersionUID = 1;

        /** With the reason, in a word. */
        public CutOffException(String reason) {
            super(reason, null, false, false);
        }
    }
}
