package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.Secret;
import org.jspecify.annotations.Nullable;

/**
 * How an instance is configured.
 *
 * @param baseUrl what the endpoints are below
 * @param token the bearer token
 * @param roles {@code attribute}, {@code groups} or {@code none}; {@code attribute} when null
 * @param pageSize for how many users to ask at a time; 100 when null
 * @param timeoutSeconds how long one answer may take; 15 when null
 */
record ScimConfiguration(
        String baseUrl,
        Secret token,
        @Nullable String roles,
        @Nullable Integer pageSize,
        @Nullable Integer timeoutSeconds) {}
