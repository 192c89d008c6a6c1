package io.maestro.adapter.provisioning.scim;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.SecretRotation;
import io.maestro.adapter.spi.provisioning.CreateUser;
import io.maestro.adapter.spi.provisioning.ListUsers;
import io.maestro.adapter.spi.provisioning.Membership;
import io.maestro.adapter.spi.provisioning.ProvisionedUser;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserAttributes;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.adapter.spi.provisioning.UserList;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.provisioning.ProvisioningCalls;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.testing.peers.ScimServer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is this adapter's own, against a real server; the rest is in {@link ScimConformanceTest}. */
final class ScimDirectoryTest extends ProvisioningCalls {
    private static ScimServer server;

    @TempDir
    Path folder;

    private Map<String, ?> place = Map.of();

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = ScimServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected UserDirectory openEmpty() throws Exception {
        place = fixture().emptyDirectory();
        return open(place);
    }

    private static ScimFixture fixture() {
        return new ScimFixture(server, Settings.Roles.ATTRIBUTE, Set.of());
    }

    private UserDirectory open(Map<String, ?> configuration) {
        return (UserDirectory) new ProvisioningScimComponent().open(context(configuration));
    }

    private TestAdapterContext context(Map<String, ?> configuration) {
        return closeAfterwards(new TestAdapterContext(folder, configuration));
    }

    @Test
    void createWhoseAnswerWasLostIsFoundWhenItIsTriedAgain() throws Exception {
        server.fault(Map.of("cut", "after", "methods", List.of("POST")));
        Problem lost = refused(ProvisioningProblem.PROVISIONING_UNREACHABLE, () -> create("ada"));
        assertThat(lost.retry()).isEqualTo(Retry.after(Duration.ZERO));
        List<ProvisionedUser> made = all();
        assertThat(made).hasSize(1);
        assertThat(create("ada")).isEqualTo(made.getFirst());
        assertThat(all()).hasSize(1);
    }

    @Test
    void conditionalChangeWhoseAnswerWasLostIsNotTriedAgain() throws Exception {
        ProvisionedUser ada = create("ada");
        for (String method : List.of("PATCH", "PUT")) {
            server.fault(Map.of("cut", "after", "methods", List.of(method)));
            String etag = get(ada.id()).etag();
            Problem lost =
                    refused(ProvisioningProblem.PROVISIONING_UNREACHABLE, () -> change(method, ada.id(), "Once", etag));
            assertThat(lost.retry()).isInstanceOf(Retry.Never.class);
            assertThat(lost.fix()).contains("Read the user");
            assertThat(get(ada.id()).attributes().displayName()).isEqualTo("Once");

            server.fault(Map.of("cut", "after", "methods", List.of(method)));
            Problem harmless = refused(
                    ProvisioningProblem.PROVISIONING_UNREACHABLE, () -> change(method, ada.id(), "Twice", null));
            assertThat(harmless.retry()).isInstanceOf(Retry.After.class);
        }
    }

    private ProvisionedUser change(String method, String id, String name, @Nullable String etag) {
        return method.equals("PATCH")
                ? patch(id, "displayName", name, etag)
                : replace(id, new UserAttributes("ada", null, null, name, null), etag);
    }

    @Test
    void throttlingTellsWhenToComeAgainAlsoForConditions() throws Exception {
        ProvisionedUser ada = create("ada");
        server.fault(Map.of("status", 429, "retryAfter", 7, "methods", List.of("PATCH")));
        Problem throttled = refused(
                ProvisioningProblem.PROVISIONING_THROTTLED, () -> patch(ada.id(), "displayName", "Later", ada.etag()));
        assertThat(throttled.retry()).isEqualTo(Retry.after(Duration.ofSeconds(7)));
        assertThat(throttled.detail())
                .contains(ada.id(), "displayName", "429", "As the test has it")
                .doesNotContain(String.valueOf(place.get("token")));
        server.fault(Map.of("status", 503, "retryAfter", 1));
        assertThat(directory().health()).isInstanceOf(Health.Degraded.class);
        assertThat(directory().health()).isEqualTo(new Health.Up());
    }

