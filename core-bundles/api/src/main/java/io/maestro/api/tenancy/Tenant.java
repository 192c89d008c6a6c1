package io.maestro.api.tenancy;

import io.maestro.model.TenantId;
import java.time.Instant;

/**
 * The boundary of isolation, data and billing.
 *
 * @param id its name
 * @param displayName what people call it
 * @param createdAt when it was created
 */
public record Tenant(TenantId id, String displayName, Instant createdAt) {}
