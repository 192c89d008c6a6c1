package io.maestro.api.telemetry;

import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/**
 * A logger whose lines say whom they concern. Cheap enough to be made for one line. Messages are written as they are:
 * braces in them mean nothing. Does not block but on the log; any thread.
 *
 * @param target writes the lines
 * @param fields what they carry
 */
public record ScopedLog(Logger target, LogFields fields) {
    /** For lines about a scope. */
    public static ScopedLog of(Logger target, Scope scope) {
        return of(target, scope.tenant(), scope.environment());
    }

    /** For lines about an instance. */
    public static ScopedLog of(Logger target, Scope scope, InstanceId instance) {
        return of(target, scope, instance, null);
    }

    /** For lines about one act on an instance; null when it has no correlation id. */
    public static ScopedLog of(Logger target, Scope scope, InstanceId instance, @Nullable String correlationId) {
        return new ScopedLog(target, new LogFields(scope.tenant(), scope.environment(), instance, correlationId));
    }

    /** For lines about a tenant, or about none when that is null; environment is null when all of it is meant. */
    public static ScopedLog of(Logger target, @Nullable TenantId tenant, @Nullable Environment environment) {
        return new ScopedLog(target, new LogFields(tenant, environment, null, null));
    }

    /** Whether lines of this level are written. */
    public boolean isLoggable(Level level) {
        return target.isLoggable(level);
    }

    /** Writes a line. */
    public void log(Level level, String message) {
        log(level, message, null);
    }

    /** Writes a line with what was thrown; null when nothing was. */
    public void log(Level level, String message, @Nullable Throwable thrown) {
        target.log(level, fields, message, thrown);
    }
}
