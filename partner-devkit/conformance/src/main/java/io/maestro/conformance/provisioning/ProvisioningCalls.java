package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.PatchUser;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ReplaceUser;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserReference;
import io.maestro.conformance.Refusal;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Opens an instance for each test and calls it in few words. Extend it for the tests of an adapter that are its own; those
 * that hold for every adapter are in {@link ProvisioningKit}.
 */
public abstract class ProvisioningCalls {
    private final Deque<AutoCloseable> afterwards = new ArrayDeque<>();
    private boolean closed = true;

    @SuppressWarnings("NullAway.Init") // JUnit calls openInstance first
    private UserDirectory directory;

    /** Opens an instance over a directory without users. Called once per test; the instance is closed after it. */
    protected abstract UserDirectory openEmpty() throws Exception;

    /** The instance of this test. */
    protected final UserDirectory directory() {
        return directory;
    }

    /** Opens the instance. */
    @BeforeEach
    final void openInstance() throws Exception {
        directory = openEmpty();
        closed = false;
    }

    /** Closes the instance, unless the test has, and then what was to be closed after it. */
    @AfterEach
    final void closeAll() throws Exception {
        close();
        while (!afterwards.isEmpty()) {
            afterwards.pop().close();
        }
    }

    /** Closes the instance of this test now. The contract says that this happens once. */
    protected final void close() {
        if (!closed) {
            closed = true;
            directory.close();
        }
    }

    /** Closes it after the test and after the instance; what was given last is closed first. */
    protected final <T extends AutoCloseable> T closeAfterwards(T resource) {
        afterwards.push(resource);
        return resource;
    }

    /** What comes along with a call: two minutes. */
    protected static CallContext call() {
        return call(Duration.ofMinutes(2));
    }

    /** What comes along with a call that may take so long. */
    protected static CallContext call(Duration patience) {
        return new CallContext("test", InstantSource.system().instant().plus(patience), null);
    }

    /** A person of this user name, with all that can be known. */
    protected static UserAttributes person(String userName) {
        return new UserAttributes(
                userName,
                "Given",
                "Family",
                "Shown " + userName,
                List.of(userName + "@example.org", "z@example.org", "a@example.org"));
    }

    /** A person of whom nothing but the user name is known. */
    protected static UserAttributes nameless(String userName) {
        return new UserAttributes(userName, null, null, null, null);
    }

    /** Creates the person of this user name, whose external id is {@code x-} and the name. */
    protected final ProvisionedUser create(String userName) {
        return create(directory, userName);
    }

    /** Creates a person by another instance. */
    protected static ProvisionedUser create(UserDirectory other, String userName) {
        return other.createUser(call(), new CreateUser("x-" + userName, person(userName), null));
    }

    /** Reads a user. */
    protected final ProvisionedUser get(String id) {
        return directory.getUser(call(), new UserReference(id));
    }

    /** The users of all pages of a list without conditions. */
    protected final List<ProvisionedUser> all() {
        return all(directory);
    }

    /** The users of all pages of another instance. */
    protected static List<ProvisionedUser> all(UserDirectory other) {
        List<ProvisionedUser> users = new ArrayList<>();
        String cursor = null;
        do {
            var page = other.listUsers(call(), new ListUsers(null, null, null, cursor));
            users.addAll(page.users());
            cursor = page.next();
        } while (cursor != null && users.size() < 1000);
        return users;
    }

    /** The users of this user name, and of this external id. */
    protected final List<ProvisionedUser> found(@Nullable String userName, @Nullable String externalId) {
        return directory
                .listUsers(call(), new ListUsers(userName, externalId, null, null))
                .users();
    }

    /** The user names of users, sorted. */
    protected static Set<String> names(List<ProvisionedUser> users) {
        Set<String> names = new TreeSet<>();
        users.forEach(user -> names.add(user.attributes().userName()));
        return names;
    }

    /** Sets one attribute of the user. */
    protected final ProvisionedUser patch(String id, String attribute, String value, @Nullable String ifMatch) {
        return directory.patchUser(call(), new PatchUser(id, Map.of(attribute, value), ifMatch));
    }

    /** Gives the user these attributes and no others. */
    protected final ProvisionedUser replace(String id, UserAttributes attributes, @Nullable String ifMatch) {
        return directory.replaceUser(call(), new ReplaceUser(id, attributes, ifMatch));
    }

    /** One of each operation that asks the directory; those of roles only if there are any. */
    protected static List<ThrowingCallable> acts(UserDirectory directory, boolean roles) {
        List<ThrowingCallable> acts = new ArrayList<>(List.of(
                () -> directory.createUser(call(), new CreateUser("x-act", person("act"), null)),
                () -> directory.getUser(call(), new UserReference("act")),
                () -> directory.listUsers(call(), new ListUsers(null, null, null, null)),
                () -> directory.listUsers(call(), new ListUsers("act", null, null, null)),
                () -> directory.replaceUser(call(), new ReplaceUser("act", person("act"), null)),
                () -> directory.patchUser(call(), new PatchUser("act", Map.of("displayName", "Act"), null)),
                () -> directory.deactivateUser(call(), new UserReference("act")),
                () -> directory.reactivateUser(call(), new UserReference("act")),
                () -> directory.assignGroup(call(), new Membership("act", "group")),
                () -> directory.removeGroup(call(), new Membership("act", "group"))));
        if (roles) {
            acts.add(() -> directory.assignRole(call(), new Membership("act", "role")));
            acts.add(() -> directory.removeRole(call(), new Membership("act", "role")));
        }
        return acts;
    }

    /** Expects a problem of this kind, whole: code, category, status, title and what to do about it. */
    protected static Problem refused(ProblemCode code, ThrowingCallable act) {
        return Refusal.of(code, act);
    }
}
