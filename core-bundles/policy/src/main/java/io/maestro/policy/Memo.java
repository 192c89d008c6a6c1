package io.maestro.policy;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.PolicyInput;
import io.maestro.model.Actor.Standing;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Decisions that hold for the same question again, for a minute. Only such as allow, and only where the packs look at
 * nothing that differs each time. Bounded: when full, what is new is not kept until others
 * have lasted.
 */
final class Memo {
    static final long LASTS_NANOS = TimeUnit.SECONDS.toNanos(60);

    private static final int MOST = 8_192;

    private final ConcurrentMap<Key, Entry> entries = new ConcurrentHashMap<>();
    private final Queue<Entry> replaced = new ConcurrentLinkedQueue<>();

    /** All of a question but its correlation id and its time. */
    private record Key(
            EntryPoint entryPoint,
            String action,
            String actor,
            Standing standing,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            String subjectType,
            String subject,
            Map<String, Json> more) {
        static Key of(PolicyInput input) {
            return new Key(
                    input.entryPoint(),
                    input.action(),
                    input.actor().id(),
                    input.actor().standing(),
                    input.tenant(),
                    input.environment(),
                    input.subjectType(),
                    input.subject(),
                    input.more());
        }
    }

    private record Entry(Decision decision, long since, LongAdder again) {}

    /** What was decided on it; null when that is not known, or not any more. */
    @Nullable
    Decision find(PolicyInput input, long now) {
        Entry entry = entries.get(Key.of(input));
        if (entry == null || now - entry.since > LASTS_NANOS) {
            return null;
        }
        entry.again.increment();
        return entry.decision;
    }

    /** Keeps a decision that allows. */
    void keep(PolicyInput input, Decision decision, long now) {
        if (entries.size() < MOST) {
            Entry before = entries.put(Key.of(input), new Entry(decision, now, new LongAdder()));
            if (before != null) {
                replaced.add(before);
            }
        }
    }

    /** How often each decision was given again since the last time; forgets those that have lasted. */
    Map<UUID, Long> drain(long now) {
        Map<UUID, Long> again = new HashMap<>();
        for (Entry before = replaced.poll(); before != null; before = replaced.poll()) {
            add(again, before);
        }
        entries.forEach((key, entry) -> {
            if (!add(again, entry) && now - entry.since > LASTS_NANOS) {
                entries.remove(key, entry);
            }
        });
        return again;
    }

    private static boolean add(Map<UUID, Long> again, Entry entry) {
        long times = entry.again.sumThenReset();
        if (times > 0) {
            again.merge(entry.decision.id(), times, Long::sum);
        }
        return times > 0;
    }
}
