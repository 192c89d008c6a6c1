package io.maestro.events;

import io.maestro.api.events.Event;
import io.maestro.api.events.Events.CutOffException;
import io.maestro.store.Journal.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One who follows: a bounded queue between the thread that reads for all and the thread that serves this one. Closing and
 * cutting off may come from any thread.
 */
final class Follower {
    private final Predicate<Event> wanted;
    private final int room;
    private final Thread owner;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Placed> queue = new ArrayDeque<>();
    private Position reached;
    private @Nullable String cut;
    private boolean waiting;
    private boolean closed;

    /** An event with its place. */
    record Placed(Position position, Event event) {}

    /**
     * A follower that is served by the calling thread.
     *
     * @param reached where it begins
     * @param room how many events may wait for it
     */
    Follower(Predicate<Event> wanted, Position reached, int room) {
        this.wanted = wanted;
        this.reached = reached;
        this.room = room;
        this.owner = Thread.currentThread();
    }

    boolean wants(Event event) {
        return wanted.test(event);
    }

    /** Hands it an event that it wants; false when there is no room, and then it is cut off. */
    boolean offer(Placed placed) {
        lock.lock();
        try {
            if (queue.size() >= room) {
                cut("slow");
                return false;
            }
            queue.add(placed);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** All up to here has been offered. */
    void passed(Position head) {
        lock.lock();
        try {
            if (queue.isEmpty() && head.compareTo(reached) > 0) {
                reached = head;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: its thread is told when it waits, and interrupted when it does something else, which may take for ever. */
    void cut(String reason) {
        lock.lock();
        try {
            if (cut == null && !closed) {
                cut = reason;
                queue.clear();
                if (waiting) {
                    changed.signal();
                } else {
                    owner.interrupt();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Event next(Duration patience) throws InterruptedException, CutOffException {
        long left = patience.toNanos();
        lock.lock();
        try {
            waiting = true;
            while (queue.isEmpty() && cut == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (cut != null) {
                throw new CutOffException(cut);
            }
            Placed next = queue.poll();
            if (next == null) {
                return null;
            }
            reached = next.position();
            return next.event();
        } finally {
            waiting = false;
            lock.unlock();
        }
    }

    Position reached() {
        lock.lock();
        try {
            return reached;
        } finally {
            lock.unlock();
        }
    }

    /** The owner is done; an interrupt that came from {@link #cut} is taken back. */
    void close() {
        lock.lock();
        try {
            closed = true;
            if (cut != null && Thread.currentThread().equals(owner)) {
                var _ = Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }
}
