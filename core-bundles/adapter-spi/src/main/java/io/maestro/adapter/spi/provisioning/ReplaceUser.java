package io.maestro.adapter.spi.provisioning;

import org.jspecify.annotations.Nullable;

/**
 * Input of {@code replace_user}: afterwards the user has these attributes and no others of {@link UserAttributes}. Whether
 * the user is active stays as it is.
 *
 * @param id the directory's name of the user
 * @param attributes all that the directory is to know
 * @param ifMatch replace only this state of the user; null for no condition
 */
public record ReplaceUser(
        String id, UserAttributes attributes, @Nullable String ifMatch) {}
