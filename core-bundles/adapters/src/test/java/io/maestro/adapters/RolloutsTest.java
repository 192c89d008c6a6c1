package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.leaks.CallThread;
import io.maestro.adapters.samples.WorkingStorage;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.api.adapters.Rollouts.Member;
import io.maestro.api.adapters.Rollouts.Place;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.api.adapters.Rollouts.Step;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A rollout ends with all of its instances at the new version, or with none. */
class RolloutsTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Scope GLOBEX = Scope.of("globex", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final Actor ADA = new Actor("user:ada", "request-1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final AdapterName ECHO = new AdapterName("echo");
    private static final AdapterVersion NEW = new AdapterVersion("1.1.0");
    private static final Step ALL = new Step(List.of(), List.of(), 100, Duration.ZERO, 0);
    private static final Step LONG = new Step(List.of(), List.of(), 100, Duration.ofHours(1), 0);

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private final AtomicReference<@Nullable String> stop = new AtomicReference<>();
    private volatile Runnable tried = () -> {};
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicBoolean calling = new AtomicBoolean(true);
    private final AtomicInteger failedOfGlobex = new AtomicInteger();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = host();
        admit("1.0.0", "1.0.0");
        create(ACME);
        create(GLOBEX);
    }

    @AfterEach
    void end() throws Exception {
        calling.set(false);
        callers.close();
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    private TestHost host() throws Exception {
        return new TestHost(folder.resolve("data"), database, secrets, step -> {
            if (step.equals("tried")) {
                tried.run();
            }
            if (step.equals(stop.get())) {
                ended.set(true);
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException("ended at " + step, e);
                }
            }
        });
    }

    @Test
    void isPlannedAndBegunOnlyAsPlanned() throws Exception {
        admit("1.1.0", "1.1.0");
        Course one = new Course(
                ECHO, NEW, List.of(new Step(List.of(ACME.tenant()), List.of(), 100, Duration.ZERO, 0)), Gates.USUAL);

        Plan plan = host.rollouts().plan(one, ADA);

        assertThat(plan.action()).isEqualTo("rollout.start");
        assertThat(plan.to()).hasToString("echo@1.1.0");
        assertThat(plan.effects().instancesSwitched()).containsExactly("acme/prod/main");
        assertThat(plan.effects().tenantsTouched()).containsExactly("acme");
        assertThat(plan.notes()).anySatisfy(note -> assertThat(note).contains("Step 1", "acme/prod/main"));
        assertThat(host.rollouts().rollouts(ECHO, PageRequest.first()).items()).isEmpty();
        assertVersions("1.0.0");
        Course all = new Course(ECHO, NEW, List.of(ALL), Gates.USUAL);
        assertThatThrownBy(() -> host.rollouts().start(all, plan.digest(), ADA))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().code()).isEqualTo("plan-changed"));
        assertThat(host.rollouts().rollouts(ECHO, PageRequest.first()).items()).isEmpty();

        assertThat(ended(host.rollouts().start(one, plan.digest(), ADA)).state())
                .isEqualTo(State.DONE);
        assertThat(host.instances().instance(ACME, MAIN).definition()).isEqualTo(plan.to());
        assertThat(host.instances().instance(GLOBEX, MAIN).definition()).hasToString("echo@1.0.0");
    }

    @Test
    void takesAllInstancesToTheNewVersion() throws Exception {
        admit("1.1.0", "1.1.0");
        host.instances().want(GLOBEX, MAIN, Wanted.STOPPED, null, ADA);

        Rollout done = ended(start(Gates.USUAL, ALL));

        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.members()).extracting(Member::progress).containsOnly(Progress.MOVED);
        assertThat(done.report()).isNull();
        assertVersions("1.1.0");
        assertThat(host.rollouts().rollouts(ECHO, PageRequest.first()).items())
                .extracting(Rollout::id)
                .containsExactly(done.id());
        assertThat(host.acts()
                        .versions(ACME, MAIN, PageRequest.first())
                        .items()
                        .getFirst()
                        .actor())
                .isEqualTo("user:ada");
    }

    @ParameterizedTest
    @CsvSource({
        "errors,errors",
        "slow,latency",
        "permission,rejections",
        "hang,standstill",
        "hog,standstill",
        "open,open",
        "down,open"
    })
    void goesBackByItselfWhenTheNewVersionIsBad(String flaw, String gate) throws Exception {
        admit("1.1.0", "1.1.0 " + flaw);
        calls(ACME);
        calls(GLOBEX);

        Rollout done = ended(start(Gates.USUAL, canary(100), ALL));

        assertThat(done.state()).isEqualTo(State.ROLLED_BACK);
        assertThat(done.step()).isEqualTo(1);
        assertThat(Objects.requireNonNull(done.report()).text())
                .contains("\"gate\": \"" + gate + "\"", "acme/prod/main");
        assertThat(done.members()).extracting(Member::progress).containsOnly(Progress.BACK);
        assertVersions("1.0.0");
        assertThat(failedOfGlobex).hasValue(0);
        assertThat(answer(ACME)).isEqualTo("1.0.0");
    }

    /** More than there are processors, that never end; and nobody calls the old version, since all wait for the new one. */
    @Test
    void goesBackWhileCallsOfTheNewVersionComputeWithoutEnd() throws Exception {
        System.clearProperty(WorkingStorage.QUENCHED);
        admit("1.1.0", "1.1.0 burn");
        for (int call = 0; call < 30; call++) {
            assertThat(answer(ACME)).isEqualTo("1.0.0");
        }
        Rollout running = trying(LONG);
        int many = Runtime.getRuntime().availableProcessors() * 4;
        try {
            for (int caller = 0; caller < many; caller++) {
                calls(ACME);
            }

            Rollout done = ended(running);

            assertThat(done.state()).isEqualTo(State.ROLLED_BACK);
            assertThat(Objects.requireNonNull(done.report()).text())
                    .contains("\"gate\": \"standstill\"", "acme/prod/main");
            assertThat(answer(ACME)).isEqualTo("1.0.0");
            assertThat(answer(GLOBEX)).isEqualTo("1.0.0");
            assertThat(Thread.getAllStackTraces().keySet())
                    .filteredOn(thread -> thread instanceof CallThread && thread.isAlive())
                    .as("what computes without end")
                    .hasSizeGreaterThan(Runtime.getRuntime().availableProcessors());
        } finally {
            System.setProperty(WorkingStorage.QUENCHED, "true");
        }
    }

    @Test
    void goesBackAtABreachAlsoWhileTheDatabaseHangs() throws Exception {
        admit("1.1.0", "1.1.0 errors");
        Rollout running = trying(LONG);
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("lock table adapters.rollout in access exclusive mode");
            calls(ACME);

            await().atMost(Duration.ofSeconds(45)).until(() -> answersSteadily("1.0.0"));
            owner.rollback();
        }

        Rollout done = ended(running);
        assertThat(done.state()).isEqualTo(State.ROLLED_BACK);
        assertThat(Objects.requireNonNull(done.report()).text()).contains("\"gate\": \"errors\"");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void goesBackAtABreachAlsoWhileTheDatabaseHangsInTheMiddleOfTheDecision(boolean made) throws Exception {
        admit("1.1.0", "1.1.0 errors");
        Rollout running;
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            tried = () -> {
                try {
                    statement.execute("lock table adapters.rollout in access exclusive mode");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            };
            running = start(Gates.USUAL, ALL);
            await().atMost(PATIENCE).until(this::isDecisionWaiting);
            calls(ACME);

            await().atMost(Duration.ofSeconds(45)).until(() -> answersSteadily("1.0.0"));
            if (made) {
                // as when the database has kept the decision, and nobody has heard of it
                statement.execute("update adapters.rollout set state = 'committing'");
            }
            owner.commit();
        }

        Rollout done = ended(running);
        assertThat(done.state()).isEqualTo(State.ROLLED_BACK);
        assertThat(Objects.requireNonNull(done.report()).text()).contains("\"gate\": \"errors\"");
        assertVersions("1.0.0");
        assertThat(facts())
                .as("this node decides nothing after a breach")
                .contains("rollout.rolled-back")
                .doesNotContain("rollout.committing");
    }

    /** The node that saw the breach gets the rollout again, and finds it decided; once a member has moved there is only forward. */
    @ParameterizedTest
    @CsvSource({"false,ROLLED_BACK", "true,DONE"})
    void goesBackAtABreachThatItsNodeCouldNotTellForTheTimeOfItsLeaseWhileNoMemberHasMoved(boolean moved, State end)
            throws Exception {
        admit("1.1.0", "1.1.0 errors");
        Rollout running;
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            tried = () -> {
                try {
                    statement.execute("lock table adapters.rollout in access exclusive mode");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            };
            running = start(Gates.USUAL, ALL);
            await().atMost(PATIENCE).until(this::isDecisionWaiting);
            calls(ACME);
            await().atMost(Duration.ofSeconds(45)).until(() -> answersSteadily("1.0.0"));
            await().atMost(PATIENCE).until(() -> {
                breakOffWhatWaits();
                return !hasLease(running.id());
            });
            // as when the database has kept the decision, and nobody has heard of it
            statement.execute("update adapters.rollout set state = 'committing'");
            if (moved) {
                statement.execute("update adapters.rollout_member set state = 'moved' where tenant_id = 'acme'");
            }
            owner.commit();
        }

        Rollout done = ended(running);
        assertThat(done.state()).isEqualTo(end);
        if (!moved) {
            assertThat(Objects.requireNonNull(done.report()).text()).contains("\"gate\": \"errors\"");
            assertVersions("1.0.0");
        }
    }

    /** As when connections break off on which a database that hangs does not answer. */
    private void breakOffWhatWaits() throws SQLException {
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                    + " where datname = current_database() and wait_event_type = 'Lock' and query ~* 'rollout'");
        }
    }

    /** Whether this node still keeps the lease of a rollout, or tries to. */
    private static boolean hasLease(UUID rollout) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("rollout-lease-" + rollout));
    }

    private List<String> facts() throws SQLException {
        List<String> actions = new ArrayList<>();
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement();
                ResultSet found = statement.executeQuery("select action from store.fact order by position")) {
            while (found.next()) {
                actions.add(found.getString(1));
            }
        }
        return actions;
    }

    private boolean isDecisionWaiting() throws SQLException {
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement();
                ResultSet found = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock'"
                        + " and query ~* 'rollout\"? set \"?state'")) {
            assertThat(found.next()).isTrue();
            return found.getInt(1) > 0;
        }
    }

    @Test
    void givesNoCallToANewVersionOnceItsNodeCannotProveThatItHasTheRollout() throws Exception {
        admit("1.1.0", "1.1.0");
        Rollout running = trying(LONG);
        await().atMost(PATIENCE).until(() -> answersSteadily("1.1.0"));
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement()) {
            owner.setAutoCommit(false);
            statement.execute("lock table adapters.rollout in access exclusive mode");

            await().atMost(Duration.ofSeconds(45)).until(() -> answersSteadily("1.0.0"));
            owner.rollback();
        }

        assertThat(ended(running).state()).isEqualTo(State.ROLLED_BACK);
        assertVersions("1.0.0");
    }

    @Test
    void comparesAnswersThatChangeNothingBeforeAnybodyGetsThem() throws Exception {
        admit("1.1.0", "1.1.0 wrong");
        calls(ACME);
        Gates shadowed = new Gates(0.05, 0.95, 2, Duration.ofMillis(50), 0.05, true, 0, 20);

        Rollout done = ended(start(shadowed, canary(0), ALL));

        assertThat(done.state()).isEqualTo(State.ROLLED_BACK);
        assertThat(Objects.requireNonNull(done.report()).text()).contains("\"gate\": \"differences\"");
        assertVersions("1.0.0");
    }

    @Test
    void goesOnWithAGoodVersionStepByStep() throws Exception {
        admit("1.1.0", "1.1.0");
        calls(ACME);
        calls(GLOBEX);

        Rollout done = ended(start(Gates.USUAL, canary(20), new Step(List.of(), List.of(), 50, Duration.ZERO, 40)));

        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(done.step()).isEqualTo(2);
        assertVersions("1.1.0");
        assertThat(failedOfGlobex).hasValue(0);
    }

    @Test
    void everythingIsAsBeforeWhenItIsCancelled() throws Exception {
        admit("1.1.0", "1.1.0");
        Rollout running = start(Gates.USUAL, new Step(List.of(), List.of(), 100, Duration.ofHours(1), 0));
        await().atMost(PATIENCE)
                .until(() -> host.rollouts().rollout(running.id()).members().stream()
                        .allMatch(member -> member.progress() == Progress.TRYING));
        assertThat(answer(ACME)).isEqualTo("1.1.0");
        assertThat(refused(() -> start(Gates.USUAL, ALL))).isEqualTo("rollout-running");
        assertThat(refused(() -> host.definitions().uninstall(DefinitionId.parse("echo@1.1.0"), ADA)))
                .isEqualTo("definition-in-use");

        host.rollouts().cancel(running.id(), ADA);

        assertThat(ended(running).state()).isEqualTo(State.CANCELLED);
        assertVersions("1.0.0");
        assertThat(answer(ACME)).isEqualTo("1.0.0");
        assertThat(refused(() -> host.rollouts().cancel(running.id(), ADA))).isEqualTo("rollout-ended");
    }

    @Test
    void goesBackWhenSomebodyElseChangesAnInstanceMeanwhile() throws Exception {
        admit("1.1.0", "1.1.0");
        Rollout running = start(Gates.USUAL, new Step(List.of(), List.of(), 100, Duration.ofHours(1), 0));
        await().atMost(PATIENCE)
                .until(() -> host.rollouts().rollout(running.id()).members().stream()
                        .allMatch(member -> member.progress() == Progress.TRYING));
        host.acts()
                .carryOut(new InstanceAct.Configure(ACME, MAIN, new Json("{\"greeting\":\"other\"}"), null), null, ADA);

        assertThat(ended(running).state()).isEqualTo(State.ROLLED_BACK);
        assertVersions("1.0.0");
    }

    /** As if the process ended there; the next one takes up what it finds. */
    @ParameterizedTest
    @ValueSource(strings = {"step", "opened", "tried", "decided", "committed", "switched"})
    void isAllOldOrAllNewWhereverTheProcessEnds(String step) throws Exception {
        admit("1.1.0", "1.1.0");
        stop.set(step);
        Rollout running = start(Gates.USUAL, ALL);
        await().atMost(PATIENCE).untilTrue(ended);
        host.stop();
        stop.set(null);

        host = host();

        boolean decided = List.of("decided", "committed", "switched").contains(step);
        assertThat(ended(running).state()).isEqualTo(decided ? State.DONE : State.ROLLED_BACK);
        assertVersions(decided ? "1.1.0" : "1.0.0");
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(answer(GLOBEX)).isEqualTo(decided ? "1.1.0" : "1.0.0"));
    }

    @Test
    void refusesWhatCannotBegin() throws Exception {
        assertThat(refused(() -> start(Gates.USUAL, ALL))).isEqualTo("definition-unknown");
        admit("1.1.0", "1.1.0");
        assertThat(refused(() -> start(Gates.USUAL, new Step(List.of(), List.of(), 0, Duration.ZERO, 0))))
                .isEqualTo("invalid-request");
        Place nowhere = new Place(ACME, new InstanceId("nowhere"));
        assertThat(refused(() -> start(Gates.USUAL, new Step(List.of(), List.of(nowhere), 100, Duration.ZERO, 0))))
                .isEqualTo("invalid-request");
        Step further = new Step(List.of(), List.of(), 100, Duration.ZERO, 5);
        assertThat(refused(() -> start(Gates.USUAL, ALL, further)))
                .as("nobody is left whose calls the second step could count")
                .isEqualTo("invalid-request");
        assertThat(refused(() -> host.rollouts().plan(new Course(ECHO, NEW, List.of(ALL, further), Gates.USUAL), ADA)))
                .isEqualTo("invalid-request");
        assertThat(refused(() -> host.rollouts().rollout(new UUID(1, 2)))).isEqualTo("rollout-unknown");
        assertThat(refused(() -> host.rollouts().cancel(new UUID(1, 2), ADA))).isEqualTo("rollout-unknown");
    }

    /** Whether all of several calls are answered by this version. */
    private boolean answersSteadily(String version) {
        for (int call = 0; call < 20; call++) {
            try {
                if (!answer(ACME).equals(version)) {
                    return false;
                }
            } catch (ProblemException e) {
                return false;
            }
        }
        return true;
    }

    /** Has begun, and its new versions are open. */
    private Rollout trying(Step step) {
        Rollout running = start(Gates.USUAL, step);
        await().atMost(PATIENCE)
                .until(() -> host.rollouts().rollout(running.id()).members().stream()
                        .allMatch(member -> member.progress() == Progress.TRYING));
        return running;
    }

    private static Step canary(int percent) {
        return new Step(List.of(new TenantId("acme")), List.of(), percent, Duration.ofSeconds(1), 60);
    }

    private Rollout start(Gates gates, Step... steps) {
        return host.rollouts().start(new Course(ECHO, NEW, List.of(steps), gates), ADA);
    }

    private Rollout ended(Rollout rollout) {
        await().atMost(PATIENCE)
                .until(() -> host.rollouts().rollout(rollout.id()).endedAt() != null);
        return host.rollouts().rollout(rollout.id());
    }

    private void assertVersions(String version) {
        for (Scope scope : List.of(ACME, GLOBEX)) {
            assertThat(host.instances()
                            .instance(scope, MAIN)
                            .definition()
                            .version()
                            .value())
                    .isEqualTo(version);
        }
    }

    private void admit(String version, String label) throws Exception {
        byte[] bytes = Files.readAllBytes(
                SampleBundle.working(version, label).write(Files.createTempFile(folder, "sample", ".jar")));
        var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
    }

    private void create(Scope scope) {
        host.instances().create(scope, MAIN, DefinitionId.parse("echo@1.0.0"), Json.EMPTY_OBJECT, ADA);
        assertThat(host.instances().await(scope, MAIN, PATIENCE).observed()).isEqualTo(Observed.RUNNING);
    }

    /** Calls without pause until the test ends. */
    private void calls(Scope scope) {
        callers.execute(() -> {
            while (calling.get()) {
                try {
                    call(scope, "{\"prefix\":\"5\"}");
                } catch (ProblemException e) {
                    if (scope.equals(GLOBEX)) {
                        failedOfGlobex.incrementAndGet();
                    }
                }
            }
        });
    }

    private String answer(Scope scope) {
        byte[] answer = call(scope, "{\"prefix\":\"0\",\"limit\":1}");
        return Documents.tree(new String(answer, StandardCharsets.UTF_8))
                .path("objects")
                .path(0)
                .path("etag")
                .asText();
    }

    private byte[] call(Scope scope, String input) {
        return host.calls()
                .call(
                        scope,
                        MAIN,
                        new OperationName("list"),
                        input.getBytes(StandardCharsets.UTF_8),
                        new CallOptions("test", "c", null, null));
    }

    private static String refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem().code();
    }
}
