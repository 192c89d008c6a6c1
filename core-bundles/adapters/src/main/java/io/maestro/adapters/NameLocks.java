package io.maestro.adapters;

import io.maestro.model.DefinitionId;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/** One at a time per definition; those of different definitions do not wait for one another. */
final class NameLocks {
    private final ConcurrentHashMap<DefinitionId, Entry> entries = new ConcurrentHashMap<>();

    private static final class Entry {
        final ReentrantLock lock = new ReentrantLock();
        int users;
    }

    /** Taken until it is closed. */
    Held take(DefinitionId id) {
        Entry entry = entries.compute(id, (key, present) -> {
            Entry mine = present == null ? new Entry() : present;
            mine.users++;
            return mine;
        });
        entry.lock.lock();
        return () -> {
            entry.lock.unlock();
            entries.computeIfPresent(id, (key, present) -> --present.users == 0 ? null : present);
        };
    }

    /** A lock that is held. */
    interface Held extends AutoCloseable {
        @Override
        void close();
    }
}
