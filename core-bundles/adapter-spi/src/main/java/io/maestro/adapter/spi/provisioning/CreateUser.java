package io.maestro.adapter.spi.provisioning;

import org.jspecify.annotations.Nullable;

/**
 * Input of {@code create_user}.
 *
 * @param externalId our own name of the user, which makes a repeated create find the first one
 * @param attributes what the directory is told
 * @param active whether the user may log in at once; true when null
 */
public record CreateUser(
        String externalId,
        UserAttributes attributes,
        @Nullable Boolean active) {}
