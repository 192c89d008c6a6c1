package io.maestro.adapters;

import io.maestro.model.AdapterName;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which of the instances that wait for a move begins it next: the adapters in turn, and none of them with more than its share, so
 * that one whose versions take their time to open, or hang, leaves places to the others. Belongs to the reconciler's thread.
 */
final class MovingOrder {
    private final int most;
    private final int ofOne;

    private final Map<InstanceKey, AdapterName> waiting = new HashMap<>();
    private final Map<InstanceKey, AdapterName> moving = new HashMap<>();
    private final Map<AdapterName, Line> lines = new HashMap<>();

    /** The adapters that have somebody to send and a place of their share. */
    private final Map<AdapterName, Line> ready = new LinkedHashMap<>();

    /** The instances of one adapter. */
    private static final class Line {
        private final Set<InstanceKey> instances = new LinkedHashSet<>();
        private int moving;
    }

    /** So many at once, and so many of one adapter. */
    MovingOrder(int most, int ofOne) {
        this.most = most;
        this.ofOne = ofOne;
    }

    /** Lets the instance wait for its turn; one that waits already keeps its place. */
    void add(InstanceKey instance, AdapterName adapter) {
        if (moving.containsKey(instance)) {
            throw new IllegalStateException(instance + " is moving");
        }
        if (waiting.putIfAbsent(instance, adapter) == null) {
            Line line = lines.computeIfAbsent(adapter, any -> new Line());
            line.instances.add(instance);
            sort(adapter, line);
        }
    }

    /** The instance does not wait any more. */
    void remove(InstanceKey instance) {
        AdapterName adapter = waiting.remove(instance);
        if (adapter != null) {
            Line line = line(adapter);
            line.instances.remove(instance);
            sort(adapter, line);
        }
    }

    /** The one that begins now, and whose work is to be {@link #ended}; null when nobody waits or there is no place. */
    @Nullable
    InstanceKey next() {
        if (moving.size() >= most || ready.isEmpty()) {
            return null;
        }
        Map.Entry<AdapterName, Line> first = ready.entrySet().iterator().next();
        AdapterName adapter = first.getKey();
        Line line = first.getValue();
        Iterator<InstanceKey> instances = line.instances.iterator();
        InstanceKey instance = instances.next();
        instances.remove();
        waiting.remove(instance);
        moving.put(instance, adapter);
        line.moving++;
        // behind the others
        ready.remove(adapter);
        sort(adapter, line);
        return instance;
    }

    /** Its place is free; nothing when it had none. */
    void ended(InstanceKey instance) {
        AdapterName adapter = moving.remove(instance);
        if (adapter != null) {
            Line line = line(adapter);
            line.moving--;
            sort(adapter, line);
        }
    }

    private Line line(AdapterName adapter) {
        Line line = lines.get(adapter);
        if (line == null) {
            throw new IllegalStateException(adapter + " has instances and no line");
        }
        return line;
    }

    private void sort(AdapterName adapter, Line line) {
        if (line.moving < ofOne && !line.instances.isEmpty()) {
            ready.putIfAbsent(adapter, line);
        } else {
            ready.remove(adapter);
        }
        if (line.moving == 0 && line.instances.isEmpty()) {
            lines.remove(adapter);
        }
    }
}
