package io.maestro.identity;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.SecurityEvents.Filter;
import io.maestro.api.identity.SecurityEvents.SecurityEvent;
import io.maestro.api.identity.Tokens.NewToken;
import io.maestro.api.identity.Tokens.Token;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

final class IdentityTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Environment DEV = new Environment("dev");
    private static final Duration HOUR = Duration.ofHours(1);

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
        owner("truncate identity.token, identity.security_event");
    }

    @Test
    void knowsWhoPresentsAToken() {
        NewToken made = node.tokens.create("ci", Set.of(Role.TENANT_DEVELOPER), ACME, DEV, HOUR, Node.ROOT, Node.ACTOR);
        assertThat(node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN))
                .isEqualTo(new Principal(
                        "token:" + made.token().id(),
                        "ci",
                        Set.of(Role.TENANT_DEVELOPER),
                        Map.of(),
                        ACME,
                        DEV,
                        made.token().expiresAt()));
        assertThat(made.bearer()).startsWith("mst_" + made.token().id() + "_");
        assertThat(made.toString()).doesNotContain(made.bearer());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "mst_",
                "mst_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                "mst_0123456789abcdef_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'",
                "mst_0123456789ABCDEF_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            })
    void refusesAndRecordsStrangers(@Nullable String bearer) {
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(bearer), Node.ORIGIN), "unauthenticated");
        SecurityEvent event = onlyEvent();
        assertThat(event.rule()).isEqualTo("unauthenticated");
        assertThat(event.principal()).isNull();
        assertThat(event.address()).isEqualTo("192.0.2.7");
        assertThat(event.at()).isEqualTo(now.get());
    }

    @Test
    void refusesAKnownIdWithAnotherSecret() {
        NewToken made = platformToken();
        char last = made.bearer().charAt(made.bearer().length() - 1);
        String forged = made.bearer().substring(0, made.bearer().length() - 1) + (last == 'A' ? 'B' : 'A');
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(forged), Node.ORIGIN), "unauthenticated");
        assertThat(node.access
                        .authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN)
                        .name())
                .isEqualTo("ops");
    }

    @Test
    void keepsNoTokenThatCouldBeSent() throws SQLException {
        NewToken made = platformToken();
        String secret = made.bearer().substring(made.bearer().length() - 43);
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select t::text from identity.token t")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).contains(made.token().id()).doesNotContain(secret);
        }
    }

    @Test
    void asksTheDatabaseOnceForABusyToken() {
        NewToken made = platformToken();
        node.database.transactions().set(0);
        for (int i = 0; i < 1_000; i++) {
            node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
            node.access.authorize(Node.ROOT, Action.TENANT_WRITE, ACME, null, Node.ORIGIN);
        }
        assertThat(node.database.transactions()).hasValue(1);
    }

    @Test
    void renewsABusyTokenBehindTheCallersBack() {
        NewToken made = platformToken();
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        node.database.transactions().set(0);
        pass(Duration.ofSeconds(3));
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        assertThat(node.database.transactions()).hasValue(0);
        assertThat(node.renewals).hasSize(1);
        node.renewals.remove().run();
        pass(Duration.ofSeconds(2));
        node.database.transactions().set(0);
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        assertThat(node.database.transactions()).hasValue(0);
    }

    @Test
    void endsATokenAtOnceHereAndWithinFiveSecondsElsewhere() {
        NewToken made = platformToken();
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        other.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        node.tokens.revoke(null, made.token().id(), null, Node.ROOT, Node.ACTOR);
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN), "unauthenticated");
        pass(Duration.ofSeconds(5));
        assertCode(
                () -> other.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN), "unauthenticated");
    }

    @Test
    void noticesARevocationElsewhereWhenItRenews() {
        NewToken made = platformToken();
        other.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        node.tokens.revoke(null, made.token().id(), null, Node.ROOT, Node.ACTOR);
        pass(Duration.ofSeconds(3));
        other.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        other.renewals.remove().run();
        assertCode(
                () -> other.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN), "unauthenticated");
    }

    @Test
    void endsATokenExactlyWhenItExpires() {
        NewToken made = platformToken();
        now.set(made.token().expiresAt().minusNanos(1_000));
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        now.set(made.token().expiresAt());
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN), "unauthenticated");
        assertCode(
                () -> other.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN), "unauthenticated");
    }

    @Test
    void asksTheDatabaseOnceForARepeatedUnknownToken() {
        String unknown = Bearer.random(Bearer.Kind.TOKEN, new SecureRandom()).text();
        node.access.authenticate(Credentials.ofBearer(platformToken().bearer()), Node.ORIGIN);
        for (int i = 0; i < 11; i++) {
            assertCode(() -> node.access.authenticate(Credentials.ofBearer(unknown), Node.ORIGIN), "unauthenticated");
        }
        node.database.transactions().set(0);
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(unknown), Node.ORIGIN), "unauthenticated");
        // neither a look-up nor an event: both are bounded
        assertThat(node.database.transactions()).hasValue(0);
    }

    @Test
    void writesDownUseByTheMinuteAndLater() {
        NewToken made = platformToken();
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        assertThat(listed(made).lastUsedAt()).isNull();
        node.uses.flush();
        assertThat(listed(made).lastUsedAt()).isEqualTo(Instant.parse("2026-05-05T05:05:00Z"));
        pass(Duration.ofMinutes(2));
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        node.uses.flush();
        node.database.transactions().set(0);
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        node.uses.flush();
        assertThat(node.database.transactions()).hasValue(0);
        assertThat(listed(made).lastUsedAt()).isEqualTo(Instant.parse("2026-05-05T05:07:00Z"));
    }

    @Test
    void letsATenantAdminMakeTokensOfItsTenantOnly() {
        Principal admin = Principal.of("token:a", "admin", Role.TENANT_ADMIN, ACME, null);
        Principal developer = Principal.of("token:d", "developer", Role.TENANT_DEVELOPER, ACME, null);
        node.tokens.create("own", Set.of(Role.TENANT_ADMIN), ACME, null, HOUR, admin, Node.ACTOR);
        assertCode(
                () -> node.tokens.create("x", Set.of(Role.TENANT_DEVELOPER), GLOBEX, null, HOUR, admin, Node.ACTOR),
                "forbidden");
        assertCode(
                () -> node.tokens.create("x", Set.of(Role.PLATFORM_ADMIN), null, null, HOUR, admin, Node.ACTOR),
                "forbidden");
        assertCode(
                () -> node.tokens.create("x", Set.of(Role.TENANT_DEVELOPER), ACME, DEV, HOUR, developer, Node.ACTOR),
                "forbidden");
        assertThat(events())
                .extracting(SecurityEvent::rule)
                .containsExactly("role", "tenant-boundary", "tenant-boundary");
    }

    @Test
    void refusesTokensThatCannotBe() {
        assertCode(() -> make("x", Role.PLATFORM_ADMIN, ACME, null, HOUR), "token-invalid");
        assertCode(() -> make("x", Role.TENANT_ADMIN, null, null, HOUR), "token-invalid");
        assertCode(() -> make("x", Role.TENANT_ADMIN, null, DEV, HOUR), "token-invalid");
        assertCode(() -> make("x", Role.TENANT_ADMIN, ACME, null, Duration.ZERO), "token-invalid");
        assertCode(
                () -> make(
                        "x", Role.TENANT_ADMIN, ACME, null, Duration.ofDays(400).plusNanos(1)),
                "token-invalid");
        assertCode(() -> make("x", Role.TENANT_ADMIN, new TenantId("nobody"), null, HOUR), "tenant-unknown");
        assertCode(() -> make("x", Role.TENANT_ADMIN, ACME, new Environment("qa"), HOUR), "environment-unknown");
        assertCode(() -> make(" ", Role.TENANT_ADMIN, ACME, null, HOUR), "invalid-request");
        assertCode(() -> make("a\0b", Role.TENANT_ADMIN, ACME, null, HOUR), "invalid-request");
        Token longest = make("longest", Role.TENANT_ADMIN, ACME, null, Duration.ofDays(400))
                .token();
        assertThat(longest.expiresAt()).isEqualTo(longest.createdAt().plus(Duration.ofDays(400)));
    }

    @Test
    void listsTheTokensOfOneTenantNewestFirst() {
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            made.addFirst(
                    make("t" + i, Role.TENANT_ADMIN, ACME, null, HOUR).token().id());
            pass(Duration.ofMillis(i == 2 ? 0 : 1)); // two of the same moment, ordered by id
        }
        make("other", Role.TENANT_ADMIN, GLOBEX, null, HOUR);
        platformToken();
        List<String> seen = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Page<Token> page = node.tokens.tokens(ACME, new PageRequest(2, cursor));
            page.items().forEach(token -> seen.add(token.id()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
        assertThat(seen.getFirst()).isEqualTo(made.getFirst());
        assertThat(seen.getLast()).isEqualTo(made.getLast());
        assertThat(node.tokens.tokens(null, PageRequest.first()).items())
                .extracting(Token::name)
                .containsExactly("ops");
        assertCode(() -> node.tokens.tokens(ACME, new PageRequest(2, "bogus")), "invalid-cursor");
    }

    @Test
    void letsATenantEndItsOwnTokensOnly() {
        NewToken made = make("theirs", Role.TENANT_ADMIN, GLOBEX, null, HOUR);
        NewToken platform = platformToken();
        assertCode(() -> node.tokens.revoke(ACME, made.token().id(), null, Node.ROOT, Node.ACTOR), "token-unknown");
        assertCode(() -> node.tokens.revoke(ACME, platform.token().id(), null, Node.ROOT, Node.ACTOR), "token-unknown");
        assertCode(() -> node.tokens.revoke(null, made.token().id(), null, Node.ROOT, Node.ACTOR), "token-unknown");
        assertCode(() -> node.tokens.revoke(ACME, "nonsense", null, Node.ROOT, Node.ACTOR), "token-unknown");
        assertCode(() -> node.tokens.revoke(ACME, "non\0sense", null, Node.ROOT, Node.ACTOR), "token-unknown");
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        node.access.authenticate(Credentials.ofBearer(platform.bearer()), Node.ORIGIN);
        node.tokens.revoke(GLOBEX, made.token().id(), null, Node.ROOT, Node.ACTOR);
        Instant ended = now.get();
        pass(HOUR);
        node.tokens.revoke(GLOBEX, made.token().id(), null, Node.ROOT, Node.ACTOR);
        assertThat(node.tokens
                        .tokens(GLOBEX, PageRequest.first())
                        .items()
                        .getFirst()
                        .revokedAt())
                .isEqualTo(ended);
    }

    @Test
    void givesATokenAnotherBearerAndTheOldOneALittleTime() {
        NewToken made = make("ci", Role.TENANT_ADMIN, ACME, null, HOUR);
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        other.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);

        NewToken rotated = rotate(made, Duration.ofMinutes(10), null);

        assertThat(rotated.token().id()).isEqualTo(made.token().id());
        assertThat(rotated.token().expiresAt()).isEqualTo(made.token().expiresAt());
        assertThat(rotated.token().revision()).isEqualTo(2);
        assertThat(rotated.bearer()).isNotEqualTo(made.bearer());
        Instant end = requireNonNull(now.get()).plus(Duration.ofMinutes(10));
        assertThat(rotated.token().formerUntil()).isEqualTo(end);
        for (Node each : List.of(node, other)) {
            now.set(end.minusNanos(1_000));
            assertThat(each.access
                            .authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN)
                            .id())
                    .isEqualTo("token:" + made.token().id());
            each.access.authenticate(Credentials.ofBearer(rotated.bearer()), Node.ORIGIN);
            now.set(end);
            assertCode(
                    () -> each.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN),
                    "unauthenticated");
            each.access.authenticate(Credentials.ofBearer(rotated.bearer()), Node.ORIGIN);
        }
    }

    @Test
    void endsTheOldBearerAtOnceWhenNoGraceIsGiven() {
        NewToken made = platformToken();
        node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN);
        NewToken rotated = rotate(made, Duration.ZERO, null);
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(made.bearer()), Node.ORIGIN), "unauthenticated");
        NewToken again = rotate(rotated, Duration.ofHours(24), null);
        node.access.authenticate(Credentials.ofBearer(rotated.bearer()), Node.ORIGIN);
        node.access.authenticate(Credentials.ofBearer(again.bearer()), Node.ORIGIN);
        node.tokens.revoke(null, made.token().id(), null, Node.ROOT, Node.ACTOR);
        assertCode(
                () -> node.access.authenticate(Credentials.ofBearer(rotated.bearer()), Node.ORIGIN), "unauthenticated");
        assertCode(() -> rotate(made, Duration.ZERO, null), "token-unknown");
    }

    @Test
    void rotatesOnlyWhatTheCallerCouldMake() {
        NewToken theirs = make("theirs", Role.TENANT_ADMIN, GLOBEX, null, HOUR);
        Principal admin = Principal.of("token:a", "admin", Role.TENANT_ADMIN, ACME, null);
        assertCode(() -> rotate(theirs, Duration.ofHours(24).plusNanos(1), null), "token-invalid");
        assertCode(() -> rotate(theirs, Duration.ofSeconds(-1), null), "token-invalid");
        assertCode(() -> rotate(theirs, Duration.ZERO, 2L), "revision-changed");
        assertCode(
                () -> node.tokens.revoke(GLOBEX, theirs.token().id(), 2L, Node.ROOT, Node.ACTOR), "revision-changed");
        assertCode(
                () -> node.tokens.rotate(ACME, theirs.token().id(), Duration.ZERO, null, admin, Node.ACTOR),
                "token-unknown");
        assertThat(onlyEvent().rule()).isEqualTo("tenant-boundary");
        assertThat(onlyEvent().resource()).isEqualTo("token " + theirs.token().id());
        node.access.authenticate(Credentials.ofBearer(theirs.bearer()), Node.ORIGIN);
    }

    private NewToken rotate(NewToken made, Duration grace, @Nullable Long revision) {
        return node.tokens.rotate(made.token().tenant(), made.token().id(), grace, revision, Node.ROOT, Node.ACTOR);
    }

    @Test
    void findsEventsByWhatTheyAreAbout() {
        node.events.insert(Rule.ROLE, "p1", ACME, null, Node.ORIGIN);
        pass(HOUR);
        node.events.insert(Rule.TENANT_BOUNDARY, "p2", GLOBEX, null, Node.ORIGIN);
        Instant later = now.get();
        assertThat(found(new Filter(ACME, null, null, null, null))).containsExactly("p1");
        assertThat(found(new Filter(null, Rule.TENANT_BOUNDARY, null, null, null)))
                .containsExactly("p2");
        assertThat(found(new Filter(null, null, "p1", null, null))).containsExactly("p1");
        assertThat(found(new Filter(null, null, null, later, null))).containsExactly("p2");
        assertThat(found(new Filter(null, null, null, null, later))).containsExactly("p1");
        assertThat(found(new Filter(ACME, Rule.TENANT_BOUNDARY, null, null, null)))
                .isEmpty();
    }

    private List<@Nullable String> found(Filter filter) {
        return node.events.events(filter, PageRequest.first()).items().stream()
                .<@Nullable String>map(SecurityEvent::principal)
                .toList();
    }

    @Test
    void recordsWhoeverOverstepsAndTellsThemNothing() {
        Principal developer = Principal.of("token:d", "dev", Role.TENANT_DEVELOPER, ACME, DEV);
        List<Problem> told = new ArrayList<>();
        told.add(refusal(developer, Action.TENANT_READ, GLOBEX, DEV));
        told.add(refusal(developer, Action.TENANT_READ, new TenantId("nobody"), null));
        told.add(refusal(developer, Action.TENANT_CALL, ACME, new Environment("prod")));
        told.add(refusal(developer, Action.PLATFORM_WRITE, null, null));
        assertThat(told).allMatch(problem -> problem.equals(told.getFirst()));
        assertThat(told.getFirst().status()).isEqualTo(403);
        assertThat(events())
                .extracting(SecurityEvent::rule)
                .containsExactly("role", "environment-boundary", "tenant-boundary", "tenant-boundary");
        SecurityEvent oldest = events().getLast();
        assertThat(oldest.principal()).isEqualTo("token:d");
        assertThat(oldest.tenant()).isEqualTo("globex");
        assertThat(oldest.environment()).isEqualTo("dev");
        assertThat(oldest.resource()).isEqualTo("/api/things");
        assertThat(oldest.correlationId()).isEqualTo("c-1");
    }

    @Test
    void keepsTenEventsPerSecondAndCountsTheOthers() throws IOException {
        for (int i = 0; i < 25; i++) {
            assertCode(() -> node.access.authenticate(Credentials.ofBearer(null), Node.ORIGIN), "unauthenticated");
        }
        assertThat(events()).hasSize(10);
        // somebody else's attempt is not drowned
        refusal(Principal.of("token:d", "dev", Role.TENANT_DEVELOPER, ACME, DEV), Action.TENANT_READ, GLOBEX, DEV);
        assertThat(events()).hasSize(11);
        pass(Duration.ofSeconds(1));
        node.recorder.flush();
        assertThat(events().getFirst().rule()).isEqualTo("suppressed");
        assertThat(events().getFirst().resource()).isEqualTo("15 more");
        StringBuilder metrics = new StringBuilder();
        node.metrics.write(metrics, Metrics.Format.PROMETHEUS, Metrics.Selection.ALL);
        assertThat(metrics)
                .contains(
                        "mc_security_events_total{rule=\"unauthenticated\"} 25\n",
                        "mc_security_events_total{rule=\"suppressed\"} 15\n");
    }

    @Test
    void countsTheOthersWithTheNextAttemptToo() {
        for (int i = 0; i < 12; i++) {
            assertCode(() -> node.access.authenticate(Credentials.ofBearer(null), Node.ORIGIN), "unauthenticated");
        }
        pass(Duration.ofSeconds(1));
        assertCode(() -> node.access.authenticate(Credentials.ofBearer(null), Node.ORIGIN), "unauthenticated");
        node.recorder.flush();
        assertThat(events()).hasSize(12);
        assertThat(events().get(1).resource()).isEqualTo("2 more");
    }

    @Test
    void survivesHostileText() {
        String odd = "/\0\n\u001b[31m\ud800" + "x".repeat(10_000);
        assertCode(
                () -> node.access.authenticate(Credentials.ofBearer(null), new Origin(odd, odd, odd, odd)),
                "unauthenticated");
        assertThat(onlyEvent().resource()).startsWith("/???[31m").hasSize(500);
    }

    @Test
    void keepsTheNewestEventsOnly() {
        for (int i = 0; i < 120; i++) {
            node.events.insert(Rule.ROLE, "p" + i, null, null, Node.ORIGIN);
        }
        assertThat(node.events.events(Filter.ALL, new PageRequest(500, null)).items())
                .hasSize(50)
                .first()
                .satisfies(newest -> assertThat(newest.principal()).isEqualTo("p119"));
    }

    @Test
    void strangersPushOutNothingThatWasNotedOfPrincipals() {
        node.events.insert(Rule.TENANT_BOUNDARY, "evidence", null, null, Node.ORIGIN);
        for (int i = 0; i < 119; i++) {
            node.events.insert(Rule.UNAUTHENTICATED, null, null, null, Node.ORIGIN);
        }

        assertThat(node.events.events(Filter.ALL, new PageRequest(500, null)).items())
                .hasSize(51)
                .last()
                .satisfies(oldest -> assertThat(oldest.principal()).isEqualTo("evidence"));
    }

    @Test
    void everyDeniedWriteIsNotedAndTheyPushOutNothingElse() {
        node.events.insert(Rule.TENANT_BOUNDARY, "evidence", null, null, Node.ORIGIN);
        for (int i = 0; i < 119; i++) {
            node.recorder.recordAlways(Rule.RESIDENCY, "token:" + i, ACME, DEV, Node.ORIGIN);
        }

        List<SecurityEvent> all =
                node.events.events(Filter.ALL, new PageRequest(500, null)).items();
        assertThat(all).hasSizeBetween(51, 60);
        assertThat(all.getFirst().principal()).isEqualTo("token:118");
        assertThat(all.getFirst().rule()).isEqualTo("residency");
        assertThat(all.getLast().principal()).isEqualTo("evidence");
    }

    @Test
    void theDeniedWritesOfOneTenantPushOutNoneOfAnother() {
        node.recorder.recordAlways(Rule.RESIDENCY, "token:quiet", GLOBEX, DEV, Node.ORIGIN);
        for (int i = 0; i < 120; i++) {
            node.recorder.recordAlways(Rule.RESIDENCY, "token:loud", ACME, DEV, Node.ORIGIN);
        }

        List<SecurityEvent> all =
                node.events.events(Filter.ALL, new PageRequest(500, null)).items();
        assertThat(all).hasSize(51);
        assertThat(all.getLast().principal()).isEqualTo("token:quiet");
    }

    @Test
    void theTokensOfOneTenantShareTheirEventsPerSecond() {
        for (int i = 0; i < 15; i++) {
            Principal one = Principal.of("token:" + i, "one", Role.TENANT_ADMIN, ACME, null);
            assertCode(() -> node.access.authorize(one, Action.TENANT_READ, GLOBEX, null, Node.ORIGIN), "forbidden");
        }

        assertThat(events()).hasSize(10);
    }

    @Test
    void aFloodOfUnknownTokensKeepsNoKnownTokenOut() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        JooqTokens slow = new JooqTokens(new SlowForTheFlood(database, inside, release), now::get);
        Authenticator authenticator = new Authenticator(
                Bearer.Kind.TOKEN,
                slow,
                new BearerCache(1_000_000, 100),
                new BearerUses(slow),
                now::get,
                renewal -> {});
        NewToken made = platformToken();
        assertThat(authenticator.authenticate(made.bearer())).isPresent();
        pass(Duration.ofMinutes(1));
        for (int i = 0; i < 3; i++) {
            String unknown =
                    Bearer.random(Bearer.Kind.TOKEN, new SecureRandom()).text();
            Thread.ofVirtual().name("flood").start(() -> authenticator.authenticate(unknown));
        }
        inside.await();

        assertThat(authenticator.authenticate(made.bearer())).isPresent();
        release.countDown();
    }

    /** Keeps the flood's look-ups waiting, and nobody else's. */
    private record SlowForTheFlood(PostgresDatabase opened, CountDownLatch inside, CountDownLatch release)
            implements Database {
        @Override
        public <R> R inTenant(TenantId tenant, Function<DSLContext, R> work) {
            return opened.inTenant(tenant, work);
        }

        @Override
        public <R> R asPlatform(Function<DSLContext, R> work) {
            if (Thread.currentThread().getName().equals("flood")) {
                inside.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            return opened.asPlatform(work);
        }

        @Override
        public <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
            return opened.act(tenant, actor, change);
        }

        @Override
        public <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change) {
            return opened.actAsPlatform(actor, change);
        }

        @Override
        public <R> R note(TenantId tenant, Function<DSLContext, R> note) {
            return opened.note(tenant, note);
        }

        @Override
        public <R> R noteAsPlatform(Function<DSLContext, R> note) {
            return opened.noteAsPlatform(note);
        }

        @Override
        public void migrate(Migrations migrations) {
            opened.migrate(migrations);
        }
    }

    @Test
    void pagesThroughEventsNewestFirst() {
        for (int i = 0; i < 5; i++) {
            node.events.insert(Rule.ROLE, "p" + i, null, null, Node.ORIGIN);
        }
        Page<SecurityEvent> first = node.events.events(Filter.ALL, new PageRequest(3, null));
        node.events.insert(Rule.ROLE, "later", null, null, Node.ORIGIN);
        Page<SecurityEvent> second = node.events.events(Filter.ALL, new PageRequest(3, first.next()));
        assertThat(first.items()).extracting(SecurityEvent::principal).containsExactly("p4", "p3", "p2");
        assertThat(second.items()).extracting(SecurityEvent::principal).containsExactly("p1", "p0");
        assertThat(second.next()).isNull();
    }

    @Test
    void showsNothingToTheApplicationsRoleOutsideAScope() throws SQLException {
        platformToken();
        make("acme's", Role.TENANT_ADMIN, ACME, null, HOUR);
        node.events.insert(Rule.ROLE, "p", ACME, null, Node.ORIGIN);
        try (Connection raw = POSTGRES.connect();
                Statement statement = raw.createStatement()) {
            statement.execute("set role maestro_app");
            assertThat(count(statement, "identity.token")).isZero();
            assertThat(count(statement, "identity.security_event")).isZero();
            statement.execute("set maestro.tenant = 'acme'");
            assertThat(count(statement, "identity.token")).isOne();
            assertThat(count(statement, "identity.security_event")).isZero();
        }
    }

    private NewToken platformToken() {
        return make("ops", Role.PLATFORM_ADMIN, null, null, HOUR);
    }

    private NewToken make(
            String name, Role role, @Nullable TenantId tenant, @Nullable Environment environment, Duration lifetime) {
        return node.tokens.create(name, Set.of(role), tenant, environment, lifetime, Node.ROOT, Node.ACTOR);
    }

    private Token listed(NewToken made) {
        return node.tokens.tokens(made.token().tenant(), PageRequest.first()).items().stream()
                .filter(token -> token.id().equals(made.token().id()))
                .findFirst()
                .orElseThrow();
    }

    private List<SecurityEvent> events() {
        return node.events.events(Filter.ALL, PageRequest.first()).items();
    }

    private SecurityEvent onlyEvent() {
        assertThat(events()).hasSize(1);
        return events().getFirst();
    }

    private void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    private Problem refusal(
            Principal principal, Action action, @Nullable TenantId tenant, @Nullable Environment environment) {
        try {
            node.access.authorize(principal, action, tenant, environment, Node.ORIGIN);
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo("forbidden");
            return e.problem();
        }
        throw new AssertionError("was allowed");
    }

    private static long count(Statement statement, String table) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            assertThat(rows.next()).isTrue();
            return rows.getLong(1);
        }
    }

    private static void owner(String sql) throws SQLException {
        try (Connection connection = POSTGRES.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void assertCode(ThrowingCallable act, String code) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
