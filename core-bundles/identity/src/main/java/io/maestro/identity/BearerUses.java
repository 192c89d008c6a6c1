package io.maestro.identity;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** When bearers were last used, by the minute; written down later, in batches, off the way of requests. */
final class BearerUses {
    private static final int BOUND = 10_000;

    private final Holder.Rows rows;
    private final ConcurrentMap<String, Instant> pending = new ConcurrentHashMap<>();

    BearerUses(Holder.Rows rows) {
        this.rows = rows;
    }

    /** Notes a use, once a minute for each. */
    void note(BearerCache.Entry entry, Instant now) {
        long minute = Math.floorDiv(now.getEpochSecond(), 60L);
        long noted = entry.notedMinute().get();
        if (noted != minute && entry.notedMinute().compareAndSet(noted, minute) && pending.size() < BOUND) {
            pending.put(entry.holder().id(), now.truncatedTo(ChronoUnit.MINUTES));
        }
    }

    /** Writes down what was noted; what fails stays noted. Blocks. */
    void flush() {
        Map<String, Instant> batch = Map.copyOf(pending);
        if (!batch.isEmpty()) {
            rows.noteUses(batch);
            batch.forEach(pending::remove);
        }
    }
}
