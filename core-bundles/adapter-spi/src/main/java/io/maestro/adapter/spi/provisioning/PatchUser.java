package io.maestro.adapter.spi.provisioning;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Input of {@code patch_user}: sets single attributes and leaves the rest.
 *
 * @param id the directory's name of the user
 * @param set new values by attribute; at least one
 * @param ifMatch patch only this state of the user; null for no condition
 */
public record PatchUser(
        String id, Map<String, String> set, @Nullable String ifMatch) {
    /** Copies the map. */
    public PatchUser {
        set = Map.copyOf(set);
    }
}
