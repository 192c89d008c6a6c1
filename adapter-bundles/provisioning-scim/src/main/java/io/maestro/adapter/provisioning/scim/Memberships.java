package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.MembershipState;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Groups and roles of users. Members of a group are kept with the group (RFC 7643, 4.2), and are added and removed one at a
 * time, without reading the others.
 */
final class Memberships {
    private final Connection connection;
    private final Accounts accounts;
    private final Settings.Roles roles;

    Memberships(Connection connection, Accounts accounts, Settings.Roles roles) {
        this.connection = connection;
        this.accounts = accounts;
        this.roles = roles;
    }

    /** Puts the user into the group, or takes it out. */
    MembershipState group(Membership request, boolean member, Instant deadline) {
        return inGroup(request, user(request, deadline), request.target(), member, deadline);
    }

    /** Gives the user the role, or takes it away. */
    MembershipState role(Membership request, boolean member, Instant deadline) {
        About about = About.user(request.userId(), List.of("roles"));
        return switch (roles) {
            case ATTRIBUTE -> inAttribute(request, member, about, deadline);
            case GROUPS -> {
                String user = user(request, deadline);
                yield inGroup(request, user, groupNamed(request, deadline), member, deadline);
            }
            case NONE ->
                throw Failures.problem(
                        ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                        about.subject() + ": the directory has no roles, as the instance is configured",
                        "Assign groups, or configure what a role is in the directory.");
        };
    }

    /** The user's id as the directory spells it: members are told apart by that. */
    private String user(Membership request, Instant deadline) {
        About about = About.user(request.userId(), List.of());
        return String.valueOf(accounts.get(request.userId(), about, deadline).get("id"));
    }

    /** Believes what the user shows afterwards; where users do not show their groups, a good answer has to do. */
    private MembershipState inGroup(Membership request, String user, String group, boolean member, Instant deadline) {
        About about = About.membership(request.userId(), request.target(), "members");
        if (!accounts.capabilities(deadline).patch()) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                    about.subject() + ": the directory has no PATCH, so members cannot be added and removed",
                    "Use a directory that offers PATCH.");
        }
        ScimRequest change = ScimRequest.of("PATCH", ScimRequest.group(group))
                .body(member ? Patch.add("members", user) : Patch.remove("members", user));
        Answer answer = connection.outcome(change, about, deadline);
        boolean wasNoMember =
                !member && answer.status() == 400 && answer.scimType().equals("noTarget");
        if (!answer.good() && !wasNoMember) {
            throw connection.problem(answer, about);
        }
        List<String> groups =
                Users.values(accounts.get(request.userId(), About.user(request.userId(), List.of("groups")), deadline)
                        .get("groups"));
        if (groups != null && groups.stream().anyMatch(group::equalsIgnoreCase) != member) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_FAILED,
                    about.subject() + ", attribute groups: the directory "
                            + (wasNoMember ? "knows no such member" : "takes the change")
                            + ", and says that the user is " + (member ? "not in the group" : "in the group still"),
                    "Change the group in the directory itself, and see whether the user is in it by a rule or by another group.");
        }
        return new MembershipState(request.userId(), request.target(), member);
    }

    private String groupNamed(Membership request, Instant deadline) {
        About about = About.membership(request.userId(), request.target(), "roles");
        Page page = Page.of(
                connection.object(
                        ScimRequest.of("GET", "/Groups")
                                .query("filter", Filter.equal("displayName", request.target()))
                                .query("excludedAttributes", "members")
                                .query("count", "2"),
                        about,
                        deadline),
                about);
        List<Map<String, @Nullable Object>> named = page.resources().stream()
                .filter(group -> request.target().equals(group.get("displayName")))
                .toList();
        if (named.size() == 1 && named.getFirst().get("id") instanceof String id) {
            return id;
        }
        throw Failures.problem(
                ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND,
                about.subject() + ": the directory has " + (named.isEmpty() ? "no group" : "more than one group")
                        + " of that display name",
                "Make one group of the role's name in the directory.");
    }

    private MembershipState inAttribute(Membership request, boolean member, About about, Instant deadline) {
        String role = request.target();
        List<String> before =
                roles(accounts.get(request.userId(), about, deadline).get("roles"));
        if (before.contains(role) == member) {
            return new MembershipState(request.userId(), role, member);
        }
        ProvisionedUser after = accounts.change(
                new Change(
                        request.userId(),
                        about,
                        false,
                        user -> member ? Patch.add("roles", role) : Patch.remove("roles", role),
                        user -> Users.with(user, "roles", with(user.get("roles"), role, member)),
                        null),
                deadline);
        List<String> now = after.roles();
        if ((now != null && now.contains(role)) != member) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_UNSUPPORTED,
                    about.subject() + ": the directory takes the change and keeps the roles as they were",
                    "Configure what a role is in the directory; it may be a group.");
        }
        return new MembershipState(request.userId(), role, member);
    }

    /** The same roles, with what else the directory says of them, and this one added or left out. */
    private static List<Object> with(@Nullable Object before, String role, boolean member) {
        List<Object> all = new ArrayList<>();
        if (before instanceof List<?> kept) {
            for (Object one : kept) {
                if (!roles(List.of(one)).contains(role)) {
                    all.add(one);
                }
            }
        }
        if (member) {
            all.add(Map.of("value", role));
        }
        return all;
    }

    private static List<String> roles(@Nullable Object attribute) {
        List<String> values = Users.values(attribute);
        return values == null ? List.of() : values;
    }
}
