package io.maestro.adapters;

import io.maestro.api.telemetry.ScopedLog;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.lang.System.Logger;

/** Names an instance among those of all scopes. */
record InstanceKey(Scope scope, InstanceId instance) {
    /** For lines of the log about this instance. */
    ScopedLog log(Logger target) {
        return ScopedLog.of(target, scope, instance);
    }

    @Override
    public String toString() {
        return scope + "/" + instance;
    }
}
