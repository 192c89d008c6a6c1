package io.maestro.api.identity;

import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The record of attempts to overstep (story 1.2 of the multi-tenant sprint). Blocks on the database; any thread. */
@ProviderType
public interface SecurityEvents {
    /** Events that fit, newest first. */
    Page<SecurityEvent> events(Filter filter, PageRequest page);

    /**
     * Which events; what is null does not matter.
     *
     * @param tenant whose resource was asked for
     * @param rule which rule was broken
     * @param principal whose attempt it was
     * @param from not before
     * @param until before
     */
    record Filter(
            @Nullable TenantId tenant,
            @Nullable Rule rule,
            @Nullable String principal,
            @Nullable Instant from,
            @Nullable Instant until) {
        /** All events. */
        public static final Filter ALL = new Filter(null, null, null, null, null);
    }

    /**
     * One attempt.
     *
     * @param id ascending
     * @param at when
     * @param rule which {@link Rule} it broke; {@code suppressed} stands for further attempts within a second, whose
     *     number is the resource
     * @param principal who; null when unknown
     * @param tenant whose resource was asked for; null for the installation's
     * @param environment of which environment; null when none was named
     * @param address from where
     * @param method how
     * @param resource which
     * @param correlationId follows the request through logs
     */
    record SecurityEvent(
            long id,
            Instant at,
            String rule,
            @Nullable String principal,
            @Nullable String tenant,
            @Nullable String environment,
            String address,
            String method,
            String resource,
            String correlationId) {}
}
