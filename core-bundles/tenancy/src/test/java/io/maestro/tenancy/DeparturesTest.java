package io.maestro.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.maestro.api.identity.Role;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.tenancy.Members.Expected;
import io.maestro.api.tenancy.Members.Grant;
import io.maestro.api.tenancy.Offboarding.Departure;
import io.maestro.api.tenancy.Offboarding.Part;
import io.maestro.api.tenancy.Offboarding.Stage;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.JooqTransaction;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How tenants leave and environments go. */
final class DeparturesTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Actor ADMIN = new Actor("token:admin", "request-1");
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Scope DEV = Scope.of("acme", "dev");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    private final Instant now = Instant.parse("2026-05-05T05:05:05.123456789Z");
    private final FakeEngine engine = new FakeEngine("adapters");
    private final List<TenantHoldings> engines = new ArrayList<>(List.of(engine));
    private final JooqDepartures rows = new JooqDepartures(database, () -> now);
    private final Holdings holdings = new Holdings(rows, engines);
    private final JooqTenants tenants = new JooqTenants(database, holdings, () -> now);
    private final JooqMembers members = new JooqMembers(database, tenants, () -> now);
    private final Departures departures = new Departures(tenants, rows, holdings);

    @BeforeAll
    static void open() {
        database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
        database.migrate(JooqTenants.MIGRATIONS);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void start() throws SQLException {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("truncate store.fact, tenancy.tenant, tenancy.environment, tenancy.member,"
                    + " tenancy.offboarding, tenancy.offboarding_part, tenancy.engine");
        }
        tenants.create(ACME, "Acme", ADMIN);
        tenants.create(GLOBEX, "Globex", ADMIN);
        members.put(ACME, "anna", grant(), new Expected.Anything(), ADMIN);
    }

    @Test
    void plansWithoutChangingAnything() {
        Departure plan = departures.plan(ACME);

        assertThat(plan.stage()).isEqualTo(Stage.PLANNED);
        assertThat(plan.parts())
                .containsExactly(
                        new Part("adapters", false, Map.of("things", 3L)),
                        new Part("tenancy", false, Map.of("members", 1L, "environments", 3L)));
        assertThat(engine.asked).isEmpty();
        assertThat(departures.leaving(ACME)).isFalse();
        assertCode(() -> departures.departure(ACME), "offboarding-unknown");
        assertCode(() -> departures.plan(new TenantId("nobody")), "tenant-unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Acme", "globex", " acme"})
    void wantsTheNameTypedAgain(String confirmation) {
        assertCode(() -> departures.begin(ACME, confirmation, ADMIN), "offboarding-unconfirmed");
        assertThat(engine.asked).isEmpty();
        assertThat(tenants.tenant(ACME).state()).isEqualTo(Tenant.State.ACTIVE);
    }

    @Test
    void refusesEverythingWithinATenantThatLeaves() {
        Departure begun = departures.begin(ACME, "acme", ADMIN);

        assertThat(begun.stage()).isEqualTo(Stage.RUNNING);
        assertThat(departures.leaving(ACME)).isTrue();
        assertThat(departures.leaving(GLOBEX)).isFalse();
        assertThat(tenants.tenant(ACME).state()).isEqualTo(Tenant.State.LEAVING);
        assertCode(() -> tenants.require(DEV), "tenant-leaving");
        assertCode(() -> tenants.rename(ACME, "Other", null, ADMIN), "tenant-leaving");
        assertCode(() -> tenants.createEnvironment(ACME, new Environment("qa"), ADMIN), "tenant-leaving");
        assertCode(() -> members.put(ACME, "bob", grant(), new Expected.Anything(), ADMIN), "tenant-leaving");
        assertThat(members.member(ACME, "anna")).isEmpty();
    }

    @Test
    void goesOnUntilNothingIsLeftAndNeverGivesTheNameAgain() throws SQLException {
        departures.begin(ACME, "acme", ADMIN);
        departures.look();
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.RUNNING);

        engine.empty = true;
        departures.look();

        assertThat(departures.departure(ACME))
                .isEqualTo(new Departure(
                        ACME,
                        Stage.FINISHED,
                        List.of(new Part("adapters", true, Map.of()), new Part("tenancy", true, Map.of()))));
        assertThat(departures.begin(ACME, "acme", ADMIN))
                .as("whoever asks again is told")
                .isEqualTo(departures.departure(ACME));
        assertThat(departures.plan(ACME)).isEqualTo(departures.departure(ACME));
        assertThat(engine.asked).hasSize(3).containsOnly("acme by token:admin");
        assertThat(departures.leaving(ACME)).as("access stays refused").isTrue();
        assertCode(() -> tenants.tenant(ACME), "tenant-unknown");
        assertCode(() -> tenants.require(DEV), "tenant-unknown");
        assertCode(() -> tenants.create(ACME, "Acme again", ADMIN), "tenant-name-retired");
        assertThat(tenants.tenants(PageRequest.first()).items())
                .extracting(Tenant::id)
                .containsExactly(GLOBEX);
        assertThat(count("select count(*) from tenancy.member where tenant_id = 'acme'"))
                .isZero();
        assertThat(count("select count(*) from tenancy.environment where tenant_id = 'acme'"))
                .isZero();
        assertThat(count("select count(*) from tenancy.tenant where display_name = 'Acme'"))
                .isZero();
        assertThat(count("select count(*) from store.fact where tenant_id = 'acme' and action = 'tenant.erase'"))
                .as("what was done stays in the chain")
                .isEqualTo(1);
        departures.look();
        assertThat(engine.asked).hasSize(3);
    }

    @Test
    void goesOnAfterACrashAsTheOneWhoBegan() {
        engine.before.push(() -> {
            throw new IllegalStateException("crash");
        });
        departures.begin(ACME, "acme", ADMIN);

        FakeEngine same = new FakeEngine("adapters");
        same.empty = true;
        Departures afterwards = new Departures(tenants, rows, new Holdings(rows, List.of(same)));
        assertThat(afterwards.leaving(ACME)).isFalse();
        afterwards.look();

        assertThat(same.asked).containsExactly("acme by token:admin");
        assertThat(afterwards.departure(ACME).stage()).isEqualTo(Stage.FINISHED);
        assertThat(afterwards.leaving(ACME)).isTrue();
    }

    @Test
    void waitsForAnEngineThatIsAwayAndAsksOneThatHasCome() {
        departures.begin(ACME, "acme", ADMIN);
        FakeEngine late = new FakeEngine("late");
        engines.clear();
        engines.add(late);
        late.empty = true;
        departures.look();
        assertThat(late.asked).hasSize(1);
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.RUNNING);

        engine.empty = true;
        engines.add(engine);
        departures.look();
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.FINISHED);
    }

    @Test
    void waitsForAnEngineThatWasAwayAlreadyWhenItBegan() {
        departures.look();
        // as after a restart at which its bundle did not start
        engines.clear();
        Departures restarted = new Departures(tenants, rows, new Holdings(rows, engines));

        assertThat(restarted.plan(ACME).parts()).contains(new Part("adapters", false, Map.of()));
        Departure begun = restarted.begin(ACME, "acme", ADMIN);
        assertThat(begun.stage()).isEqualTo(Stage.RUNNING);
        assertThat(begun.parts()).contains(new Part("adapters", false, Map.of()));
        restarted.look();
        assertThat(restarted.departure(ACME).stage()).isEqualTo(Stage.RUNNING);

        engine.empty = true;
        engines.add(engine);
        restarted.look();
        assertThat(restarted.departure(ACME).stage()).isEqualTo(Stage.FINISHED);
    }

    @Test
    void waitsForAnEngineThatCameAfterItBeganAndIsAwayAgain() {
        departures.begin(ACME, "acme", ADMIN);
        FakeEngine late = new FakeEngine("late");
        engines.add(late);
        departures.look();
        engines.remove(late);
        engine.empty = true;
        departures.look();
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.RUNNING);
        assertThat(departures.departure(ACME).parts())
                .as("whoever looks sees what it waits for")
                .contains(new Part("adapters", true, Map.of("things", 0L)), new Part("late", false, Map.of()));

        late.empty = true;
        engines.add(late);
        departures.look();
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.FINISHED);
        assertThat(departures.departure(ACME).parts()).contains(new Part("late", true, Map.of()));
    }

    @Test
    void takesTheWordOfAnEngineThatCameAfterItBeganWhenThatIsAwayAgain() {
        departures.begin(ACME, "acme", ADMIN);
        FakeEngine late = new FakeEngine("late");
        late.empty = true;
        engines.add(late);
        departures.look();
        engines.remove(late);
        engine.empty = true;
        departures.look();

        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.FINISHED);
    }

    @Test
    void waitsForAnEngineThatCameAfterItBeganAndStopsDuringALook() {
        departures.begin(ACME, "acme", ADMIN);
        FakeEngine late = new FakeEngine("late");
        engines.add(late);
        departures.look();
        engine.empty = true;
        // seen when it is remembered, and when it is looked who is away
        late.whenNamed = () -> late.whenNamed = () -> engines.remove(late);
        departures.look();

        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.RUNNING);
    }

    @Test
    void endsNoOffboardingThatAnotherNodeKnowsMorePartsOf() {
        departures.begin(ACME, "acme", ADMIN);
        engine.before.push(() -> rows.join(ACME, List.of("other")));
        engine.empty = true;
        departures.look();

        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.RUNNING);
        rows.done(ACME, "other");
        departures.look();
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.FINISHED);
        rows.join(ACME, List.of("last"));
        assertThat(departures.departure(ACME).parts()).extracting(Part::name).doesNotContain("last");
    }

    @Test
    void logsWhatIsWaitedForOnlyWhenItChanges() {
        FakeEngine away = new FakeEngine("away");
        engines.add(away);
        departures.look();
        engines.remove(away);
        List<String> lines = logged(() -> {
            departures.begin(ACME, "acme", ADMIN);
            departures.look();
            engine.empty = true;
            departures.look();
            departures.look();
        });

        assertThat(lines)
                .containsExactly(
                        "the offboarding of acme waits for adapters, away (does not run)",
                        "the offboarding of acme waits for away (does not run)");
    }

    @Test
    void keepsAnEnvironmentInWhichAnEngineThatIsAwayMayHaveSomething() {
        engine.empty = true;
        departures.look();
        engines.clear();

        assertThatThrownBy(() -> tenants.deleteEnvironment(DEV, null, ADMIN))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo("environment-in-use");
                    assertThat(e.problem().detail()).contains("adapters", "does not run");
                    assertThat(e.problem().fix()).contains("docs/how-to/offboard-a-tenant.md");
                });

        engines.add(engine);
        tenants.deleteEnvironment(DEV, null, ADMIN);
    }

    @Test
    void keepsAnEnvironmentWhoseEngineStopsWhileItIsLookedThrough() {
        engine.empty = true;
        departures.look();
        engine.whenNamed = () -> engines.remove(engine);
        assertCode(() -> tenants.deleteEnvironment(DEV, null, ADMIN), "environment-in-use");

        engine.whenNamed = () -> {};
        engines.add(engine);
        tenants.deleteEnvironment(DEV, null, ADMIN);
    }

    @Test
    void keepsAnEnvironmentWhoseEngineStopsBeforeItHasDroppedWhatItKeepsUncounted() {
        engine.empty = true;
        departures.look();
        engine.whenCounted = () -> engines.remove(engine);
        assertCode(() -> tenants.deleteEnvironment(DEV, null, ADMIN), "environment-in-use");

        engine.whenCounted = () -> {};
        engines.add(engine);
        tenants.deleteEnvironment(DEV, null, ADMIN);
        assertThat(engine.emptied).hasSize(1);
    }

    @Test
    void forgetsAnEngineAsThePageSays() throws Exception {
        String page = Files.readString(Path.of("../../docs/how-to/offboard-a-tenant.md"));
        List<String> statements = Pattern.compile("`(delete from [^`]*)`")
                .matcher(page)
                .results()
                .map(found -> found.group(1).replace("…", "retired"))
                .toList();
        FakeEngine retired = new FakeEngine("retired");
        engines.add(retired);
        departures.look();
        engines.remove(retired);
        engine.empty = true;
        departures.begin(ACME, "acme", ADMIN);
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.RUNNING);
        Scope other = Scope.of("globex", "dev");
        assertCode(() -> tenants.deleteEnvironment(other, null, ADMIN), "environment-in-use");

        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            for (String forget : statements) {
                assertThat(statement.executeUpdate(forget)).as(forget).isEqualTo(1);
            }
        }

        departures.look();
        assertThat(departures.departure(ACME).stage()).isEqualTo(Stage.FINISHED);
        tenants.deleteEnvironment(other, null, ADMIN);
    }

    @Test
    void goesOnWithOtherTenantsWhenOneFailsInAnyWay() {
        departures.begin(ACME, "acme", ADMIN);
        departures.begin(GLOBEX, "globex", ADMIN);
        for (int i = 0; i < 2; i++) {
            engine.asked.clear();
            engine.before.push(() -> {
                throw new StackOverflowError();
            });
            departures.look();
            assertThat(engine.asked).hasSize(2);
        }
    }

    @Test
    void goesOnWithOthersWhenOneEngineFails() {
        FakeEngine failing = new FakeEngine("failing");
        failing.before.push(() -> {
            throw new IllegalStateException("not now");
        });
        engines.addFirst(failing);
        departures.begin(ACME, "acme", ADMIN);

        assertThat(engine.asked).hasSize(1);
    }

    @Test
    void learnsWhatAnotherNodeBegan() {
        new Departures(tenants, rows, holdings).begin(ACME, "acme", ADMIN);
        assertThat(departures.leaving(ACME)).isFalse();

        departures.look();

        assertThat(departures.leaving(ACME)).isTrue();
    }

    @Test
    void beginsOnceHoweverOftenItIsAsked() throws SQLException {
        departures.begin(ACME, "acme", ADMIN);
        departures.begin(ACME, "acme", new Actor("token:other", "request-2"));

        assertThat(engine.asked).hasSize(2).containsOnly("acme by token:admin");
        assertThat(count("select count(*) from store.fact where action = 'tenant.offboard'"))
                .isEqualTo(1);
    }

    @Test
    void deletesAnEnvironmentThatHoldsNothing() {
        engine.empty = true;
        Instant createdAt = tenants.environment(DEV).createdAt();
        assertCode(() -> tenants.deleteEnvironment(DEV, createdAt.plusMillis(1), ADMIN), "revision-changed");

        tenants.deleteEnvironment(DEV, createdAt, ADMIN);

        assertThat(engine.emptied).containsExactly("acme/dev by token:admin");
        assertCode(() -> tenants.require(DEV), "environment-unknown");
        assertCode(() -> tenants.deleteEnvironment(DEV, null, ADMIN), "environment-unknown");
        tenants.createEnvironment(ACME, DEV.environment(), ADMIN);
        tenants.require(DEV);
    }

    @Test
    void keepsAnEnvironmentInUseAndSaysWhatIsLeft() {
        assertThatThrownBy(() -> tenants.deleteEnvironment(DEV, null, ADMIN))
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().code()).isEqualTo("environment-in-use");
                    assertThat(e.problem().detail()).contains("3 things");
                });
        tenants.require(DEV);

        engine.empty = true;
        members.put(
                ACME, "bob", new Grant("Bob", Set.of(Role.AUDITOR), DEV.environment()), new Expected.Anything(), ADMIN);
        assertCode(() -> tenants.deleteEnvironment(DEV, null, ADMIN), "environment-in-use");
        assertThat(engine.emptied).isEmpty();
    }

    @Test
    void letsNothingIntoAnEnvironmentWhileItIsLookedThrough() {
        List<String> met = new ArrayList<>();
        engines.add(new TenantHoldings() {
            @Override
            public String name() {
                return "observer";
            }

            @Override
            public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
                try {
                    tenants.require(DEV);
                    met.add("let in");
                } catch (ProblemException e) {
                    met.add(e.problem().code());
                }
                return Map.of();
            }

            @Override
            public boolean erase(TenantId tenant, Actor actor) {
                return true;
            }
        });

        assertCode(() -> tenants.deleteEnvironment(DEV, null, ADMIN), "environment-in-use");
        assertThat(met).containsExactly("environment-unknown");
        tenants.require(DEV);
    }

    @Test
    void beginsToSeeATenantOutOnlyWhenActsThatMakeSomethingAreOver() throws Exception {
        try (HeldAct put = new HeldAct(DEV);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Departure> begun = threads.submit(() -> departures.begin(ACME, "acme", ADMIN));
            awaitWaiting();
            assertThat(engine.asked).isEmpty();

            put.commit();

            begun.get();
            assertThat(engine.asked)
                    .as("asked once the act is there to be seen")
                    .hasSize(1);
        }
        assertCode(() -> hold(DEV), "tenant-leaving");
        assertCode(() -> hold(ACME), "tenant-leaving");
        engine.empty = true;
        departures.look();
        assertCode(() -> hold(DEV), "tenant-unknown");
        hold(GLOBEX);
    }

    @Test
    void looksThroughAnEnvironmentOnlyWhenActsThatMakeSomethingAreOver() throws Exception {
        try (HeldAct put = new HeldAct(DEV);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            engine.empty = true;
            Future<?> deleted = threads.submit(() -> tenants.deleteEnvironment(DEV, null, ADMIN));
            awaitWaiting();
            // what the act makes is there from its commit on
            engine.empty = false;

            put.commit();

            assertThat(catchThrowable(deleted::get)).rootCause().hasMessageStartingWith("environment-in-use");
        }
        hold(DEV);
    }

    @Test
    void letsNoActIntoAnEnvironmentThatIsLookedThrough() {
        engine.empty = true;
        engine.whenCounted = () -> {
            assertCode(() -> hold(DEV), "environment-unknown");
            hold(ACME);
        };

        tenants.deleteEnvironment(DEV, null, ADMIN);

        assertCode(() -> hold(DEV), "environment-unknown");
    }

    @Test
    void deletesNoEnvironmentThatAnotherDeletionOpenedAgainMeanwhile() {
        engine.empty = true;
        engine.whenCounted = () -> {
            engine.whenCounted = () -> {
                throw new IllegalStateException("the other one fails");
            };
            assertThatThrownBy(() -> tenants.deleteEnvironment(DEV, null, ADMIN))
                    .isInstanceOf(IllegalStateException.class);
            // and now something slips in
            hold(DEV);
        };

        assertCode(() -> tenants.deleteEnvironment(DEV, null, ADMIN), "revision-changed");

        tenants.require(DEV);
    }

    private void hold(Scope scope) {
        hold(scope.tenant(), scope.environment());
    }

    private void hold(TenantId tenant) {
        hold(tenant, null);
    }

    private void hold(TenantId tenant, @Nullable Environment environment) {
        database.<Integer>note(tenant, sql -> {
            tenants.hold(new JooqTransaction(sql), tenant, environment);
            return 0;
        });
    }

    /** Until somebody waits for a row that another transaction has locked. */
    private static void awaitWaiting() {
        await().atMost(PATIENCE)
                .until(() -> count("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and datname = current_database()")
                        > 0);
    }

    /** An act of another engine that holds on to a scope and is not over yet. */
    private final class HeldAct implements AutoCloseable {
        private final CountDownLatch held = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private final ExecutorService thread = Executors.newVirtualThreadPerTaskExecutor();
        private final Future<Integer> act;

        HeldAct(Scope scope) throws InterruptedException {
            act = thread.submit(() -> database.<Integer>note(scope.tenant(), sql -> {
                tenants.hold(new JooqTransaction(sql), scope.tenant(), scope.environment());
                held.countDown();
                try {
                    over.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return 0;
            }));
            assertThat(held.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        }

        void commit() throws Exception {
            over.countDown();
            act.get();
        }

        @Override
        public void close() {
            over.countDown();
            thread.close();
        }
    }

    @Test
    void renamesATenantAtTheRevisionThatWasSeen() {
        assertThat(tenants.rename(ACME, "Acme Ş", 1L, ADMIN).revision()).isEqualTo(2);
        assertThat(tenants.tenant(ACME).displayName()).isEqualTo("Acme Ş");
        assertCode(() -> tenants.rename(ACME, "Other", 1L, ADMIN), "revision-changed");
        assertThat(tenants.rename(ACME, "Acme Ş", null, ADMIN).revision())
                .as("the same again changes nothing")
                .isEqualTo(2);
        assertCode(() -> tenants.rename(ACME, "\n", null, ADMIN), "invalid-request");
        assertCode(() -> tenants.rename(new TenantId("nobody"), "X", null, ADMIN), "tenant-unknown");
    }

    private static List<String> logged(Runnable acts) {
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
        Logger log = Logger.getLogger(Departures.class.getName());
        log.addHandler(handler);
        try {
            acts.run();
        } finally {
            log.removeHandler(handler);
        }
        return lines;
    }

    private static Grant grant() {
        return new Grant("Anna", Set.of(Role.AUDITOR), null);
    }

    private static long count(String query) throws SQLException {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void assertCode(ThrowingCallable act, String code) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
