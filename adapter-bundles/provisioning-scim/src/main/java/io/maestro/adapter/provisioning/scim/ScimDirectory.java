package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.SecretRotation;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.MembershipState;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.ProvisioningRules;
import io.maestro.adapter.spi.provisioning.ReplaceUser;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserList;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.model.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Users of a directory that speaks SCIM 2.0. Owns no thread, keeps no user, and never retries. */
final class ScimDirectory implements UserDirectory, SecretRotation {
    private static final Duration HEALTH = Duration.ofSeconds(10);

    private final Connection connection;
    private final Accounts accounts;
    private final Listing listing;
    private final Memberships memberships;
    private final InstantSource clock;
    private volatile boolean closed;

    ScimDirectory(Settings settings, Connection connection, InstantSource clock) {
        this.connection = connection;
        this.accounts = new Accounts(connection);
        this.listing = new Listing(connection, accounts, settings.pageSize());
        this.memberships = new Memberships(connection, accounts, settings.roles());
        this.clock = clock;
    }

    @Override
    public ProvisionedUser createUser(CallContext context, CreateUser request) {
        requireOpen();
        ProvisioningRules.check(request);
        return accounts.create(request, context.deadline());
    }

    @Override
    public ProvisionedUser getUser(CallContext context, UserReference request) {
        requireOpen();
        ProvisioningRules.check(request);
        About about = About.user(request.id(), List.of());
        return accounts.read(accounts.get(request.id(), about, context.deadline()), about, context.deadline());
    }

    @Override
    public UserList listUsers(CallContext context, ListUsers request) {
        requireOpen();
        ProvisioningRules.check(request);
        return listing.page(request, context.deadline());
    }

    @Override
    public ProvisionedUser replaceUser(CallContext context, ReplaceUser request) {
        requireOpen();
        ProvisioningRules.check(request);
        return accounts.change(
                new Change(
                        request.id(),
                        About.user(request.id(), Users.named(request.attributes())),
                        true,
                        before -> Patch.replace(Users.replacement(before, request.attributes())),
                        before -> Users.replaced(before, request.attributes()),
                        request.ifMatch()),
                context.deadline());
    }

    @Override
    public ProvisionedUser patchUser(CallContext context, PatchUser request) {
        requireOpen();
        ProvisioningRules.check(request);
        Map<String, String> paths = new TreeMap<>();
        request.set().forEach((attribute, value) -> paths.put(Users.path(attribute), value));
        return accounts.change(
                new Change(
                        request.id(),
                        About.user(
                                request.id(),
                                request.set().keySet().stream().sorted().toList()),
                        false,
                        before -> Patch.replace(paths),
                        before -> Users.with(before, request.set()),
                        request.ifMatch()),
                context.deadline());
    }

    @Override
    public ProvisionedUser deactivateUser(CallContext context, UserReference request) {
        return active(context, request, false);
    }

    @Override
    public ProvisionedUser reactivateUser(CallContext context, UserReference request) {
        return active(context, request, true);
    }

    private ProvisionedUser active(CallContext context, UserReference request, boolean wanted) {
        requireOpen();
        ProvisioningRules.check(request);
        return accounts.active(request.id(), wanted, context.deadline());
    }

    @Override
    public MembershipState assignGroup(CallContext context, Membership request) {
        requireOpen();
        ProvisioningRules.check(request);
        return memberships.group(request, true, context.deadline());
    }

    @Override
    public MembershipState removeGroup(CallContext context, Membership request) {
        requireOpen();
        ProvisioningRules.check(request);
        return memberships.group(request, false, context.deadline());
    }

    @Override
    public MembershipState assignRole(CallContext context, Membership request) {
        requireOpen();
        ProvisioningRules.check(request);
        return memberships.role(request, true, context.deadline());
    }

    @Override
    public MembershipState removeRole(CallContext context, Membership request) {
        requireOpen();
        ProvisioningRules.check(request);
        return memberships.role(request, false, context.deadline());
    }

    @Override
    public void secretsChanged(AdapterContext context) {
        connection.renew(context.configuration(ScimConfiguration.class).token());
    }

    @Override
    public Health health() {
        if (closed) {
            return new Health.Down("the instance is closed");
        }
        Instant deadline = clock.instant().plus(HEALTH);
        About about = About.users();
        try {
            // not what the directory says of itself: that many tell without asking for the token
            Page.of(
                    connection.object(
                            ScimRequest.of("GET", "/Users")
                                    .query("startIndex", "1")
                                    .query("count", "1"),
                            about,
                            deadline),
                    about);
            return new Health.Up();
        } catch (ProblemException e) {
            String reason = e.problem().title() + ": " + e.problem().detail();
            return e.problem().code().equals(ProvisioningProblem.PROVISIONING_THROTTLED.code())
                    ? new Health.Degraded(reason)
                    : new Health.Down(reason);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private void requireOpen() {
        if (closed) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_CLOSED,
                    "the instance was closed",
                    "Start the instance and try again.");
        }
    }
}
