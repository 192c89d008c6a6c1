package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Gates;
import io.maestro.api.adapters.Rollouts.Member;
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
import io.maestro.model.Problem;
import io.maestro.model.Scope;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a rollout when the world goes on while it runs. */
class RolloutMeanwhileTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Scope GLOBEX = Scope.of("globex", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final Actor ADA = new Actor("user:ada", "request-1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Step ALL = new Step(List.of(), List.of(), 100, Duration.ZERO, 0);
    private static final Step LONG = new Step(List.of(), List.of(), 100, Duration.ofHours(1), 0);

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private final Map<String, Runnable> at = new ConcurrentHashMap<>();
    private final Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = host();
        admit("1.0.0");
        admit("1.1.0");
        create(ACME);
        create(GLOBEX);
    }

    @AfterEach
    void end() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    private TestHost host() throws Exception {
        return new TestHost(folder.resolve("data"), database, secrets, step -> {
            if (step.equals("opened")) {
                virtual.add(Thread.currentThread().isVirtual());
            }
            Runnable work = at.get(step);
            if (work != null) {
                work.run();
            }
        });
    }

    private static Stream<Consumer<TestHost>> ends() {
        return Stream.of(
                host -> host.instances().delete(ACME, MAIN, null, ADA),
                host -> host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ADA),
                host -> host.holdings().erase(ACME.tenant(), ADA));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void whatIsTriedEndsAtOnceWithTheInstanceThatItIsTriedFor(Consumer<TestHost> end) {
        Rollout running = trying();

        end.accept(host);

        Rollout done = ended(running);
        assertThat(done.state()).isEqualTo(State.ROLLED_BACK);
        assertThat(report(done)).contains("\"unchanged\"", "acme/prod/main");
        assertThat(answer(GLOBEX)).isEqualTo("1.0.0");
    }

    @Test
    void whatIsTriedEndsAtOnceWhenItsKeyIsRevoked() {
        Rollout running = trying();

        host.revoke(TestHost.KEY);

        Rollout done = ended(running);
        assertThat(done.state()).isEqualTo(State.ROLLED_BACK);
        assertThat(report(done)).contains("\"key\"");
        assertThat(Objects.requireNonNull(done.problem()).code()).isEqualTo("instance-key-revoked");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tried", "decided"})
    void movesNobodyToAVersionWhoseKeyIsRevokedAtTheLastMoment(String step) {
        at.put(step, () -> host.revoke(TestHost.KEY));

        Rollout done = ended(start(ALL));

        assertThat(done.state()).isEqualTo(step.equals("tried") ? State.ROLLED_BACK : State.DONE);
        assertThat(versions()).containsOnly("1.0.0");
        if (done.state() == State.DONE) {
            assertThat(problems(done)).containsOnly("skipped instance-key-revoked");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void oneThatCannotGoAlongHoldsUpNoOther(boolean stopped) {
        if (stopped) {
            host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ADA);
            host.instances().await(ACME, MAIN, PATIENCE);
        }
        at.put("decided", () -> secrets.remove(ACME));

        Rollout done = ended(start(ALL));

        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(problems(done)).containsExactly("skipped secret-unknown", "moved -");
        assertThat(versions()).containsExactly("1.0.0", "1.1.0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update adapters.adapter_instance set revision = revision + 1 where tenant_id = 'acme'",
                "update adapters.rollout_member set incarnation = incarnation + 100 where tenant_id = 'acme'",
                "update adapters.rollout_member set to_configuration = '{\"greeting\": \"x\"}' where tenant_id = 'acme'"
            })
    void whoeverTakesADecidedRolloutOverMovesOnlyWhatWasDecidedAbout(String change) throws Exception {
        CountDownLatch decided = new CountDownLatch(1);
        at.put("decided", () -> {
            decided.countDown();
            forever();
        });
        Rollout running = start(ALL);
        decided.await();
        host.stop();
        at.clear();
        sql(change);

        host = host();

        Rollout done = ended(running);
        assertThat(done.state()).isEqualTo(State.DONE);
        assertThat(problems(done)).containsExactly("skipped instance-changed", "moved -");
        assertThat(versions()).containsExactly("1.0.0", "1.1.0");
    }

    @Test
    void keepsItsLeaseAndHeedsACancellationWhileNewVersionsOpen() throws Exception {
        CountDownLatch opened = new CountDownLatch(2);
        at.put("opened", () -> {
            opened.countDown();
            forever();
        });
        Rollout running = start(ALL);
        opened.await();

        String before = lease();
        await().atMost(PATIENCE).until(() -> !lease().equals(before));
        var _ = host.rollouts().cancel(running.id(), ADA);

        assertThat(ended(running).state()).isEqualTo(State.CANCELLED);
        assertThat(answer(ACME)).isEqualTo("1.0.0");
    }

    @Test
    void closesAlsoWhatOpensAfterItWasCancelled() throws Exception {
        CountDownLatch opened = new CountDownLatch(2);
        CountDownLatch disturbed = new CountDownLatch(2);
        at.put("healthy", () -> {
            opened.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                // goes on and is open, as an adapter may that heeds no interrupt
                disturbed.countDown();
            }
        });
        Rollout running = start(ALL);
        opened.await();

        var _ = host.rollouts().cancel(running.id(), ADA);

        assertThat(disturbed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ended(running).state()).isEqualTo(State.CANCELLED);
        // has the node look which bundles nobody uses
        host.instances().delete(GLOBEX, MAIN, null, ADA);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(host.framework.host.getBundles())
                        .noneMatch(bundle -> bundle.getVersion().toString().equals("1.1.0")));
        assertThat(answer(ACME)).isEqualTo("1.0.0");
    }

    @Test
    void whatIsTriedEndsWhenAnotherNodeHasTheRollout() throws Exception {
        Rollout running = trying();
        assertThat(answer(ACME)).isEqualTo("1.1.0");

        sql("update adapters.rollout set node = 'other', leased_until = now() + interval '1 hour'");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(answer(ACME)).isEqualTo("1.0.0"));
        assertThat(host.rollouts().rollout(running.id()).state()).isEqualTo(State.TRYING);
    }

    @Test
    void oneThatHasMovedIsNeverSaidToHaveBeenSkipped() {
        Rollout done = ended(start(ALL));
        JooqRollouts late = new JooqRollouts(database, "test", InstantSource.system());

        late.progress(
                done.id(),
                new InstanceKey(ACME, MAIN),
                Progress.SKIPPED,
                Problem.of(AdapterProblem.INSTANCE_CHANGED, "too late", null));

        assertThat(problems(host.rollouts().rollout(done.id()))).containsOnly("moved -");
    }

    @Test
    void takesNoProcessorFromCallsWhileNewVersionsOpen() {
        var _ = ended(start(ALL));

        assertThat(virtual).containsExactly(false);
    }

    private Rollout trying() {
        Rollout running = start(LONG);
        await().atMost(PATIENCE)
                .until(() -> host.rollouts().rollout(running.id()).members().stream()
                        .allMatch(member -> member.progress() == Progress.TRYING));
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(answer(ACME)).isEqualTo("1.1.0"));
        return running;
    }

    private static void forever() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Rollout start(Step... steps) {
        Course course = new Course(new AdapterName("echo"), new AdapterVersion("1.1.0"), List.of(steps), Gates.USUAL);
        return host.rollouts().start(course, ADA);
    }

    private Rollout ended(Rollout rollout) {
        await().atMost(PATIENCE)
                .until(() -> host.rollouts().rollout(rollout.id()).endedAt() != null);
        return host.rollouts().rollout(rollout.id());
    }

    private static String report(Rollout rollout) {
        return Objects.requireNonNull(rollout.report()).text();
    }

    private static List<String> problems(Rollout rollout) {
        return rollout.members().stream().map(RolloutMeanwhileTest::told).toList();
    }

    private static String told(Member member) {
        @Nullable Problem problem = member.problem();
        return (member.progress() + " ").toLowerCase(Locale.ROOT) + (problem == null ? "-" : problem.code());
    }

    private List<String> versions() {
        return Stream.of(ACME, GLOBEX)
                .map(scope -> host.instances()
                        .instance(scope, MAIN)
                        .definition()
                        .version()
                        .value())
                .toList();
    }

    private void sql(String change) throws SQLException {
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement()) {
            assertThat(statement.executeUpdate(change)).isEqualTo(1);
        }
    }

    private String lease() throws SQLException {
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement();
                ResultSet found = statement.executeQuery("select leased_until from adapters.rollout")) {
            assertThat(found.next()).isTrue();
            return found.getString(1);
        }
    }

    private void admit(String version) throws Exception {
        byte[] bytes = Files.readAllBytes(
                SampleBundle.working(version, version).write(Files.createTempFile(folder, "sample", ".jar")));
        var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
    }

    private void create(Scope scope) {
        host.instances()
                .create(
                        scope,
                        MAIN,
                        DefinitionId.parse("echo@1.0.0"),
                        new Json("{\"greeting\":\"hello\",\"password\":\"first\"}"),
                        ADA);
        assertThat(host.instances().await(scope, MAIN, PATIENCE).observed()).isEqualTo(Observed.RUNNING);
    }

    private String answer(Scope scope) {
        byte[] answer = host.calls()
                .call(
                        scope,
                        MAIN,
                        new OperationName("list"),
                        "{\"prefix\":\"0\",\"limit\":1}".getBytes(StandardCharsets.UTF_8),
                        new CallOptions("test", "c", null, null));
        return Documents.tree(new String(answer, StandardCharsets.UTF_8))
                .path("objects")
                .path(0)
                .path("etag")
                .asText();
    }
}
