package io.maestro.adapter.spi.provisioning;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A user as the directory keeps it.
 *
 * @param id the directory's name of the user
 * @param externalId our own name; null when the directory keeps none
 * @param attributes what the directory knows
 * @param active whether the user may log in
 * @param groups the directory's names of the groups that the user is in; null when the directory does not say
 * @param roles the values of the user's roles; null when the directory has none or does not say
 * @param etag names this state of the user; null when the directory offers no such thing
 */
public record ProvisionedUser(
        String id,
        @Nullable String externalId,
        UserAttributes attributes,
        boolean active,
        @Nullable List<String> groups,
        @Nullable List<String> roles,
        @Nullable String etag) {
    /** Copies the lists. */
    public ProvisionedUser {
        groups = groups == null ? null : List.copyOf(groups);
        roles = roles == null ? null : List.copyOf(roles);
    }
}
