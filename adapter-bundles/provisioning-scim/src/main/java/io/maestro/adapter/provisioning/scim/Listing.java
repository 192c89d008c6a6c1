package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.ProvisioningRules;
import io.maestro.adapter.spi.provisioning.UserList;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lists users, one request to the directory for a page. */
final class Listing {
    private final Connection connection;
    private final Accounts accounts;
    private final int pageSize;

    Listing(Connection connection, Accounts accounts, int pageSize) {
        this.connection = connection;
        this.accounts = accounts;
        this.pageSize = pageSize;
    }

    UserList page(ListUsers request, Instant deadline) {
        int start = start(request.cursor());
        int count = Math.min(ProvisioningRules.limit(request), pageSize);
        ScimRequest list = ScimRequest.of("GET", "/Users")
                .query("startIndex", Integer.toString(start))
                .query("count", Integer.toString(count));
        String filter = filter(request);
        About about = About.users();
        Page page = Page.of(
                connection.object(filter == null ? list : list.query("filter", filter), about, deadline), about);
        requireFiltered(page, request);
        // of the first page it does not matter what the directory calls it
        if (start > 1
                && page.start().isPresent()
                && page.start().getAsInt() != start
                && !page.resources().isEmpty()) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                    "the list of users: the directory was asked to begin at " + start + " and began at "
                            + page.start().getAsInt(),
                    "Find users by userName or externalId, or use a directory that gives lists in pages.");
        }
        boolean etags = accounts.capabilities(deadline).etag();
        List<ProvisionedUser> users = page.resources().stream()
                .limit(count)
                .map(user -> Users.read(user, about, etags))
                .toList();
        long end = (long) start - 1 + users.size();
        if (users.isEmpty() && start <= page.total()) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_FAILED,
                    "the list of users: the directory says that it has " + page.total() + " and gives none from "
                            + start + " on",
                    "List again from the first page; if it lasts, see what the token of the instance may read in the directory.");
        }
        boolean more = end < page.total() && end < Integer.MAX_VALUE - 1;
        return new UserList(users, more ? Long.toString(end + 1) : null);
    }

    private static @Nullable String filter(ListUsers request) {
        String userName = request.userName();
        String externalId = request.externalId();
        if (userName == null) {
            return externalId == null ? null : Filter.equal("externalId", externalId);
        }
        String byName = Filter.equal("userName", userName);
        return externalId == null ? byName : Filter.both(byName, Filter.equal("externalId", externalId));
    }

    /** A directory that does not understand a filter may leave it out, and give users that nobody asked for. */
    private static void requireFiltered(Page page, ListUsers request) {
        for (Map<String, @Nullable Object> user : page.resources()) {
            boolean asked = (request.userName() == null
                            || request.userName().equalsIgnoreCase(String.valueOf(user.get("userName"))))
                    && (request.externalId() == null || request.externalId().equals(user.get("externalId")));
            if (!asked) {
                throw Failures.problem(
                        ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                        "the list of users: the directory gives users that the condition does not fit",
                        "List without a condition, or use a directory that filters by userName and externalId.");
            }
        }
    }

    private static int start(@Nullable String cursor) {
        if (cursor == null) {
            return 1;
        }
        if (cursor.matches("[1-9]\\d{0,9}") && Long.parseLong(cursor) < Integer.MAX_VALUE) {
            return Integer.parseInt(cursor);
        }
        throw Failures.problem(
                ProvisioningProblem.PROVISIONING_REQUEST_INVALID,
                "the cursor is not one of this directory",
                "Send the next of the page before, or none for the first page.");
    }
}
