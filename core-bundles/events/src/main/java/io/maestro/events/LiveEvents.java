package io.maestro.events;

import io.maestro.api.events.Event;
import io.maestro.api.events.EventProblem;
import io.maestro.api.events.Events;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.TenantId;
import io.maestro.store.Facts;
import io.maestro.store.Journal;
import io.maestro.store.Journal.Position;
import io.maestro.store.Journal.Recorded;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Events of all nodes, from the journal. Owns two threads from {@link #start} to {@link #close}. */
final class LiveEvents implements Events, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LiveEvents.class.getName());

    /** So many pages of different readers at once, of the ten connections that a node has. */
    private static final int PAGES_AT_ONCE = 3;

    /** How many events are looked at for a page of those that are wanted. */
    private static final int LOOKED_AT = 5_000;

    private static final int DROPPED_AT_ONCE = 5_000;

    /** How long whoever wants a page waits for a turn. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Journal journal;
    private final Facts facts;
    private final InstantSource clock;
    private final Pace pace;
    private final Hub.Bounds bounds;
    private final Hub hub;
    private final Semaphore pages = new Semaphore(PAGES_AT_ONCE);
    private final Semaphore news = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);
    private final List<Metrics.Gauge> gauges = new ArrayList<>();
    private final Metrics.Counter read;
    private Facts.@Nullable Registration registration;
    private final Thread reader;
    private final Thread cleaner;

    /**
     * How it keeps time.
     *
     * @param poll how long it waits for its own acts before it looks for what other nodes did
     * @param rest how long it rests between two looks
     * @param kept how long events are kept
     * @param clean how often it looks for those that are older
     */
    record Pace(Duration poll, Duration rest, Duration kept, Duration clean) {
        static final Pace USUAL =
                new Pace(Duration.ofMillis(200), Duration.ofMillis(20), Duration.ofHours(24), Duration.ofMinutes(10));

        /** The same, keeping events for so long. */
        Pace keeping(Duration time) {
            return new Pace(poll, rest, time, clean);
        }
    }

    LiveEvents(Journal journal, Facts facts, InstantSource clock, Pace pace, Hub.Bounds bounds, Metrics metrics) {
        this.journal = journal;
        this.facts = facts;
        this.clock = clock;
        this.pace = pace;
        this.bounds = bounds;
        this.hub = new Hub(journal, bounds);
        this.read = metrics.counter("mc_events_read_total", "Events that were read for those who follow them.");
        gauges.add(metrics.gauge("mc_event_streams", "Streams of events that are open.", hub::open));
        gauges.add(metrics.gauge(
                "mc_event_streams_cut_off", "Streams cut off for being too slow, since the start.", hub::cutOff));
        reader = Thread.ofVirtual().name("events").unstarted(() -> run(this::reading));
        cleaner = Thread.ofVirtual().name("events-cleaner").unstarted(() -> run(this::cleaning));
    }

    void start() {
        registration = facts.onCommit(() -> {
            if (hub.followed()) {
                news.release();
            }
        });
        reader.start();
        cleaner.start();
    }

    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
        hub.close();
        // not interrupted: that would break the connection on which they ask
        ended.release();
        news.release();
        gauges.forEach(Metrics.Gauge::close);
    }

    @Override
    public Changes changes(@Nullable String cursor, int limit, Predicate<Event> wanted) {
        Position position = cursor == null ? journal.floor() : Reading.position(cursor);
        if (cursor != null) {
            requireKept(position);
        }
        List<Event> found = new ArrayList<>();
        int looked = 0;
        boolean more = true;
        while (more && looked < LOOKED_AT && found.size() < limit) {
            List<Recorded> next = page(position, cursor != null || looked > 0);
            more = next.size() == bounds.page();
            for (Recorded recorded : next) {
                if (found.size() == limit) {
                    more = true;
                    break;
                }
                looked++;
                position = recorded.position();
                Event event = Reading.event(recorded);
                if (wanted.test(event)) {
                    found.add(event);
                }
            }
        }
        return new Changes(found, Reading.cursor(position), more);
    }

    @Override
    public Following follow(
            @Nullable String cursor, String follower, @Nullable TenantId tenant, Predicate<Event> wanted) {
        Position from = cursor == null ? null : Reading.position(cursor);
        if (from != null) {
            requireKept(from);
        }
        hub.enter(follower, tenant);
        boolean entered = false;
        try {
            Position head = hub.head();
            if (head == null) {
                hub.begin(journal.end());
                head = hub.head();
            }
            if (head == null) {
                throw new IllegalStateException("whoever has a place keeps the hub from forgetting");
            }
            Stream stream = new Stream(
                    hub, journal, pages, bounds.page(), follower, tenant, wanted, from == null ? head : from);
            entered = true;
            return stream;
        } finally {
            if (!entered) {
                hub.leave(follower, tenant, null);
            }
        }
    }

    /** The next page; few are read at once, so that whoever asks again and again leaves connections for others. */
    private List<Recorded> page(Position position, boolean continues) {
        try {
            if (!pages.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw Problem.of(
                                EventProblem.TOO_MANY_STREAMS,
                                "this node reads as many pages of events at once as it can",
                                "Ask again in a moment, or follow GET /api/events, which costs less.")
                        .with(Retry.after(Duration.ofSeconds(2)))
                        .asException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        try {
            List<Recorded> next = journal.after(position, bounds.page());
            // asked behind the look: what is dropped meanwhile may have been missing in it
            if (continues && position.compareTo(journal.floor()) < 0) {
                throw missed();
            }
            return next;
        } finally {
            pages.release();
        }
    }

    private void requireKept(Position position) {
        if (position.compareTo(journal.floor()) < 0 || position.compareTo(journal.end()) > 0) {
            throw missed();
        }
    }

    private static ProblemException missed() {
        return Problem.of(
                        EventProblem.EVENTS_MISSED,
                        "events after this cursor have been dropped, or it is of another database",
                        "Read the state anew, and go on without a cursor.")
                .asException();
    }

    /** Work of a thread. */
    private interface Turn {
        void once() throws InterruptedException;
    }

    private void run(Turn turn) {
        boolean failing = false;
        while (ended.availablePermits() == 0) {
            try {
                turn.once();
                failing = false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                if (ended.availablePermits() > 0) {
                    // the database was closed while it was asked
                    return;
                }
                LOG.log(failing ? Level.DEBUG : Level.WARNING, "events cannot be read now", e);
                failing = true;
                try {
                    pause(Duration.ofSeconds(1));
                } catch (InterruptedException stop) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Waits for so long, or until the end. */
    private void pause(Duration time) throws InterruptedException {
        if (ended.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS)) {
            ended.release();
        }
    }

    private void reading() throws InterruptedException {
        if (!hub.followed()) {
            hub.forget();
        }
        // whoever follows is noticed at the next look; what happened meanwhile is not lost
        var _ = news.tryAcquire(pace.poll().toMillis(), TimeUnit.MILLISECONDS);
        news.drainPermits();
        int found;
        do {
            found = hub.turn();
            read.add(found);
        } while (found == bounds.page());
        pause(pace.rest());
    }

    private void cleaning() throws InterruptedException {
        while (journal.drop(clock.instant().minus(pace.kept()), DROPPED_AT_ONCE) == DROPPED_AT_ONCE
                && ended.availablePermits() == 0) {
            pause(pace.rest());
        }
        pause(pace.clean());
    }
}
