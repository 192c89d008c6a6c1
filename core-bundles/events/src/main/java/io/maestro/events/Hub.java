package io.maestro.events;

import io.maestro.api.events.Event;
import io.maestro.api.events.EventProblem;
import io.maestro.events.Follower.Placed;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.model.TenantId;
import io.maestro.store.Journal;
import io.maestro.store.Journal.Position;
import io.maestro.store.Journal.Recorded;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The newest events, and who follows them. One thread calls {@link #turn}; followers join where what is kept reaches back to
 * them. The lock is held for memory only, never while the database is asked.
 */
final class Hub {
    private static final String STOPPING = "stopping";

    private final Journal journal;
    private final Bounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Placed> newest = new ArrayDeque<>();
    private final Set<Follower> followers = new LinkedHashSet<>();
    private final Map<String, Integer> streams = new HashMap<>();
    private final Map<TenantId, Integer> ofTenants = new HashMap<>();
    private int open;
    private boolean closed;
    private long cutOff;

    /** All behind this and up to the head is kept; both null while nobody has followed. */
    private @Nullable Position floor;

    private @Nullable Position head;

    /**
     * What may be kept and open.
     *
     * @param kept how many events are in memory
     * @param room how many may wait for one follower
     * @param page how many are read at once
     * @param all how many may follow
     * @param each how many of one principal may
     */
    record Bounds(int kept, int room, int page, int all, int each) {
        static final Bounds USUAL = new Bounds(4_096, 512, 500, 1_500, 64);

        /** How many those of one tenant may have together: a quarter, so that no tenant takes the places of the others. */
        int ofTenant() {
            return Math.max(each, all / 4);
        }

        /** The same for so many streams, of all and of each. */
        Bounds serving(int streams, int ofEach) {
            return new Bounds(kept, room, page, streams, ofEach);
        }
    }

    Hub(Journal journal, Bounds bounds) {
        this.journal = journal;
        this.bounds = bounds;
    }

    /** Takes a place for a stream, which {@link #leave} gives back. */
    void enter(String principal, @Nullable TenantId tenant) {
        lock.lock();
        try {
            int own = streams.getOrDefault(principal, 0);
            int beside = tenant == null ? 0 : ofTenants.getOrDefault(tenant, 0);
            if (closed || open >= bounds.all() || own >= bounds.each() || beside >= bounds.ofTenant()) {
                throw Problem.of(
                                EventProblem.TOO_MANY_STREAMS,
                                own >= bounds.each()
                                        ? "you follow events " + own + " times already"
                                        : "this node serves as many event streams as it can"
                                                + (beside >= bounds.ofTenant() ? " to one tenant" : ""),
                                "Close a stream, or share one; tabs of a browser do so by themselves.")
                        .with(Retry.after(Duration.ofSeconds(10)))
                        .asException();
            }
            open++;
            streams.put(principal, own + 1);
            if (tenant != null) {
                ofTenants.put(tenant, beside + 1);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the place back. */
    void leave(String principal, @Nullable TenantId tenant, @Nullable Follower follower) {
        lock.lock();
        try {
            open--;
            streams.computeIfPresent(principal, (name, own) -> own == 1 ? null : own - 1);
            if (tenant != null) {
                ofTenants.computeIfPresent(tenant, (name, own) -> own == 1 ? null : own - 1);
            }
            if (follower != null) {
                followers.remove(follower);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Up to where the node has read; null before anybody followed. */
    @Nullable
    Position head() {
        lock.lock();
        try {
            return head;
        } finally {
            lock.unlock();
        }
    }

    /** Begins to keep events behind this position, when none are kept yet. */
    void begin(Position here) {
        lock.lock();
        try {
            if (head == null) {
                floor = here;
                head = here;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a follower join.
     *
     * @param from all up to here it has seen
     * @return null when what is kept does not reach back so far, or is more than may wait for it
     */
    @Nullable
    Follower join(Predicate<Event> wanted, Position from) {
        lock.lock();
        try {
            Position kept = floor;
            if (kept == null || from.compareTo(kept) < 0) {
                return null;
            }
            List<Placed> missed = newest.stream()
                    .filter(placed -> placed.position().compareTo(from) > 0 && wanted.test(placed.event()))
                    .limit(bounds.room() + 1L)
                    .toList();
            if (missed.size() > bounds.room()) {
                return null;
            }
            Follower follower = new Follower(wanted, from, bounds.room());
            missed.forEach(follower::offer);
            if (head != null) {
                follower.passed(head);
            }
            if (closed) {
                follower.cut(STOPPING);
            } else {
                followers.add(follower);
            }
            return follower;
        } finally {
            lock.unlock();
        }
    }

    /** Whether anybody follows. */
    boolean followed() {
        lock.lock();
        try {
            return open > 0;
        } finally {
            lock.unlock();
        }
    }

    /** Reads what is new and hands it out; tells how many events it was. Called by one thread. */
    int turn() {
        Position from = head();
        if (from == null) {
            return 0;
        }
        List<Recorded> read = journal.after(from, bounds.page());
        if (read.isEmpty()) {
            return 0;
        }
        List<Placed> fresh = new ArrayList<>(read.size());
        read.forEach(one -> fresh.add(new Placed(one.position(), Reading.event(one))));
        hand(fresh);
        return read.size();
    }

    /** Forgets what is kept, because nobody follows and so nothing is read any more. */
    void forget() {
        lock.lock();
        try {
            if (open == 0) {
                newest.clear();
                floor = null;
                head = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void hand(List<Placed> fresh) {
        lock.lock();
        try {
            if (head == null) {
                return;
            }
            for (Placed placed : fresh) {
                newest.add(placed);
                if (newest.size() > bounds.kept()) {
                    floor = newest.remove().position();
                }
                offer(placed);
            }
            Position reached = fresh.getLast().position();
            head = reached;
            followers.forEach(follower -> follower.passed(reached));
        } finally {
            lock.unlock();
        }
    }

    private void offer(Placed placed) {
        followers.removeIf(follower -> {
            boolean cut = follower.wants(placed.event()) && !follower.offer(placed);
            cutOff += cut ? 1 : 0;
            return cut;
        });
    }

    /** How many streams are open. */
    int open() {
        lock.lock();
        try {
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** How many followers have been cut off for being slow. */
    long cutOff() {
        lock.lock();
        try {
            return cutOff;
        } finally {
            lock.unlock();
        }
    }

    /** Ends all who follow, and lets nobody in any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            followers.forEach(follower -> follower.cut(STOPPING));
            followers.clear();
        } finally {
            lock.unlock();
        }
    }
}
