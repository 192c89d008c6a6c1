package io.maestro.adapter.spi.provisioning;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Output of {@code list_users}: one page.
 *
 * @param users in the directory's own order
 * @param next continues after the last user; null when this was the last page
 */
public record UserList(
        List<ProvisionedUser> users, @Nullable String next) {
    /** Copies the list. */
    public UserList {
        users = List.copyOf(users);
    }
}
