package io.maestro.adapter.provisioning.scim;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a user.
 *
 * @param id the directory's name of the user
 * @param about for the message when it fails
 * @param patch the change as a PATCH; null when the user is replaced
 * @param whole the change of the whole user, for directories that have no PATCH
 * @param ifMatch change only this state of the user; null for no condition
 */
record Change(
        String id,
        About about,
        @Nullable Map<String, ?> patch,
        UnaryOperator<Map<String, @Nullable Object>> whole,
        @Nullable String ifMatch) {}
