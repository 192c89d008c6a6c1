package io.maestro.api.identity;

import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The record of attempts to overstep (story 1.2 of the multi-tenant sprint). Blocks on the database; any thread. */
@ProviderType
public interface SecurityEvents {
    /** Events, newest first. */
    Page<SecurityEvent> events(PageRequest page);

    /**
     * One attempt.
     *
     * @param id ascending
     * @param at when
     * @param rule which rule it broke: {@code unauthenticated}, {@code tenant-boundary}, {@code environment-boundary} or
     *     "role"; {@code suppressed} stands for further attempts within a second, whose number is the resource
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
