package io.maestro.adapter.spi.provisioning;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a directory is told of a person. {@link ProvisioningRules} bounds it.
 *
 * @param userName the name the user logs in with, unique in the directory
 * @param givenName first name; null when unknown
 * @param familyName last name; null when unknown
 * @param displayName the name shown to others; null to leave it to the directory
 * @param emails addresses, the first is the primary one; null is the same as empty
 */
public record UserAttributes(
        String userName,
        @Nullable String givenName,
        @Nullable String familyName,
        @Nullable String displayName,
        @Nullable List<String> emails) {
    /** Copies the list. */
    public UserAttributes {
        emails = emails == null ? null : List.copyOf(emails);
    }
}
