package io.maestro.adapters;

import io.maestro.model.InstanceId;
import io.maestro.model.Scope;

/** Names an instance among those of all scopes. */
record InstanceKey(Scope scope, InstanceId instance) {
    @Override
    public String toString() {
        return scope + "/" + instance;
    }
}
