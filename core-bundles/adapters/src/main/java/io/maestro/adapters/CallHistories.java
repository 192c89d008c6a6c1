package io.maestro.adapters;

import io.maestro.api.adapters.InstanceHealth;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The histories of all instances that have been called on this node; they outlast reopening. Any thread. */
final class CallHistories {
    /** How many calls are kept of an instance whose turn came when {@link InstanceHealth#INSTANCES} others had been called. */
    static final int FEW = 5;

    private final ConcurrentHashMap<InstanceKey, CallHistory> all = new ConcurrentHashMap<>();

    /** The history of an instance, made when there is none. */
    CallHistory of(InstanceKey key) {
        return all.computeIfAbsent(key, any -> new CallHistory(calls()));
    }

    /** Single calls are what costs most: tens of thousands of instances shall not fill the heap with them. */
    private int calls() {
        return all.mappingCount() < InstanceHealth.INSTANCES ? InstanceHealth.CALLS : FEW;
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
