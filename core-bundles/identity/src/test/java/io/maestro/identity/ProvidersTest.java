package io.maestro.identity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.IdentityProviders.Settings;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.SecurityEvents.Filter;
import io.maestro.api.identity.SecurityEvents.SecurityEvent;
import io.maestro.identity.Memberships.Membership;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.ProviderName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who an identity provider vouches for, and who decides what that is worth. */
final class ProvidersTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final ProviderName CORP = new ProviderName("corp");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Principal ACME_ADMIN = Principal.of("token:a", "a", Role.TENANT_ADMIN, ACME, null);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-05-05T05:05:05.123456Z"));
    private final Node node = new Node(database, now);
    private final Node other = new Node(database, now);

    @BeforeAll
    static void open() {
        database = Node.open(POSTGRES);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("truncate identity.provider, identity.session, identity.security_event");
        }
    }

    @Test
    void knowsWhomAProviderVouchesFor() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");

        assertThat(authenticate(token))
                .isEqualTo(new Principal(
                        "user:corp/ada",
                        "Somebody called ada",
                        Set.of(Role.TENANT_DEVELOPER),
                        Map.of("team", List.of("storage")),
                        ACME,
                        null,
                        requireNonNull(now.get()).plus(HOUR)));
    }

    @Test
    void grantsNoMoreThanTheProviderMay() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = node.provider.token(
                "corp-oidc", "ada", "k1", HOUR, "platform_admin", "tenant_admin", "tenant_developer", "king");

        assertThat(authenticate(token).roles()).containsExactly(Role.TENANT_DEVELOPER);
    }

    @Test
    void addsWhatTheTenantItselfSays() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        node.members.put("acme user:corp/ada", new Membership(Set.of(Role.AUDITOR), null));
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");

        assertThat(authenticate(token).roles()).containsExactly(Role.TENANT_DEVELOPER, Role.AUDITOR);
        node.members.clear();
        pass(Duration.ofSeconds(5));
        assertThat(authenticate(token).roles()).containsExactly(Role.TENANT_DEVELOPER);
    }

    @Test
    void confinesAMemberOfOneEnvironmentWhomTheProviderGrantsNothing() {
        add(ACME, "corp-oidc");
        node.members.put("acme user:corp/ada", new Membership(Set.of(Role.TENANT_ADMIN), new Environment("dev")));

        Principal principal = authenticate(node.provider.token("corp-oidc", "ada", "k1", HOUR));

        assertThat(principal.environment()).isEqualTo(new Environment("dev"));
        assertThat(principal.roles()).containsExactly(Role.TENANT_ADMIN);
    }

    @Test
    void asksOnceInFiveSecondsForABusyToken() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");
        for (int i = 0; i < 100; i++) {
            authenticate(token);
        }
        assertThat(validations()).isOne();
        pass(Duration.ofSeconds(5));
        authenticate(token);
        assertThat(validations()).isEqualTo(2);
        node.provider.forget(token);
        pass(Duration.ofSeconds(5));
        assertCode(() -> authenticate(token), "unauthenticated");
    }

    @Test
    void takesATokenUntilExactlyItExpires() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = node.provider.token("corp-oidc", "ada", "k1", Duration.ofSeconds(2), "tenant_developer");
        authenticate(token);
        pass(Duration.ofSeconds(2));
        assertCode(() -> authenticate(token), "unauthenticated");
    }

    @Test
    void asksOnceForARepeatedBadTokenAndRecordsIt() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String forged = FakeProvider.forged("corp-oidc", "ada", "k1");
        for (int i = 0; i < 20; i++) {
            assertCode(() -> authenticate(forged), "unauthenticated");
        }
        assertThat(validations()).isOne();
        assertThat(events().getFirst().rule()).isEqualTo("identity-provider");
    }

    @Test
    void asksNobodyAboutATokenOfAnUnknownIssuerOrForSomebodyElse() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        assertCode(() -> authenticate(FakeProvider.forged("other", "ada", "k1")), "unauthenticated");
        String elsewhere = FakeProvider.part("{\"alg\":\"RS256\"}") + "."
                + FakeProvider.part("{\"iss\":\"https://corp-oidc.example\",\"aud\":\"shop\"}") + ".AA";
        assertCode(() -> authenticate(elsewhere), "unauthenticated");
        assertThat(validations()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a.b.c", "e30.e30.", "e30.W10.x", "bm8.bm8.bm8", "e30.eyJpc3MiOjF9.x", "....."})
    void survivesTextsThatOnlyLookLikeTokens(String text) {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        assertCode(() -> authenticate(text), "unauthenticated");
        assertThat(validations()).isZero();
    }

    @Test
    void survivesDeepAndLongTokens() {
        String deep = FakeProvider.part("{}") + "." + FakeProvider.part("[".repeat(3_000)) + ".x";
        assertCode(() -> authenticate(deep), "unauthenticated");
        String audiences = FakeProvider.part("{}") + "."
                + FakeProvider.part("{\"iss\":\"i\",\"aud\":[" + "\"a\",".repeat(500) + "\"b\"]}") + ".x";
        assertCode(() -> authenticate(audiences), "unauthenticated");
        assertCode(() -> authenticate("a.b." + "c".repeat(100_000)), "unauthenticated");
    }

    @Test
    void answers503ToTheUsersOfAProviderThatIsDownAndToNobodyElse() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        add(GLOBEX, "globex-oidc", Role.TENANT_DEVELOPER);
        String down = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");
        String up = node.provider.token("globex-oidc", "bob", "k1", HOUR, "tenant_developer");
        node.provider.down.add("corp-oidc");

        assertCode(() -> authenticate(down), "identity-provider-unavailable");
        assertThat(authenticate(up).tenant()).isEqualTo(GLOBEX);
        node.provider.down.clear();
        assertThat(authenticate(down).tenant()).isEqualTo(ACME);
    }

    @Test
    void aFloodWithUnknownKeysKeepsNobodyOutWhoseKeyIsKnown() throws InterruptedException {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        authenticate(node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer"));
        CountDownLatch inside = new CountDownLatch(4);
        CountDownLatch release = new CountDownLatch(1);
        node.provider.within = () -> {
            if (Thread.currentThread().getName().equals("flood")) {
                inside.countDown();
                awaitQuietly(release);
            }
        };
        for (int i = 0; i < 50; i++) {
            String forged = FakeProvider.forged("corp-oidc", "eve", "unknown" + i);
            Thread.ofVirtual().name("flood").start(() -> {
                try {
                    authenticate(forged);
                } catch (ProblemException expected) {
                    // refused, or told that too many ask
                }
            });
        }
        inside.await();

        assertThat(authenticate(node.provider.token("corp-oidc", "new", "k1", HOUR, "tenant_developer"))
                        .name())
                .isEqualTo("Somebody called new");
        release.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tellsTwoTenantsWithOneProviderApartByThePath() {
        add(ACME, "shared-oidc", Role.TENANT_DEVELOPER);
        pass(Duration.ofSeconds(1));
        add(GLOBEX, "shared-oidc", Role.TENANT_ADMIN);
        String token = node.provider.token("shared-oidc", "ada", "k1", HOUR, "tenant_developer", "tenant_admin");

        assertThat(authenticate(token).tenant()).isEqualTo(ACME);
        assertThat(authenticate(node, token, "/api/tenants/globex/tokens").tenant())
                .isEqualTo(GLOBEX);
        assertThat(authenticate(node, token, "/api/tenants/acme").roles()).containsExactly(Role.TENANT_DEVELOPER);
        assertThat(authenticate(node, token, "/api/tenants/nobody").tenant()).isEqualTo(ACME);
    }

    @Test
    void asksNobodyOnceAProviderIsDisabledOrRemoved() {
        IdentityProvider added = add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");
        other.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");
        authenticate(token);

        node.providers.change(ACME, CORP, disabled(added.settings()), null, null, Node.ROOT, Node.ACTOR);
        assertCode(() -> authenticate(token), "unauthenticated");
        node.providers.change(ACME, CORP, added.settings(), null, null, Node.ROOT, Node.ACTOR);
        authenticate(token);
        node.providers.remove(ACME, CORP, null, Node.ACTOR);
        assertCode(() -> authenticate(token), "unauthenticated");
    }

    @Test
    void otherNodesFollowWithinFiveSeconds() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = other.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");
        authenticate(other, token, "/api/whoami");
        node.providers.remove(ACME, CORP, null, Node.ACTOR);
        pass(Duration.ofSeconds(5));
        assertCode(() -> authenticate(other, token, "/api/whoami"), "unauthenticated");
    }

    @Test
    void canSwitchOffAProviderThatIsDown() {
        IdentityProvider added = add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        node.provider.down.addAll(List.of("corp-oidc", "other-down"));
        assertThat(node.providers
                        .change(ACME, CORP, disabled(added.settings()), null, null, Node.ROOT, Node.ACTOR)
                        .settings()
                        .enabled())
                .isFalse();
        node.providers.change(ACME, CORP, added.settings(), null, null, Node.ROOT, Node.ACTOR);
        assertThat(node.providers.present(added)).isNull();
        assertCode(
                () -> node.providers.change(ACME, CORP, added.settings(), added.agreed(), null, Node.ROOT, Node.ACTOR),
                "identity-provider-unavailable");
        assertCode(
                () -> node.providers.change(
                        ACME, CORP, at(added.settings(), "other-down"), null, null, Node.ROOT, Node.ACTOR),
                "identity-provider-unavailable");
    }

    @Test
    void believesAnInstanceThatWasChangedOnlyOnceSomebodyHasAgreedWhoMayGrantItsRoles() {
        Settings settings = settings(ACME, "corp-oidc", Role.TENANT_ADMIN);
        create(ACME, settings, ACME_ADMIN);
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_admin");
        authenticate(token);

        // somebody who may configure instances of dev gives it keys of their own, or makes another one of its name
        node.provider.changes.put("corp-oidc", 1);
        pass(Duration.ofSeconds(5));
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");
        assertCode(
                () -> node.sessions.begin(ACME, CORP, "/", URI.create("https://maestro.example/api/login/callback")),
                "identity-provider-unconfirmed");
        Principal ofDev = Principal.of("token:d", "d", Role.TENANT_ADMIN, ACME, new Environment("dev"));
        Digest present = present();
        assertCode(() -> node.providers.change(ACME, CORP, settings, present, null, ofDev, Node.ACTOR), "forbidden");
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");

        assertThat(node.providers
                        .change(ACME, CORP, settings, present, 1L, ACME_ADMIN, Node.ACTOR)
                        .revision())
                .isEqualTo(2);
        assertThat(authenticate(token).roles()).containsExactly(Role.TENANT_ADMIN);
        assertThat(node.providers
                        .change(ACME, CORP, settings, present, 2L, ACME_ADMIN, Node.ACTOR)
                        .revision())
                .isEqualTo(2);
        node.provider.changes.put("corp-oidc", 2);
        pass(Duration.ofSeconds(5));
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");
    }

    @Test
    void takesNoChangeOfAProviderForAnAgreementToItsInstance() {
        Settings settings = settings(ACME, "corp-oidc", Role.TENANT_ADMIN);
        Digest agreed = create(ACME, settings, ACME_ADMIN).agreed();
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_admin");
        node.provider.changes.put("corp-oidc", 1);

        Settings renamed =
                new Settings("Staff", settings.scope(), settings.instance(), settings.roles(), settings.enabled());
        assertThat(node.providers
                        .change(ACME, CORP, renamed, null, null, ACME_ADMIN, Node.ACTOR)
                        .agreed())
                .isEqualTo(agreed);
        assertThat(present()).isNotEqualTo(agreed);
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");
    }

    @Test
    void agreesOnlyToWhatTheInstanceIsNow() {
        Settings settings = settings(ACME, "corp-oidc", Role.TENANT_ADMIN);
        Digest agreed = create(ACME, settings, ACME_ADMIN).agreed();
        node.provider.changes.put("corp-oidc", 1);
        Digest seen = present();
        node.provider.changes.put("corp-oidc", 2);

        assertCode(
                () -> node.providers.change(ACME, CORP, settings, seen, null, ACME_ADMIN, Node.ACTOR),
                "instance-changed");
        assertCode(
                () -> node.providers.change(ACME, CORP, settings, agreed, null, ACME_ADMIN, Node.ACTOR),
                "instance-changed");
        assertThat(node.providers.provider(ACME, CORP).agreed()).isEqualTo(agreed);
        assertThat(node.providers.provider(ACME, CORP).revision()).isEqualTo(1);
    }

    @Test
    void agreesToNoInstanceThatDoesNotRunAsItShows() {
        Settings settings = settings(ACME, "corp-oidc", Role.TENANT_ADMIN);
        IdentityProvider added = create(ACME, settings, ACME_ADMIN);
        node.provider.unsettled.add("corp-oidc");
        assertThat(node.providers.present(added)).isNull();
        assertCode(
                () -> node.providers.change(ACME, CORP, settings, added.agreed(), null, ACME_ADMIN, Node.ACTOR),
                "instance-unsettled");
        assertCode(
                () -> create(GLOBEX, settings(GLOBEX, "corp-oidc", Role.TENANT_ADMIN), Node.ROOT),
                "instance-unsettled");
    }

    @Test
    void pointsAProviderAtAnotherInstanceToWhichSomebodyHasToAgree() {
        Settings settings = settings(ACME, "corp-oidc", Role.TENANT_ADMIN);
        create(ACME, settings, ACME_ADMIN);
        String token = node.provider.token("other-oidc", "ada", "k1", HOUR, "tenant_admin");

        IdentityProvider moved =
                node.providers.change(ACME, CORP, at(settings, "other-oidc"), null, null, ACME_ADMIN, Node.ACTOR);
        assertThat(moved.agreed()).isNull();
        assertThat(moved.description().issuer()).isEqualTo("https://other-oidc.example");
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");
        node.providers.change(ACME, CORP, moved.settings(), present(), null, ACME_ADMIN, Node.ACTOR);
        assertThat(authenticate(token).roles()).containsExactly(Role.TENANT_ADMIN);
    }

    @Test
    void agreesToNothingWhileAProviderIsSwitchedOff() {
        Settings settings = settings(ACME, "corp-oidc", Role.TENANT_ADMIN);
        Digest agreed = create(ACME, settings, ACME_ADMIN).agreed();
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_admin");
        node.provider.changes.put("corp-oidc", 1);
        Digest present = present();
        assertCode(
                () -> node.providers.change(ACME, CORP, disabled(settings), present, null, ACME_ADMIN, Node.ACTOR),
                "identity-provider-invalid");
        node.providers.change(ACME, CORP, disabled(settings), null, null, ACME_ADMIN, Node.ACTOR);
        assertThat(node.providers.provider(ACME, CORP).agreed()).isEqualTo(agreed);
        node.providers.change(ACME, CORP, settings, null, null, ACME_ADMIN, Node.ACTOR);
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");
        node.provider.changes.clear();
        assertThat(authenticate(token).roles()).containsExactly(Role.TENANT_ADMIN);
    }

    @Test
    void believesNoProviderOfARowToWhichNobodyEverAgreed() throws SQLException {
        add(ACME, "corp-oidc", Role.TENANT_ADMIN);
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("update identity.provider set instance_fingerprint = null");
        }
        node.index.reload();
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_admin");
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");
        assertThat(validations()).isZero();
    }

    @Test
    void noTenantShadowsTheProviderOfTheInstallation() {
        create(ACME, new ProviderName("mine"), settings(ACME, "corp-oidc", Role.TENANT_ADMIN), ACME_ADMIN);
        create(null, settings(ACME, "corp-oidc", Role.AUDITOR), Node.ROOT);
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_admin", "auditor");

        Principal principal = authenticate(node, token, "/api/tenants/acme/environments");
        assertThat(principal.id()).isEqualTo("user:corp/ada");
        assertThat(principal.tenant()).isNull();
    }

    @Test
    void noTenantAnswersInsteadOfTheProviderOfTheInstallation() {
        create(null, settings(ACME, "corp-oidc", Role.AUDITOR), Node.ROOT);
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_admin", "auditor");
        assertThat(authenticate(token).tenant()).isNull();
        // from now on the installation's cannot be asked, and the tenant's can
        node.provider.changes.put("corp-oidc", 1);
        create(ACME, new ProviderName("mine"), settings(ACME, "corp-oidc", Role.TENANT_ADMIN), ACME_ADMIN);
        pass(Duration.ofSeconds(5));
        assertCode(() -> authenticate(token), "identity-provider-unconfirmed");
        assertCode(() -> authenticate(node, token, "/api/tenants/acme/environments"), "identity-provider-unconfirmed");
    }

    @Test
    void tellsTheLogOnceAMinuteThatAProviderVouchesForNobody() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        node.provider.down.add("corp-oidc");
        List<String> lines = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(ProviderCalls.class.getName());
        log.addHandler(handler);
        try {
            for (int i = 0; i < 20; i++) {
                failToAuthenticate();
            }
            assertThat(lines).singleElement().asString().contains("instance-not-running");
            assertCode(
                    () -> node.sessions.begin(
                            ACME, CORP, "/", URI.create("https://maestro.example/api/login/callback")),
                    "identity-provider-unavailable");
            assertThat(lines).hasSize(1);
            pass(Duration.ofMinutes(1));
            failToAuthenticate();
            failToAuthenticate();
            assertThat(lines).hasSize(2);
            assertThat(lines.getLast()).contains("20 more times");
        } finally {
            log.removeHandler(handler);
        }
    }

    private void failToAuthenticate() {
        assertCode(() -> authenticate(FakeProvider.forged("corp-oidc", "ada", "k1")), "identity-provider-unavailable");
    }

    @Test
    void asksAgainAboutATokenThatMayBeGoodInAMoment() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = FakeProvider.forged("corp-oidc", "ada", "new-key");
        node.provider.keysOnTheirWay = true;
        assertCode(() -> authenticate(token), "unauthenticated");
        node.provider.keysOnTheirWay = false;
        assertCode(() -> authenticate(token), "unauthenticated");
        assertCode(() -> authenticate(token), "unauthenticated");
        assertThat(validations()).isEqualTo(2);
    }

    @Test
    void refusesACallerWithMoreAttributesThanTheNodeRemembers() {
        add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        String token = node.provider.token("corp-oidc", "ada", "k1", HOUR, "tenant_developer");
        node.provider.attribute = "x".repeat(250);
        authenticate(token);
        node.provider.attributes = 9;
        pass(Duration.ofSeconds(5));
        assertCode(() -> authenticate(token), "identity-provider-unavailable");
    }

    @Test
    void refusesAChangeOfWhatHasChanged() {
        IdentityProvider added = add(ACME, "corp-oidc", Role.TENANT_DEVELOPER);
        node.providers.change(ACME, CORP, disabled(added.settings()), null, 1L, Node.ROOT, Node.ACTOR);
        assertCode(
                () -> node.providers.change(ACME, CORP, added.settings(), null, 1L, Node.ROOT, Node.ACTOR),
                "revision-changed");
        assertCode(() -> node.providers.remove(ACME, CORP, 1L, Node.ACTOR), "revision-changed");
        node.providers.remove(ACME, CORP, 2L, Node.ACTOR);
        assertCode(() -> node.providers.remove(ACME, CORP, null, Node.ACTOR), "identity-provider-unknown");
    }

    @Test
    void letsATenantAddOnlyWhatItMayGrantItself() {
        assertCode(() -> create(ACME, settings(ACME, "corp-oidc", Role.PLATFORM_ADMIN), ACME_ADMIN), "forbidden");
        assertCode(() -> create(ACME, settings(ACME, "corp-oidc", Role.PUBLISHER), ACME_ADMIN), "forbidden");
        assertCode(() -> create(null, settings(ACME, "corp-oidc", Role.PLATFORM_ADMIN), ACME_ADMIN), "forbidden");
        assertCode(
                () -> create(ACME, settings(ACME, "corp-oidc", Role.PLATFORM_ADMIN), Node.ROOT),
                "identity-provider-invalid");
        assertCode(
                () -> create(ACME, settings(GLOBEX, "globex-oidc", Role.AUDITOR), ACME_ADMIN),
                "identity-provider-invalid");
        assertThat(events().getFirst().rule()).isEqualTo("tenant-boundary");
        assertThat(events().getFirst().tenant()).isEqualTo("globex");
        create(ACME, settings(ACME, "corp-oidc", Role.TENANT_ADMIN, Role.AUDITOR), ACME_ADMIN);
        assertCode(
                () -> create(ACME, settings(ACME, "corp-oidc", Role.AUDITOR), ACME_ADMIN), "identity-provider-exists");
    }

    @Test
    void letsTheInstallationHaveAProviderOfItsOwn() {
        create(null, settings(ACME, "corp-oidc", Role.PLATFORM_ADMIN, Role.AUDITOR), Node.ROOT);
        String token = node.provider.token("corp-oidc", "root", "k1", HOUR, "platform_admin", "tenant_admin");

        Principal principal = authenticate(token);

        assertThat(principal.tenant()).isNull();
        assertThat(principal.roles()).containsExactly(Role.PLATFORM_ADMIN);
        assertThat(node.providers.providers(ACME, PageRequest.first()).items()).isEmpty();
        assertThat(node.providers.providers(null, PageRequest.first()).items())
                .extracting(IdentityProvider::name)
                .containsExactly(CORP);
    }

    @Test
    void keepsEachTenantsProvidersToItself() {
        for (int i = 0; i < 5; i++) {
            create(ACME, new ProviderName("p" + i), settings(ACME, "oidc-" + i), ACME_ADMIN);
        }
        add(GLOBEX, "globex-oidc");
        List<String> seen = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            var page = node.providers.providers(ACME, new PageRequest(2, cursor));
            page.items().forEach(provider -> seen.add(provider.name().value()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).containsExactly("p0", "p1", "p2", "p3", "p4");
        assertCode(() -> node.providers.provider(ACME, CORP), "identity-provider-unknown");
        assertCode(() -> node.providers.remove(ACME, CORP, null, Node.ACTOR), "identity-provider-unknown");
        assertThat(node.providers.offered(new TenantId("nobody"))).isEmpty();
    }

    @Test
    void boundsAndHidesOddSubjects() {
        assertThat(Vouching.id(CORP, "ada")).isEqualTo("user:corp/ada");
        assertThat(Vouching.id(CORP, "x".repeat(256)))
                .hasSizeLessThanOrEqualTo(200)
                .startsWith("user:corp/sha256:");
        assertThat(Vouching.id(CORP, "ada\nroot")).startsWith("user:corp/sha256:");
        assertThat(Vouching.id(CORP, "sha256:00")).isNotEqualTo("user:corp/sha256:00");
    }

    private IdentityProvider add(TenantId tenant, String instance, Role... roles) {
        return create(tenant, settings(tenant, instance, roles), Node.ROOT);
    }

    private IdentityProvider create(@Nullable TenantId tenant, Settings settings, Principal creator) {
        return create(tenant, CORP, settings, creator);
    }

    private IdentityProvider create(
            @Nullable TenantId tenant, ProviderName name, Settings settings, Principal creator) {
        return node.providers.create(tenant, name, settings, creator, Node.ACTOR);
    }

    private static Settings settings(TenantId home, String instance, Role... roles) {
        return new Settings("Corp", Scope.of(home.value(), "dev"), new InstanceId(instance), Set.of(roles), true);
    }

    /** The fingerprint of what stands behind the provider now. */
    private Digest present() {
        return requireNonNull(node.providers.present(node.providers.provider(ACME, CORP)));
    }

    private static Settings at(Settings settings, String instance) {
        return new Settings(
                settings.displayName(),
                settings.scope(),
                new InstanceId(instance),
                settings.roles(),
                settings.enabled());
    }

    private static Settings disabled(Settings settings) {
        return new Settings(settings.displayName(), settings.scope(), settings.instance(), settings.roles(), false);
    }

    private Principal authenticate(String token) {
        return authenticate(node, token, "/api/whoami");
    }

    private static Principal authenticate(Node at, String token, String path) {
        return at.access.authenticate(Credentials.ofBearer(token), new Origin("192.0.2.7", "GET", path, "c-1"));
    }

    private long validations() {
        return node.provider.called.stream().filter("validate_token"::equals).count();
    }

    private List<SecurityEvent> events() {
        return node.events.events(Filter.ALL, PageRequest.first()).items();
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static void assertCode(ThrowingCallable act, String code) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }

    /** Each rule has a word of its own, for filters. */
    @Test
    void namesEachRuleOnce() {
        assertThat(List.of(Rule.values())).extracting(Rule::text).doesNotHaveDuplicates();
    }
}
