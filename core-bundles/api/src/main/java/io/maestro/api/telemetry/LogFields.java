package io.maestro.api.telemetry;

import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.TenantId;
import java.util.Collections;
import java.util.Enumeration;
import java.util.ResourceBundle;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whom a line of the log concerns. Travels with the line as its resource bundle, which every {@link System.Logger} hands
 * on, so that no thread has to remember it; the launcher's log writes the fields beside the message. As a bundle it
 * translates nothing. Immutable; any thread.
 */
public final class LogFields extends ResourceBundle {
    private static final int LONGEST = 100;

    private final @Nullable TenantId tenant;
    private final @Nullable Environment environment;
    private final @Nullable InstanceId instance;
    private final @Nullable String correlationId;

    /** What is not known is null. A correlation id that is too long to be one is cut. */
    public LogFields(
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            @Nullable InstanceId instance,
            @Nullable String correlationId) {
        this.tenant = tenant;
        this.environment = environment;
        this.instance = instance;
        this.correlationId = correlationId == null || correlationId.length() <= LONGEST
                ? correlationId
                : correlationId.substring(0, LONGEST);
    }

    /** Shows each field that is known, by its name in the log. */
    public void forEach(BiConsumer<String, String> look) {
        if (tenant != null) {
            look.accept("tenant", tenant.value());
        }
        if (environment != null) {
            look.accept("environment", environment.value());
        }
        if (instance != null) {
            look.accept("instance", instance.value());
        }
        if (correlationId != null) {
            look.accept("correlationId", correlationId);
        }
    }

    /** Tenant, environment and instance as people write them, for example {@code acme/prod/files}; empty for none. */
    public String place() {
        StringBuilder place = new StringBuilder();
        forEach((name, value) -> {
            if (!name.equals("correlationId")) {
                place.append(place.isEmpty() ? "" : "/").append(value);
            }
        });
        return place.toString();
    }

    /** The key itself: a message of ours is its own text. */
    @Override
    protected Object handleGetObject(String key) {
        return key;
    }

    @Override
    public Enumeration<String> getKeys() {
        return Collections.emptyEnumeration();
    }

    @Override
    public String toString() {
        return "LogFields[" + place() + (correlationId == null ? "" : ", " + correlationId) + "]";
    }
}
