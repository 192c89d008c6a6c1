package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.MembershipState;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.ProvisioningRules;
import io.maestro.adapter.spi.provisioning.ReplaceUser;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserList;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.model.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A sound adapter over directories in memory. The broken ones extend it. */
class SampleDirectory implements UserDirectory {
    final AdapterContext context;
    final SampleConfiguration configuration;
    private final SampleSystem system;
    private final SampleDoor door;
    private volatile boolean closed;

    SampleDirectory(SampleSystem system, AdapterContext context) {
        this.system = system;
        this.context = context;
        this.configuration = context.configuration(SampleConfiguration.class);
        this.door = new SampleDoor(context, configuration);
    }

    String placeName() {
        return configuration.place();
    }

    final SampleSystem.Place place() {
        return system.place(placeName());
    }

    /** Checks a request by the rules that every directory shares. */
    void check(Runnable rules) {
        rules.run();
    }

    /** Asks the outside system to be let in. */
    void enter(Instant deadline) {
        if (closed) {
            throw SampleDoor.problem(ProvisioningProblem.PROVISIONING_CLOSED, "the instance was closed")
                    .asException();
        }
        door.enter(placeName(), deadline);
    }

    /** Names the state that the user is in now; null for none. */
    @Nullable
    String etag(ProvisionedUser user) {
        return "W/\"" + UUID.randomUUID() + "\"";
    }

    /** Keeps the user, and gives it as it is shown. */
    final ProvisionedUser keep(ProvisionedUser user) {
        ProvisionedUser kept = new ProvisionedUser(
                user.id(), user.externalId(), user.attributes(), user.active(), null, user.roles(), etag(user));
        place().users().put(kept.id(), kept);
        return shown(kept);
    }

