package io.maestro.api.identity;

import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated person or program.
 *
 * @param id stable and unique, for logs and receipts; for a token {@code token:ID}
 * @param name what people call it
 * @param role what it may do
 * @param tenant the one tenant it is confined to; null only for platform roles
 * @param environment the one environment it is confined to; null for all of the tenant
 */
public record Principal(
        String id,
        String name,
        Role role,
        @Nullable TenantId tenant,
        @Nullable Environment environment) {
    /** A role within a tenant needs the tenant; an environment needs it too. */
    public Principal {
        if ((role != Role.PLATFORM_ADMIN && tenant == null) || (environment != null && tenant == null)) {
            throw new IllegalArgumentException("a principal of role " + role + " is confined to a tenant");
        }
    }
}
