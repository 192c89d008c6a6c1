package io.maestro.api.tenancy;

import io.maestro.model.Scope;
import java.time.Instant;

/**
 * A stage within a tenant.
 *
 * @param scope the tenant and the environment's name
 * @param createdAt when it was created
 */
public record TenantEnvironment(Scope scope, Instant createdAt) {}
