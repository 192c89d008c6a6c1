package io.maestro.adapter.provisioning.scim;

import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is to become of a user.
 *
 * @param id the directory's name of the user
 * @param about for the message when it fails
 * @param replaces whether it depends on how the user was before
 * @param patch the change as a PATCH of the user as it was; of an empty one unless it {@code replaces}
 * @param whole the change of the whole user, for directories that have no PATCH
 * @param ifMatch change only this state of the user; null for no condition
 */
record Change(
        String id,
        About about,
        boolean replaces,
        Function<Map<String, @Nullable Object>, Map<String, ?>> patch,
        UnaryOperator<Map<String, @Nullable Object>> whole,
        @Nullable String ifMatch) {}
