package io.maestro.adapters;

import io.maestro.model.DefinitionId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the instances that wait opens next: those that somebody waits for before the others, few at once, and of one
 * adapter's version no more than its share. Belongs to the reconciler's thread.
 */
final class OpeningOrder {
    /** How many instances of one definition open at once; other definitions do not wait for them. */
    private static final int OF_ONE_DEFINITION = 16;

    /** An opening that takes longer holds up nobody but others of its definition. */
    private static final long SOON_NANOS = Duration.ofSeconds(1).toNanos();

    private final Map<InstanceKey, DefinitionId> waiting = new HashMap<>();
    private final Map<InstanceKey, DefinitionId> opening = new HashMap<>();
    private final Map<DefinitionId, Line> lines = new HashMap<>();

    /** The lines that have somebody to send and a place to send them to. */
    private final Set<Line> urgent = new LinkedHashSet<>();

    private final Set<Line> patient = new LinkedHashSet<>();

    /** When those began that have not taken long yet; the eldest first. */
    private final Map<InstanceKey, Long> fresh = new LinkedHashMap<>();

    /** Those of one definition. */
    private static final class Line {
        private final Set<InstanceKey> called = new LinkedHashSet<>();
        private final Set<InstanceKey> others = new LinkedHashSet<>();
        private int opening;
    }

    /** Lets the instance wait for its turn; one that waits already keeps its place. */
    void add(InstanceKey instance, DefinitionId definition) {
        DefinitionId before = waiting.get(instance);
        if (definition.equals(before)) {
            return;
        }
        boolean called = before != null && line(before).called.contains(instance);
        remove(instance);
        waiting.put(instance, definition);
        Line line = line(definition);
        (called ? line.called : line.others).add(instance);
        sort(definition, line);
    }

    /** Somebody waits for the instance; nothing when it does not wait for its turn. */
    void call(InstanceKey instance) {
        DefinitionId definition = waiting.get(instance);
        if (definition != null) {
            Line line = line(definition);
            if (line.others.remove(instance)) {
                line.called.add(instance);
            }
            sort(definition, line);
        }
    }

    /** The instance does not wait any more. */
    void remove(InstanceKey instance) {
        DefinitionId definition = waiting.remove(instance);
        if (definition != null) {
            Line line = line(definition);
            line.called.remove(instance);
            line.others.remove(instance);
            sort(definition, line);
        }
    }

    boolean isWaiting(InstanceKey instance) {
        return waiting.containsKey(instance);
    }

    /**
     * The one that opens now, and is to be {@link #ended}; null when nobody waits or there is no place.
     *
     * @param most how many may open at once for whom nobody waits
     * @param now in nanoseconds, of {@link System#nanoTime}
     */
    @Nullable
    InstanceKey next(int most, long now) {
        boolean isCalled = !urgent.isEmpty();
        if (!isCalled && (patient.isEmpty() || freshOnes(now) >= most)) {
            return null;
        }
        Line line = (isCalled ? urgent : patient).iterator().next();
        Iterator<InstanceKey> instances = (isCalled ? line.called : line.others).iterator();
        InstanceKey instance = instances.next();
        instances.remove();
        DefinitionId definition = definitionOf(instance);
        opening.put(instance, definition);
        fresh.put(instance, now);
        line.opening++;
        // behind the other lines
        urgent.remove(line);
        patient.remove(line);
        sort(definition, line);
        return instance;
    }

    private DefinitionId definitionOf(InstanceKey instance) {
        DefinitionId definition = waiting.remove(instance);
        if (definition == null) {
            throw new IllegalStateException(instance + " stands in a line and does not wait");
        }
        return definition;
    }

    private int freshOnes(long now) {
        Iterator<Long> begun = fresh.values().iterator();
        while (begun.hasNext() && now - begun.next() >= SOON_NANOS) {
            begun.remove();
        }
        return fresh.size();
    }

    /** It is open, or could not be opened; nothing when it was not opening. */
    void ended(InstanceKey instance) {
        DefinitionId definition = opening.remove(instance);
        if (definition != null) {
            fresh.remove(instance);
            Line line = line(definition);
            line.opening--;
            sort(definition, line);
        }
    }

    /**
     * How long until an opening that lasts stands in nobody's way, in nanoseconds; {@link Long#MAX_VALUE} when nobody waits for
     * that.
     */
    long untilPlace(long now) {
        if (patient.isEmpty() || fresh.isEmpty()) {
            return Long.MAX_VALUE;
        }
        return Math.max(0, fresh.values().iterator().next() + SOON_NANOS - now);
    }

    private Line line(DefinitionId definition) {
        return lines.computeIfAbsent(definition, any -> new Line());
    }

    private void sort(DefinitionId definition, Line line) {
        boolean free = line.opening < OF_ONE_DEFINITION;
        keep(urgent, line, free && !line.called.isEmpty());
        keep(patient, line, free && !line.others.isEmpty());
        if (line.opening == 0 && line.called.isEmpty() && line.others.isEmpty()) {
            lines.remove(definition);
        }
    }

    private static void keep(Set<Line> some, Line line, boolean wanted) {
        if (wanted) {
            some.add(line);
        } else {
            some.remove(line);
        }
    }
}
