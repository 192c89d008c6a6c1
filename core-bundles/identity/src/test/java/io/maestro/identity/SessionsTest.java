package io.maestro.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.IdentityProviders.Settings;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.SecurityEvents.Filter;
import io.maestro.api.identity.SecurityEvents.SecurityEvent;
import io.maestro.api.identity.Sessions.Begun;
import io.maestro.api.identity.Sessions.Completed;
import io.maestro.api.identity.Sessions.Return;
import io.maestro.api.identity.Sessions.Session;
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
import io.maestro.testing.tenancy.KnownTenants;
import java.net.URI;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People who log in with a browser, from the first redirect to the last request. */
final class SessionsTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final ProviderName CORP = new ProviderName("corp");
    private static final URI CALLBACKS = URI.create("https://maestro.example/api/login/callback");
    private static final Origin READ = new Origin("192.0.2.7", "GET", "/api/things", "c-1");
    private static final Origin WRITE = new Origin("192.0.2.7", "POST", "/api/things", "c-1");

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
            statement.execute("truncate identity.token, identity.provider, identity.session, identity.security_event");
        }
        add(ACME, Role.TENANT_ADMIN);
    }

    @Test
    void logsSomebodyIn() {
        Completed done = login();

        assertThat(done.returnTo()).isEqualTo("/console?tab=1");
        Principal principal = node.access.authenticate(session(done, null), READ);
        assertThat(principal.id()).isEqualTo("user:corp/ada");
        assertThat(principal.roles()).containsExactly(Role.TENANT_ADMIN);
        assertThat(principal.tenant()).isEqualTo(ACME);
        assertThat(principal.expiresAt()).isEqualTo(done.session().expiresAt());
        assertThat(node.sessions.sessions(ACME, PageRequest.first()).items()).containsExactly(done.session());
    }

    @Test
    void completesOnAnyNodeWhatAnotherBegan() {
        other.sessions.sessions(ACME, PageRequest.first());
        Begun begun = begin();
        Return back = back(begun, state(begun));
        Begun elsewhere = other.sessions.begin(ACME, CORP, "/", CALLBACKS);
        // the other node opens the seal; the code itself is good only where this fake provider gave it
        assertRefused(() -> other.sessions.complete(back, CALLBACKS, READ), "does not confirm it");
        assertThat(other.sessions
                        .complete(back(elsewhere, state(elsewhere)), CALLBACKS, READ)
                        .returnTo())
                .isEqualTo("/");
    }

    @Test
    void acceptsNoLoginThatThisBrowserDidNotBegin() {
        Begun mine = begin();
        Begun theirs = begin();
        assertRefused(() -> complete(new Return(corp(), null, state(mine), code(mine), null, null)), "did not begin");
        assertRefused(() -> complete(back(mine, state(theirs))), "did not begin");
        assertRefused(() -> complete(new Return(corp(), mine.cookie(), null, code(mine), null, null)), "did not begin");
        assertRefused(
                () -> complete(new Return(corp(), mine.cookie() + "A", state(mine), code(mine), null, null)),
                "did not begin");
        assertRefused(() -> complete(new Return(corp(), "x", state(mine), code(mine), null, null)), "did not begin");
        assertRefused(
                () -> complete(new Return(corp(), "x".repeat(100_000), state(mine), code(mine), null, null)),
                "did not begin");
        assertThat(events()).extracting(SecurityEvent::rule).containsOnly("login");
    }

    @Test
    void acceptsNoCodeOfAnotherLogin() {
        Begun mine = begin();
        Begun theirs = begin();
        assertRefused(
                () -> complete(new Return(corp(), mine.cookie(), state(mine), code(theirs), null, null)),
                "does not confirm");
        assertRefused(
                () -> complete(new Return(corp(), mine.cookie(), state(mine), "made-up", null, null)),
                "does not confirm");
        complete(back(mine, state(mine)));
        assertRefused(() -> complete(back(mine, state(mine))), "does not confirm");
    }

    @Test
    void takesNoBrowserBackFromAnotherProviderThanItWasSentTo() {
        add(GLOBEX, Role.TENANT_ADMIN);
        String globex = node.providers.provider(GLOBEX, CORP).id();
        Begun mine = begin();
        // the provider of acme had sent the browser on to the one of globex, and wants to learn its code
        assertRefused(
                () -> complete(new Return(globex, mine.cookie(), state(mine), code(mine), null, null)),
                "another identity provider");
        assertRefused(
                () -> complete(new Return("0123456789abcdef", mine.cookie(), state(mine), code(mine), null, null)),
                "another identity provider");
        assertThat(node.provider.called).doesNotContain("complete_login");
        assertThat(events())
                .extracting(SecurityEvent::rule)
                .containsOnly("login")
                .hasSize(2);
        assertThat(complete(back(mine, state(mine))).session().tenant()).isEqualTo(ACME);
    }

    @Test
    void takesNoBrowserBackThatNamesAnotherIssuer() {
        Begun mine = begin();
        assertRefused(
                () -> complete(
                        new Return(corp(), mine.cookie(), state(mine), code(mine), "https://other.example", null)),
                "another identity provider");
        assertThat(node.provider.called).doesNotContain("complete_login");
        complete(new Return(corp(), mine.cookie(), state(mine), code(mine), "https://corp-oidc.example", null));
    }

    @Test
    void hasTheProviderSendBrowsersBackToAnAddressOfItsOwn() {
        begin();
        assertThat(node.provider.redirectUri).isEqualTo(CALLBACKS + "/" + corp());
    }

    @Test
    void completesNoLoginAtAProviderThatHasGone() {
        Begun mine = begin();
        Return back = back(mine, state(mine));
        node.providers.remove(ACME, CORP, null, Node.ACTOR);
        add(ACME, Role.TENANT_ADMIN);
        assertRefused(() -> complete(back), "any more");
    }

    @Test
    void acceptsNoLoginThatTookTooLongOrThatTheProviderRefused() {
        Begun slow = begin();
        Begun denied = begin();
        assertRefused(
                () -> complete(new Return(corp(), denied.cookie(), state(denied), null, null, "access_denied")),
                "did not let you in");
        pass(Duration.ofMinutes(10));
        assertRefused(() -> complete(back(slow, state(slow))), "too long ago");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "console",
                "//evil.example",
                "/\\evil.example",
                "https://evil.example",
                "/a\nb",
                "/a b",
                "/ü",
                "/%zz",
                "/a#b#c",
                "javascript:alert(1)"
            })
    void returnsToPathsOfOursOnly(String returnTo) {
        assertCode(() -> node.sessions.begin(ACME, CORP, returnTo, CALLBACKS), "invalid-request");
        assertThat(node.provider.called).doesNotContain("begin_login");
    }

    @Test
    void beginsOnlyWhereALoginIsOffered() {
        assertCode(() -> node.sessions.begin(GLOBEX, CORP, "/", CALLBACKS), "identity-provider-unknown");
        assertCode(
                () -> node.sessions.begin(ACME, new ProviderName("other"), "/", CALLBACKS),
                "identity-provider-unknown");
        node.provider.down.add("corp-oidc");
        assertCode(() -> node.sessions.begin(ACME, CORP, "/", CALLBACKS), "identity-provider-unavailable");
    }

    @Test
    void showsTheBrowserNothingOfTheLogin() {
        Begun begun = begin();
        assertThat(begun.cookie()).matches("[A-Za-z0-9_-]+").hasSizeLessThan(3_000);
        assertThat(begun.toString()).isEqualTo("Begun");
        assertThat(begun.cookie()).doesNotContain(state(begun));
    }

    @Test
    void writesOnlyWithTheTokenOfTheSession() {
        Completed done = login();
        String proof = node.sessions.own(done.cookie()).csrfToken();

        node.access.authenticate(session(done, proof), WRITE);
        assertCode(() -> node.access.authenticate(session(done, null), WRITE), "cross-site-refused");
        assertCode(() -> node.access.authenticate(session(done, proof + "A"), WRITE), "cross-site-refused");
        String others = node.sessions.own(login().cookie()).csrfToken();
        assertCode(() -> node.access.authenticate(session(done, others), WRITE), "cross-site-refused");
        assertCode(
                () -> node.access.authenticate(new Credentials(null, done.cookie(), proof, true), WRITE),
                "cross-site-refused");
        assertThat(events()).extracting(SecurityEvent::rule).containsOnly("cross-site");
        assertThat(events().getFirst().principal()).isEqualTo("user:corp/ada");
        node.access.authenticate(session(done, null), READ);
        assertThat(proof).doesNotContain(done.cookie());
    }

    @Test
    void refusesTwoIdentitiesAtOnce() {
        Completed done = login();
        assertCode(
                () -> node.access.authenticate(new Credentials("mst_x", done.cookie(), null, false), READ),
                "credentials-ambiguous");
    }

    @Test
    void takesASessionForNoTokenAndNoTokenForASession() {
        Completed done = login();
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(done.cookie()), READ), "unauthenticated");
        String token = Bearer.random(Bearer.Kind.TOKEN, new SecureRandom()).text();
        assertCode(() -> node.access.authenticate(new Credentials(null, token, null, false), READ), "unauthenticated");
    }

    @Test
    void endsAfterEightIdleHours() {
        Completed done = login();
        pass(Duration.ofHours(7));
        node.access.authenticate(session(done, null), READ);
        node.sessionUses.flush();
        pass(Duration.ofHours(7));
        node.access.authenticate(session(done, null), READ);
        node.sessionUses.flush();
        pass(Duration.ofHours(8));
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
        assertThat(node.sessions.sessions(ACME, PageRequest.first()).items()).isEmpty();
    }

    @Test
    void endsAfterADayWhateverHappens() {
        Completed done = login();
        for (int i = 0; i < 23; i++) {
            pass(Duration.ofHours(1));
            node.access.authenticate(session(done, null), READ);
            node.sessionUses.flush();
        }
        pass(Duration.ofHours(1));
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
    }

    @Test
    void endsAtLogoutHereAtOnceAndElsewhereWithinFiveSeconds() {
        Completed done = login();
        other.access.authenticate(session(done, null), READ);
        node.access.authenticate(session(done, null), READ);

        node.sessions.logout(done.cookie(), Node.ACTOR);

        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
        assertCode(() -> node.sessions.own(done.cookie()), "session-unknown");
        assertCode(() -> node.sessions.logout(done.cookie(), Node.ACTOR), "session-unknown");
        pass(Duration.ofSeconds(5));
        assertCode(() -> other.access.authenticate(session(done, null), READ), "unauthenticated");
    }

    @Test
    void letsAnAdministratorEndTheSessionsOfItsTenantOnly() {
        Completed done = login();
        Principal globex = Principal.of("token:g", "g", Role.TENANT_ADMIN, GLOBEX, null);

        assertCode(() -> node.sessions.end(GLOBEX, done.session().id(), globex, Node.ACTOR), "session-unknown");
        assertThat(events().getFirst().rule()).isEqualTo("tenant-boundary");
        assertThat(events().getFirst().principal()).isEqualTo("token:g");
        assertCode(() -> node.sessions.end(GLOBEX, "nonsense", globex, Node.ACTOR), "session-unknown");
        assertCode(() -> node.sessions.end(GLOBEX, "non\0sense", globex, Node.ACTOR), "session-unknown");
        assertThat(events()).hasSize(1);
        node.access.authenticate(session(done, null), READ);
        node.sessions.end(ACME, done.session().id(), Node.ROOT, Node.ACTOR);
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
    }

    @Test
    void endsTheOldestSessionOfAPersonWithTooMany() {
        List<Completed> all = new ArrayList<>();
        for (int i = 0; i < 11; i++) {
            all.add(login());
            pass(Duration.ofSeconds(1));
        }
        assertCode(() -> node.access.authenticate(session(all.getFirst(), null), READ), "unauthenticated");
        node.access.authenticate(session(all.get(1), null), READ);
        assertThat(node.sessions.sessions(ACME, new PageRequest(3, null)).items())
                .extracting(Session::id)
                .containsExactly(
                        all.get(10).session().id(),
                        all.get(9).session().id(),
                        all.get(8).session().id());
        node.provider.subject = "bob";
        login();
        node.access.authenticate(session(all.get(1), null), READ);
    }

    @Test
    void aSessionIsWorthNoMoreThanItsProviderMayGrantNow() {
        Completed done = login();
        IdentityProvider provider = node.providers.provider(ACME, CORP);
        node.access.authenticate(session(done, null), READ);
        node.providers.change(ACME, CORP, settings(ACME, true, Role.AUDITOR), null, null, Node.ROOT, Node.ACTOR);
        pass(Duration.ofSeconds(5));
        assertThat(node.access.authenticate(session(done, null), READ).roles()).isEmpty();
        node.providers.change(ACME, CORP, provider.settings(), null, null, Node.ROOT, Node.ACTOR);
        pass(Duration.ofSeconds(5));
        assertThat(node.access.authenticate(session(done, null), READ).roles()).containsExactly(Role.TENANT_ADMIN);
        node.providers.remove(ACME, CORP, null, Node.ACTOR);
        pass(Duration.ofSeconds(5));
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
        // another provider that takes the name takes over no sessions
        add(ACME, Role.TENANT_ADMIN);
        pass(Duration.ofSeconds(5));
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
    }

    @Test
    void aSessionEndsWhenItsProviderIsPointedElsewhere() {
        Completed done = login();
        Settings before = settings(ACME, true, Role.TENANT_ADMIN);
        node.providers.change(
                ACME,
                CORP,
                new Settings("Staff", before.scope(), before.instance(), before.roles(), true),
                null,
                null,
                Node.ROOT,
                Node.ACTOR);
        pass(Duration.ofSeconds(5));
        node.access.authenticate(session(done, null), READ);

        // whoever has the same name there is somebody else
        node.providers.change(
                ACME,
                CORP,
                new Settings("Staff", before.scope(), new InstanceId("other-oidc"), before.roles(), true),
                null,
                null,
                Node.ROOT,
                Node.ACTOR);
        pass(Duration.ofSeconds(5));
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
        assertThat(node.sessions.sessions(ACME, PageRequest.first()).items()).isEmpty();
    }

    @Test
    void beginsNoSessionOfAProviderThatIsChangedWhileItConfirmsTheLogin() {
        Settings settings = settings(ACME, true, Role.TENANT_ADMIN);
        Settings elsewhere = new Settings(
                "Corp", settings.scope(), new InstanceId("other-oidc"), settings.roles(), settings.enabled());
        List<Runnable> changes = List.of(
                () -> node.providers.change(
                        ACME, CORP, settings(ACME, false, Role.TENANT_ADMIN), null, null, Node.ROOT, Node.ACTOR),
                // another node knows nothing of it for some seconds
                () -> other.providers.change(ACME, CORP, elsewhere, null, null, Node.ROOT, Node.ACTOR),
                () -> other.providers.remove(ACME, CORP, null, Node.ACTOR));
        for (Runnable change : changes) {
            node.provider.beforeLogin = () -> {};
            login();
            Begun begun = begin();
            Return back = back(begun, state(begun));
            node.provider.beforeLogin = change;
            assertRefused(() -> complete(back), "changed meanwhile");
            assertThat(node.sessions.sessions(ACME, PageRequest.first()).items())
                    .isEmpty();
            pass(Duration.ofSeconds(5));
            reset();
        }
    }

    private void reset() {
        try {
            empty();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        node.index.reload();
        other.index.reload();
    }

    @Test
    void aSessionEndsForGoodWhenItsProviderIsSwitchedOff() {
        Completed done = login();
        Settings settings = settings(ACME, true, Role.TENANT_ADMIN);
        node.providers.change(ACME, CORP, settings(ACME, false, Role.TENANT_ADMIN), null, null, Node.ROOT, Node.ACTOR);
        node.providers.change(ACME, CORP, settings, null, null, Node.ROOT, Node.ACTOR);
        pass(Duration.ofSeconds(5));
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
        assertThat(node.sessions.sessions(ACME, PageRequest.first()).items()).isEmpty();
        login();
    }

    @Test
    void aSessionEndsWhenSomebodyAgreesToItsInstanceAsSomethingElse() throws SQLException {
        Completed done = login();
        Settings settings = settings(ACME, true, Role.TENANT_ADMIN);
        Digest agreed = node.providers.provider(ACME, CORP).agreed();
        node.providers.change(ACME, CORP, settings, agreed, null, Node.ROOT, Node.ACTOR);
        pass(Duration.ofSeconds(5));
        node.access.authenticate(session(done, null), READ);

        node.provider.changes.put("corp-oidc", 1);
        Digest present = node.providers.present(node.providers.provider(ACME, CORP));
        node.providers.change(ACME, CORP, settings, present, null, Node.ROOT, Node.ACTOR);
        pass(Duration.ofSeconds(5));
        assertCode(() -> node.access.authenticate(session(done, null), READ), "unauthenticated");
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement();
                ResultSet facts = statement.executeQuery(
                        "select count(*) from store.fact" + " where action = 'session.end' and subject = '"
                                + done.session().id() + "'")) {
            assertThat(facts.next()).isTrue();
            assertThat(facts.getLong(1)).isOne();
        }
    }

    @Test
    void tellsStrangersNothingOfTheInstance() {
        node.provider.down.add("corp-oidc");
        assertThatThrownBy(this::begin)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().toString()).doesNotContain("corp-oidc", "dev", "not-running"));
        Settings settings = settings(ACME, true, Role.TENANT_ADMIN);
        Digest agreed = node.providers.provider(ACME, CORP).agreed();
        assertThatThrownBy(() -> node.providers.change(ACME, CORP, settings, agreed, null, Node.ROOT, Node.ACTOR))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().detail()).contains("corp-oidc", "instance-not-running"));
    }

    @Test
    void looksNowhereToTellWherePeopleLogIn() {
        node.providers.offered(ACME);
        int before = node.database.transactions().get();
        for (int i = 0; i < 100; i++) {
            assertThat(node.providers.offered(ACME)).hasSize(1);
            assertThat(node.providers.offered(new TenantId("nobody"))).isEmpty();
        }
        assertThat(node.database.transactions().get()).isEqualTo(before);
    }

    @Test
    void keepsTheKeyOfLoginsSealedAndTheSameOnAllNodes() throws SQLException {
        JooqSessions rows = new JooqSessions(
                database, node.index, new Vouching((tenant, id) -> Optional.empty()), new KnownTenants(), now::get);
        byte[] key = rows.loginKey(new FakeSeal("one"), new SecureRandom());
        assertThat(rows.loginKey(new FakeSeal("one"), new SecureRandom())).isEqualTo(key);
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select sealed from identity.login_key")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getBytes(1)).startsWith("one/logins:".getBytes(US_ASCII));
            assertThat(HexFormat.of().formatHex(found.getBytes(1)))
                    .doesNotContain(HexFormat.of().formatHex(key));
        }
        byte[] replaced = rows.loginKey(new FakeSeal("two"), new SecureRandom());
        assertThat(replaced).hasSize(32).isNotEqualTo(key);
        assertThat(rows.loginKey(new FakeSeal("two"), new SecureRandom())).isEqualTo(replaced);
        rows.loginKey(new FakeSeal("one"), new SecureRandom());
    }

    @Test
    void keepsNoCookieThatCouldBeSent() throws SQLException {
        Completed done = login();
        String secret = done.cookie().substring(done.cookie().length() - 43);
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select s::text from identity.session s")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).contains(done.session().id()).doesNotContain(secret);
        }
        assertThat(done.toString()).doesNotContain(secret);
    }

    @Test
    void aTenantThatLeavesTakesItsWaysInAlong() {
        login();
        node.tokens.create("ci", Set.of(Role.TENANT_ADMIN), ACME, null, Duration.ofHours(1), Node.ROOT, Node.ACTOR);
        Environment dev = new Environment("dev");
        node.tokens.create("ci", Set.of(Role.TENANT_ADMIN), ACME, dev, Duration.ofHours(1), Node.ROOT, Node.ACTOR);
        node.tokens.create("ci", Set.of(Role.TENANT_ADMIN), GLOBEX, dev, Duration.ofHours(1), Node.ROOT, Node.ACTOR);
        JooqHoldings holdings = new JooqHoldings(database, now::get);

        assertThat(holdings.count(ACME, null))
                .isEqualTo(Map.of("tokens", 2L, "identity-providers", 1L, "sessions", 1L));
        assertThat(holdings.count(ACME, dev)).isEqualTo(Map.of("tokens", 1L, "identity-providers", 1L));
        assertThat(holdings.count(ACME, new Environment("prod")).values()).containsOnly(0L);
        assertThat(holdings.erase(ACME, Node.ACTOR)).isTrue();
        assertThat(holdings.count(ACME, null).values()).containsOnly(0L);
        assertThat(holdings.erase(ACME, Node.ACTOR)).isTrue();
        assertThat(holdings.count(GLOBEX, null).get("tokens")).isOne();
    }

    @Test
    void showsNothingToTheApplicationsRoleOutsideAScope() throws SQLException {
        login();
        try (Connection raw = POSTGRES.connect();
                Statement statement = raw.createStatement()) {
            statement.execute("set role maestro_app");
            for (String table : List.of("session", "provider", "login_key")) {
                assertThat(count(statement, table)).as(table).isZero();
            }
            statement.execute("set maestro.tenant = 'acme'");
            assertThat(count(statement, "session")).isOne();
            assertThat(count(statement, "provider")).isOne();
            assertThat(count(statement, "login_key")).isZero();
        }
    }

    private static long count(Statement statement, String table) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select count(*) from identity." + table)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    private Completed login() {
        Begun begun = begin();
        return complete(back(begun, state(begun)));
    }

    private Begun begin() {
        return node.sessions.begin(ACME, CORP, "/console?tab=1", CALLBACKS);
    }

    private Completed complete(Return back) {
        return node.sessions.complete(back, CALLBACKS, READ);
    }

    private Return back(Begun begun, String state) {
        return new Return(corp(), begun.cookie(), state, code(begun), null, null);
    }

    private String corp() {
        return node.providers.provider(ACME, CORP).id();
    }

    private static String state(Begun begun) {
        String query = begun.address().getQuery();
        return query.substring(query.indexOf('=') + 1);
    }

    private static String code(Begun begun) {
        return "code-of-" + state(begun);
    }

    private static Credentials session(Completed done, @Nullable String csrfToken) {
        return new Credentials(null, done.cookie(), csrfToken, false);
    }

    private void add(TenantId tenant, Role... roles) {
        node.providers.create(tenant, CORP, settings(tenant, true, roles), Node.ROOT, Node.ACTOR);
    }

    private static Settings settings(TenantId tenant, boolean enabled, Role... roles) {
        return new Settings(
                "Corp", Scope.of(tenant.value(), "dev"), new InstanceId("corp-oidc"), Set.of(roles), enabled);
    }

    private List<SecurityEvent> events() {
        return node.events.events(Filter.ALL, PageRequest.first()).items();
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private static void assertRefused(ThrowingCallable act, String why) {
        assertThatThrownBy(act).isInstanceOfSatisfying(ProblemException.class, e -> {
            assertThat(e.problem().code()).isEqualTo("login-refused");
            assertThat(e.problem().detail()).contains(why);
        });
    }

    private static void assertCode(ThrowingCallable act, String code) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