    /** The user with the groups that it is in. */
    ProvisionedUser shown(ProvisionedUser user) {
        List<String> groups = place().groups().entrySet().stream()
                .filter(group -> group.getValue().contains(user.id()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new ProvisionedUser(
                user.id(), user.externalId(), user.attributes(), user.active(), groups, user.roles(), user.etag());
    }

    /** The user without its groups. */
    ProvisionedUser user(String id) {
        ProvisionedUser user = place().users().get(id);
        if (user == null) {
            throw SampleDoor.problem(
                            ProvisioningProblem.PROVISIONING_USER_NOT_FOUND, "the user \"" + id + "\" is not there")
                    .asException();
        }
        return user;
    }

    /** The first user like that, without its groups; null when there is none. */
    final @Nullable ProvisionedUser first(Predicate<ProvisionedUser> like) {
        return place().users().values().stream().filter(like).findFirst().orElse(null);
    }

    void requireUnique(String name, @Nullable String id, String userName) {
        if (first(user -> user.attributes().userName().equals(userName)
                        && !user.id().equals(id))
                != null) {
            throw SampleDoor.problem(
                            ProvisioningProblem.PROVISIONING_USER_EXISTS,
                            "the user \"" + name + "\", attribute userName: another has it")
                    .asException();
        }
    }

    @Override
    public ProvisionedUser createUser(CallContext call, CreateUser request) {
        check(() -> ProvisioningRules.check(request));
        enter(call.deadline());
        synchronized (place()) {
            return add(request);
        }
    }

    ProvisionedUser add(CreateUser request) {
        ProvisionedUser there = first(user -> request.externalId().equals(user.externalId()));
        if (there != null) {
            return shown(there);
        }
        requireUnique(
                request.attributes().userName(), null, request.attributes().userName());
        return keep(made(request));
    }

    final ProvisionedUser made(CreateUser request) {
        return new ProvisionedUser(
                UUID.randomUUID().toString(),
                request.externalId(),
                request.attributes(),
                ProvisioningRules.active(request),
                null,
                List.of(),
                null);
    }

    @Override
    public ProvisionedUser getUser(CallContext call, UserReference request) {
        check(() -> ProvisioningRules.check(request));
        enter(call.deadline());
        synchronized (place()) {
            return shown(user(request.id()));
        }
    }

    @Override
    public UserList listUsers(CallContext call, ListUsers request) {
        check(() -> ProvisioningRules.check(request));
        int start = start(request.cursor());
        enter(call.deadline());
        synchronized (place()) {
            List<ProvisionedUser> all = place().users().values().stream()
                    .filter(user -> fits(request, user))
                    .map(this::shown)
                    .toList();
            return page(all, Math.min(start, all.size()), ProvisioningRules.limit(request));
        }
    }

    boolean fits(ListUsers request, ProvisionedUser user) {
        return (request.userName() == null
                        || request.userName().equals(user.attributes().userName()))
                && (request.externalId() == null || request.externalId().equals(user.externalId()));
    }

    UserList page(List<ProvisionedUser> all, int start, int limit) {
        int end = Math.min(all.size(), start + limit);
        return new UserList(all.subList(start, end), end < all.size() ? Integer.toString(end) : null);
    }

    private static int start(@Nullable String cursor) {
        if (cursor == null) {
            return 0;
        }
        if (cursor.matches("\\d{1,8}")) {
            return Integer.parseInt(cursor);
        }
        throw SampleDoor.problem(ProvisioningProblem.PROVISIONING_REQUEST_INVALID, "the cursor is none of ours")
                .asException();
    }

    @Override
    public ProvisionedUser replaceUser(CallContext call, ReplaceUser request) {
        check(() -> ProvisioningRules.check(request));
        return change(call, request.id(), request.ifMatch(), user -> replaced(user, request.attributes()));
    }

    ProvisionedUser replaced(ProvisionedUser user, UserAttributes attributes) {
        requireUnique(user.id(), user.id(), attributes.userName());
        return new ProvisionedUser(user.id(), user.externalId(), attributes, user.active(), null, user.roles(), null);
    }

    @Override
    public ProvisionedUser patchUser(CallContext call, PatchUser request) {
        check(() -> ProvisioningRules.check(request));
        return change(call, request.id(), request.ifMatch(), user -> replaced(user, patched(user, request.set())));
    }

    UserAttributes patched(ProvisionedUser user, Map<String, String> set) {
        UserAttributes old = user.attributes();
        return new UserAttributes(
                set.getOrDefault("userName", old.userName()),
                set.getOrDefault("givenName", old.givenName()),
                set.getOrDefault("familyName", old.familyName()),
                set.getOrDefault("displayName", old.displayName()),
                old.emails());
    }

    @Override
    public ProvisionedUser deactivateUser(CallContext call, UserReference request) {
        check(() -> ProvisioningRules.check(request));
        return change(call, request.id(), null, user -> active(user, false));
    }

    @Override
    public ProvisionedUser reactivateUser(CallContext call, UserReference request) {
        check(() -> ProvisioningRules.check(request));
        return change(call, request.id(), null, user -> active(user, true));
    }

    ProvisionedUser active(ProvisionedUser user, boolean active) {
        return new ProvisionedUser(user.id(), user.externalId(), user.attributes(), active, null, user.roles(), null);
    }

    /** Changes the user if the condition holds, in one step. */
    ProvisionedUser change(
            CallContext call, String id, @Nullable String ifMatch, UnaryOperator<ProvisionedUser> change) {
        enter(call.deadline());
        synchronized (place()) {
            ProvisionedUser user = user(id);
            requireCondition(user, ifMatch);
            return keep(change.apply(user));
        }
    }

    void requireCondition(ProvisionedUser user, @Nullable String ifMatch) {
        if (ifMatch != null && !ifMatch.equals(user.etag())) {
            throw SampleDoor.problem(
                            ProvisioningProblem.PROVISIONING_PRECONDITION_FAILED,
                            "the user \"" + user.id() + "\" is in another state")
                    .asException();
        }
    }

    @Override
    public MembershipState assignGroup(CallContext call, Membership request) {
        return group(call, request, true);
    }

    @Override
    public MembershipState removeGroup(CallContext call, Membership request) {
        return group(call, request, false);
    }

    private MembershipState group(CallContext call, Membership request, boolean member) {
        check(() -> ProvisioningRules.check(request));
        enter(call.deadline());
        synchronized (place()) {
            requireUser(request.userId());
            group(members(request.target()), request.userId(), member);
            return new MembershipState(request.userId(), request.target(), member);
        }
    }

    void requireUser(String id) {
        user(id);
    }

    Set<String> members(String group) {
        Set<String> members = place().groups().get(group);
        if (members == null) {
            throw SampleDoor.problem(
                            ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND,
                            "the group \"" + group + "\" is not there")
                    .asException();
        }
        return members;
    }

    void group(Set<String> members, String user, boolean member) {
        if (member) {
            members.add(user);
        } else {
            members.remove(user);
        }
    }

    @Override
    public MembershipState assignRole(CallContext call, Membership request) {
        return role(call, request, true);
    }

    @Override
    public MembershipState removeRole(CallContext call, Membership request) {
        return role(call, request, false);
    }

    private MembershipState role(CallContext call, Membership request, boolean member) {
        check(() -> ProvisioningRules.check(request));
        change(call, request.userId(), null, user -> {
            List<String> roles = new ArrayList<>(user.roles() == null ? List.of() : user.roles());
            role(roles, request.target(), member);
            return new ProvisionedUser(
                    user.id(), user.externalId(), user.attributes(), user.active(), null, roles, null);
        });
        return new MembershipState(request.userId(), request.target(), member);
    }

    void role(List<String> roles, String role, boolean member) {
        roles.remove(role);
        if (member) {
            roles.add(role);
        }
    }

    @Override
    public Health health() {
        try {
            enter(context.clock().instant().plus(Duration.ofSeconds(10)));
            return new Health.Up();
        } catch (ProblemException e) {
            return new Health.Down(e.problem().detail());
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
