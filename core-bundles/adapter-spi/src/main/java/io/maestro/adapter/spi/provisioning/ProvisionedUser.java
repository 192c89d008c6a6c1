package io.maestro.adapter.spi.provisioning;

import org.jspecify.annotations.Nullable;

/**
 * A user as the directory keeps it.
 *
 * @param id the directory's name of the user
 * @param externalId our own name; null when the directory keeps none
 * @param attributes what the directory knows
 * @param active whether the user may log in
 * @param etag names this state of the user; null when the directory offers no such thing
 */
public record ProvisionedUser(
        String id,
        @Nullable String externalId,
        UserAttributes attributes,
        boolean active,
        @Nullable String etag) {}