    @Test
    void refusalNamesUserAttributeAndReason() {
        UserAttributes refused = new UserAttributes("ada", "Ada", "Example", "Ada E.", List.of("ada@refused.invalid"));
        Problem refusal = refused(
                ProvisioningProblem.PROVISIONING_VALUE_REFUSED,
                () -> directory().createUser(call(), new CreateUser("1", refused, null)));
        assertThat(refusal.detail())
                .isEqualTo(
                        "the user \"ada\", attribute emails: the directory said 400 invalidValue: emails must not end"
                                + " with @refused.invalid");
    }

    @Test
    void pagesAreNoLargerThanConfigured() {
        try (UserDirectory small = open(ScimFixture.with(place, "pageSize", 2))) {
            for (int index = 0; index < 5; index++) {
                create("user-" + index);
            }
            UserList page = small.listUsers(call(), new ListUsers(null, null, 200, null));
            assertThat(page.users()).hasSize(2);
            assertThat(page.next()).isEqualTo("3");
            assertThat(names(all(small))).hasSize(5);
        }
    }

    @Test
    void rolesAreUnsupportedWhereTheyAreConfiguredToBeNothing() {
        try (UserDirectory without = open(ScimFixture.with(place, "roles", "none"))) {
            Membership request = new Membership(create("ada").id(), "auditor");
            refused(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> without.assignRole(call(), request));
            refused(ProvisioningProblem.PROVISIONING_UNSUPPORTED, () -> without.removeRole(call(), request));
        }
    }

    @Test
    void roleThatIsAGroupMustBeOneGroup() throws Exception {
        ScimFixture groups = new ScimFixture(server, Settings.Roles.GROUPS, Set.of());
        Map<String, ?> directory = groups.emptyDirectory();
        try (UserDirectory opened = open(directory)) {
            String id = create(opened, "ada").id();
            Membership request = new Membership(id, "auditors");
            assertThat(refused(
                                    ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND,
                                    () -> opened.assignRole(call(), request))
                            .detail())
                    .contains("no group", "auditors");
            ScimServer.Directory same = new ScimServer.Directory(
                    URI.create(String.valueOf(directory.get("baseUrl"))), String.valueOf(directory.get("token")));
            server.newGroup(same, "auditors");
            assertThat(opened.assignRole(call(), request).member()).isTrue();
            server.newGroup(same, "auditors");
            assertThat(refused(
                                    ProvisioningProblem.PROVISIONING_TARGET_NOT_FOUND,
                                    () -> opened.assignRole(call(), request))
                            .detail())
                    .contains("more than one");
        }
    }

    @Test
    void takesANewTokenWhileItIsOpen() {
        try (UserDirectory stranger = open(fixture().wrongCredentials(place))) {
            refused(ProvisioningProblem.PROVISIONING_ACCESS_DENIED, () -> all(stranger));
            ((SecretRotation) stranger).secretsChanged(context(place));
            assertThat(stranger.health()).isEqualTo(new Health.Up());
        }
    }

    @Test
    void serverThatIsKilledIsUnreachable(@TempDir Path own) throws Exception {
        try (ScimServer mortal = ScimServer.start(own)) {
            ScimServer.Directory directory = mortal.newDirectory();
            try (UserDirectory opened =
                    open(Map.of("baseUrl", directory.baseUrl().toString(), "token", directory.token()))) {
                create(opened, "ada");
                mortal.kill();
                assertThat(refused(ProvisioningProblem.PROVISIONING_UNREACHABLE, () -> create(opened, "bob"))
                                .retry())
                        .isInstanceOf(Retry.After.class);
                assertThat(opened.health()).isInstanceOf(Health.Down.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a/scim",
                "http://directory.example.org/scim",
                "https://user:password@a/scim",
                "https://a/scim?b",
                "https://a/scim#b",
                "nothing",
                "https:///scim"
            })
    void addressThatIsNoneIsRefusedWithoutItsPassword(String baseUrl) {
        Problem refusal = refused(
                ProvisioningProblem.PROVISIONING_REQUEST_INVALID,
                () -> open(ScimFixture.with(place, "baseUrl", baseUrl)));
        assertThat(refusal.detail()).doesNotContain("password");
    }

    @Test
    void slashAtTheEndOfTheAddressMakesNoDifference() {
        try (UserDirectory slashed = open(ScimFixture.with(place, "baseUrl", place.get("baseUrl") + "//"))) {
            assertThat(create(slashed, "ada")).isEqualTo(create("ada"));
        }
    }
}
