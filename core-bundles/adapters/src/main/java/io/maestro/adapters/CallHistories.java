package io.maestro.adapters;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The histories of all instances that have been called on this node; they outlast reopening. Any thread. */
final class CallHistories {
    private final Map<InstanceKey, CallHistory> all = new ConcurrentHashMap<>();

    /** The history of an instance, made when there is none. */
    CallHistory of(InstanceKey key) {
        return all.computeIfAbsent(key, any -> new CallHistory());
    }

    /** The history of an instance, if it has been called. */
    @Nullable
    CallHistory present(InstanceKey key) {
        return all.get(key);
    }

    /** The instance is no more. */
    void forget(InstanceKey key) {
        all.remove(key);
    }
}
