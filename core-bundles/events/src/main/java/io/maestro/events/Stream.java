package io.maestro.events;

import io.maestro.api.events.Event;
import io.maestro.api.events.Events.CutOffException;
import io.maestro.api.events.Events.Following;
import io.maestro.model.TenantId;
import io.maestro.store.Journal;
import io.maestro.store.Journal.Position;
import io.maestro.store.Journal.Recorded;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One stream of events: first what was missed, page by page, then what the hub hands out. For one thread. */
final class Stream implements Following {
    private final Hub hub;
    private final Journal journal;
    private final Semaphore pages;
    private final int page;
    private final String principal;
    private final @Nullable TenantId tenant;
    private final Predicate<Event> wanted;
    private final ArrayDeque<Event> missed = new ArrayDeque<>();
    private Position read;
    private String seen;
    private @Nullable Follower follower;
    private boolean closed;

    /**
     * A stream of somebody who has a place in the hub.
     *
     * @param pages lets few read pages at once, so that many who come back together leave connections for others
     * @param from goes on behind this
     */
    Stream(
            Hub hub,
            Journal journal,
            Semaphore pages,
            int page,
            String principal,
            @Nullable TenantId tenant,
            Predicate<Event> wanted,
            Position from) {
        this.hub = hub;
        this.journal = journal;
        this.pages = pages;
        this.page = page;
        this.principal = principal;
        this.tenant = tenant;
        this.wanted = wanted;
        this.read = from;
        this.seen = Reading.cursor(from);
    }

    @Override
    public Optional<Event> next(Duration patience) throws InterruptedException, CutOffException {
        while (missed.isEmpty() && follower == null) {
            follower = hub.join(wanted, read);
            if (follower == null && !readPage(patience) && missed.isEmpty()) {
                // a long way without anything wanted, or no turn yet: the caller may want to show a sign of life
                return Optional.empty();
            }
        }
        Event next = missed.poll();
        if (next == null && follower != null) {
            next = follower.next(patience);
            seen = Reading.cursor(follower.reached());
        } else if (next != null) {
            seen = missed.isEmpty() ? Reading.cursor(read) : next.cursor();
        }
        return Optional.ofNullable(next);
    }

    /** Reads what was missed; tells whether that was all. */
    private boolean readPage(Duration patience) throws InterruptedException, CutOffException {
        // all up to here is shown by a look that begins later
        Position head = hub.head();
        List<Recorded> found;
        if (!pages.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        try {
            found = journal.after(read, page);
            // asked behind the look: what is dropped meanwhile may have been missing in it
            if (read.compareTo(journal.floor()) < 0) {
                throw new CutOffException("behind what is kept");
            }
        } finally {
            pages.release();
        }
        found.stream().map(Reading::event).filter(wanted).forEach(missed::add);
        boolean full = found.size() == page;
        if (!found.isEmpty()) {
            read = found.getLast().position();
        }
        if (!full && head != null && head.compareTo(read) > 0) {
            read = head;
        }
        if (missed.isEmpty()) {
            seen = Reading.cursor(read);
        }
        return !full;
    }

    @Override
    public String cursor() {
        return seen;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            hub.leave(principal, tenant, follower);
            if (follower != null) {
                follower.close();
            }
        }
    }
}
