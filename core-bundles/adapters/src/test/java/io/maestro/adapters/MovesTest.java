package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.Health;
import io.maestro.adapters.samples.ThrowingFactory;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs.Version;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Plan;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.model.Actor;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances go to other versions whole, or stay what they are. */
class MovesTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final Actor ADA = new Actor("user:ada", "request-1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String RENAMED = """
            {"type":"object","additionalProperties":false,"properties":{
              "welcome":{"type":"string"},"password":{"type":"string","writeOnly":true}}}""";
    private static final String MIGRATION = """
            {"migrations":[{"from":"<1.1.0","steps":[
              {"move":{"from":"/greeting","to":"/welcome"}},{"remove":{"at":"/password"}}]}]}""";

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private final AtomicReference<@Nullable String> stop = new AtomicReference<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = host();
        admit(SampleBundle.working("1.0.0", "1.0.0"));
    }

    @AfterEach
    void end() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    private TestHost host() throws Exception {
        return new TestHost(folder.resolve("data"), database, secrets, step -> {
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
    void upgradesAnInstanceOnceTheNewVersionHasProvenItself() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{\"greeting\":\"hello\"}");
        AdapterInstance old = only();

        Instance moved = upgrade("1.1.0");

        assertThat(moved.definition()).isEqualTo(DefinitionId.parse("echo@1.1.0"));
        assertThat(moved.revision()).isEqualTo(2);
        assertThat(answer()).isEqualTo("1.1.0");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(old.health()).isEqualTo(new Health.Down("closed")));
        assertThat(only().health()).isEqualTo(new Health.Degraded("1.1.0 hello null -"));
        assertThat(versions())
                .extracting(version -> version.number() + " " + version.definition() + " " + version.why())
                .containsExactly("2 echo@1.1.0 upgrade", "1 echo@1.0.0 create");
        assertThat(actions()).endsWith("instance.upgrade");
    }

    @ParameterizedTest
    @ValueSource(strings = {"open", "down"})
    void goesOnAsItWasWhenTheNewVersionDoesNotProveItself(String flaw) throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0 " + flaw));
        running("{\"greeting\":\"hello\"}");
        AdapterInstance old = only();
        String before = dump();

        Problem problem = refused(() -> upgrade("1.1.0"));

        assertThat(problem.code()).isEqualTo(flaw.equals("open") ? "adapter-failed" : "instance-unhealthy");
        assertThat(dump()).isEqualTo(before);
        assertThat(answer()).isEqualTo("1.0.0");
        assertThat(only()).isSameAs(old);
        assertThat(host.instances().instance(ACME, MAIN).observed()).isEqualTo(Observed.RUNNING);
    }

    @Test
    void goesBackToTheVersionAndTheConfigurationBefore() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{\"greeting\":\"hello\",\"password\":\"first\"}");
        upgrade("1.1.0");
        host.instances().configure(ACME, MAIN, new Json("{\"greeting\":\"changed\"}"), null, ADA);
        host.instances().await(ACME, MAIN, PATIENCE);

        Instance back = rollback(null);

        assertThat(back.definition()).isEqualTo(DefinitionId.parse("echo@1.0.0"));
        assertThat(only().health()).isEqualTo(new Health.Degraded("1.0.0 hello null first"));
        assertThat(versions().getFirst().why()).isEqualTo("rollback");
        assertThat(refused(() -> rollback(null)).code()).isEqualTo("rollback-impossible");
    }

    @Test
    void keepsTheDefinitionThatTheWayBackNeeds() throws Exception {
        DefinitionId first = DefinitionId.parse("echo@1.0.0");
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        admit(SampleBundle.working("1.2.0", "1.2.0"));
        running("{}");
        upgrade("1.1.0");

        Problem problem = refused(() -> host.definitions().uninstall(first, ADA));
        assertThat(problem.code()).isEqualTo("definition-in-use");
        assertThat(problem.detail()).contains("goes back", "acme/prod/main");

        upgrade("1.2.0");
        host.definitions().uninstall(first, ADA);
        assertThat(refused(() -> rollback("1.0.0")).code()).isEqualTo("definition-unknown");
        rollback(null);
        assertThat(answer()).isEqualTo("1.1.0");
    }

    @Test
    void goesBackAlsoWhenThePresentVersionCannotOpen() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{\"greeting\":\"hello\"}");
        upgrade("1.1.0");
        host.instances().configure(ACME, MAIN, new Json("{\"behaviour\":\"fail\"}"), null, ADA);
        host.instances().await(ACME, MAIN, PATIENCE);
        host.stop();
        host = host();
        assertThat(host.instances().await(ACME, MAIN, PATIENCE).observed()).isEqualTo(Observed.FAILED);

        rollback(null);

        assertThat(answer()).isEqualTo("1.0.0");
    }

    @Test
    void migratesTheConfigurationAndKeepsWhatTheWayBackNeeds() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0")
                .header("X-Schema", flat(RENAMED))
                .header("X-Manifest", flat(MIGRATION)));
        running("{\"greeting\":\"hello\",\"password\":\"first\"}");
        Plan plan = host.acts().plan(new InstanceAct.Upgrade(ACME, MAIN, new AdapterVersion("1.1.0"), null, null), ADA);
        Plan.ConfigurationChange change = Objects.requireNonNull(plan.configuration());
        assertThat(change.after().text()).isEqualTo("{\"welcome\":\"hello\"}");
        assertThat(change.steps()).containsExactly("move /greeting to /welcome", "remove /password");
        assertThat(change.reversible()).isFalse();
        assertThat(plan.notes()).containsExactly("The way back uses the configuration that is kept of echo@1.0.0.");

        upgrade("1.1.0");
        assertThat(only().health()).isEqualTo(new Health.Degraded("1.1.0 null hello -"));
        rollback(null);
        assertThat(only().health()).isEqualTo(new Health.Degraded("1.0.0 hello null first"));
    }

    @Test
    void refusesAnUpgradeWhoseConfigurationDoesNotFit() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0").header("X-Schema", flat(RENAMED)));
        running("{\"greeting\":\"hello\"}");
        assertThat(refused(() -> upgrade("1.1.0")).code()).isEqualTo("configuration-invalid");
        assertThat(answer()).isEqualTo("1.0.0");

        InstanceAct given = new InstanceAct.Upgrade(
                ACME, MAIN, new AdapterVersion("1.1.0"), new Json("{\"welcome\":\"hi\",\"password\":\"new\"}"), 1L);
        host.acts().carryOut(given, null, ADA);
        assertThat(only().health()).isEqualTo(new Health.Degraded("1.1.0 null hi new"));
    }

    @Test
    void takesAnInstanceThatNeverWasOlderBackOnlyWithoutLoss() throws Exception {
        String harmless = """
                {"migrations":[{"from":"<1.1.0","steps":[{"move":{"from":"/greeting","to":"/welcome"}}]}]}""";
        admit(SampleBundle.working("1.1.0", "1.1.0")
                .header("X-Schema", flat(RENAMED))
                .header("X-Manifest", flat(harmless)));
        create("echo@1.1.0", "{\"welcome\":\"hello\"}");
        assertThat(refused(() -> rollback(null)).code()).isEqualTo("rollback-impossible");

        rollback("1.0.0");

        assertThat(only().health()).isEqualTo(new Health.Degraded("1.0.0 hello null -"));
    }

    @Test
    void movesAStoppedInstanceWithoutStartingIt() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{}");
        host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ADA);
        host.instances().await(ACME, MAIN, PATIENCE);

        assertThat(upgrade("1.1.0").definition().version().value()).isEqualTo("1.1.0");

        assertThat(host.find("(maestro.tenant=acme)")).isEmpty();
        host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ADA);
        host.instances().await(ACME, MAIN, PATIENCE);
        assertThat(answer()).isEqualTo("1.1.0");
    }

    @Test
    void keepsEveryInstanceAtItsVersionWhateverElseHappens() throws Exception {
        running("{}");
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        host.stop();
        host = host();
        admit(SampleBundle.working("2.0.0", "2.0.0"));
        assertThat(host.instances().await(ACME, MAIN, PATIENCE).definition())
                .isEqualTo(DefinitionId.parse("echo@1.0.0"));
        assertThat(answer()).isEqualTo("1.0.0");
    }

    /** What is told of a step never returns, and what it interrupts writes nothing any more: as if the process ended there. */
    @ParameterizedTest
    @ValueSource(strings = {"opened", "healthy", "proven", "committed", "switched"})
    void isBeforeOrAfterWhereverTheProcessEnds(String step) throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{}");
        stop.set(step);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Instance> moving = threads.submit(() -> upgrade("1.1.0"));
            await().atMost(PATIENCE).untilTrue(ended);
            host.stop();
            await().atMost(PATIENCE).until(moving::isDone);
        }
        stop.set(null);

        host = host();

        assertConverges(List.of("committed", "switched").contains(step) ? "1.1.0" : "1.0.0");
    }

    private void assertConverges(String version) throws Exception {
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            assertThat(host.instances()
                            .instance(ACME, MAIN)
                            .definition()
                            .version()
                            .value())
                    .isEqualTo(version);
            assertThat(answer()).isEqualTo(version);
            assertThat(host.find("(maestro.tenant=acme)")).hasSize(1);
        });
    }

    @Test
    void writesNothingWhenItPlans() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{\"greeting\":\"hello\"}");
        String before = dump();
        AdapterInstance open = only();

        for (InstanceAct act : List.of(
                new InstanceAct.Create(ACME, new InstanceId("other"), DefinitionId.parse("echo@1.0.0"), new Json("{}")),
                new InstanceAct.Configure(ACME, MAIN, new Json("{\"greeting\":\"other\"}"), null),
                new InstanceAct.Upgrade(ACME, MAIN, new AdapterVersion("1.1.0"), null, null),
                new InstanceAct.Want(ACME, MAIN, Wanted.STOPPED, null),
                new InstanceAct.Delete(ACME, MAIN, null))) {
            assertThat(host.acts().plan(act, ADA).subject()).startsWith("acme/prod/");
        }

        assertThat(dump()).isEqualTo(before);
        assertThat(only()).isSameAs(open);
    }

    @Test
    void plansAnInstallationAndKeepsNothingOfIt() throws Exception {
        String before = dump();
        byte[] bytes = Files.readAllBytes(
                SampleBundle.working("1.1.0", "1.1.0").write(Files.createTempFile(folder, "sample", ".jar")));

        Plan plan = host.definitions().plan(new ByteArrayInputStream(bytes), ADA);

        assertThat(plan.to()).isEqualTo(DefinitionId.parse("echo@1.1.0"));
        assertThat(plan.effects().bundlesInstalled()).containsExactly("echo@1.1.0");
        assertThat(plan.permissions().gained()).containsExactly("files", "network:*.example.com");
        assertThat(refused(() -> host.definitions().plan(new ByteArrayInputStream(new byte[] {1}), ADA))
                        .code())
                .isEqualTo("artifact-not-a-jar");
        assertThat(dump()).isEqualTo(before);
        try (var files = Files.list(folder.resolve("data/artifacts"))) {
            assertThat(files).hasSize(1);
        }
        assertThat(folder.resolve("data/incoming")).isEmptyDirectory();
    }

    @Test
    void showsWhatThePolicyHasAgainstItAndDoesNotDoIt() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{}");
        host.policy.forbidden.add(EntryPoint.ADAPTER_UPGRADE);
        InstanceAct act = new InstanceAct.Upgrade(ACME, MAIN, new AdapterVersion("1.1.0"), null, null);
        assertThat(host.acts().plan(act, ADA).policy().outcome()).isEqualTo(Outcome.DENY);
        assertThat(refused(() -> host.acts().carryOut(act, null, ADA)).code()).isEqualTo("policy-denied");
        assertThat(host.policy.asked.getLast().more()).containsKeys("adapter", "current", "configuration");
    }

    @Test
    void doesOnlyWhatWasPlannedWhenAskedTo() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{\"greeting\":\"hello\"}");
        InstanceAct act = new InstanceAct.Upgrade(ACME, MAIN, new AdapterVersion("1.1.0"), null, null);
        Digest planned = host.acts().plan(act, ADA).digest();
        host.instances().configure(ACME, MAIN, new Json("{\"greeting\":\"other\"}"), null, ADA);

        assertThat(refused(() -> host.acts().carryOut(act, planned, ADA)).code())
                .isEqualTo("plan-changed");

        Plan plan = host.acts().plan(act, ADA);
        assertThat(plan.digest()).isNotEqualTo(planned);
        assertThat(plan.effects().instancesSwitched()).containsExactly("acme/prod/main");
        host.acts().carryOut(act, plan.digest(), ADA);
        assertThat(answer()).isEqualTo("1.1.0");
    }

    @Test
    void refusesAnotherRevisionThanTheOneThatWasSeen() throws Exception {
        admit(SampleBundle.working("1.1.0", "1.1.0"));
        running("{}");
        InstanceAct act = new InstanceAct.Upgrade(ACME, MAIN, new AdapterVersion("1.1.0"), null, 7L);
        assertThat(refused(() -> host.acts().carryOut(act, null, ADA)).code()).isEqualTo("revision-changed");
        assertThat(refused(() -> admit(new SampleBundle("echo", "1.2.0").factory(ThrowingFactory.class)))
                        .code())
                .isEqualTo("bundle-start-failed");
        assertThat(refused(() -> upgrade("1.2.0")).code()).isEqualTo("definition-unknown");
    }

    private static String flat(String json) {
        return json.replace("\n", " ");
    }

    private void admit(SampleBundle bundle) throws Exception {
        byte[] bytes = Files.readAllBytes(bundle.write(Files.createTempFile(folder, "sample", ".jar")));
        var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
    }

    private void running(String configuration) {
        create("echo@1.0.0", configuration);
    }

    private void create(String definition, String configuration) {
        host.instances().create(ACME, MAIN, DefinitionId.parse(definition), new Json(configuration), ADA);
        assertThat(host.instances().await(ACME, MAIN, PATIENCE).observed()).isEqualTo(Observed.RUNNING);
    }

    private Instance upgrade(String version) {
        return host.acts()
                .carryOut(new InstanceAct.Upgrade(ACME, MAIN, new AdapterVersion(version), null, null), null, ADA)
                .orElseThrow();
    }

    private Instance rollback(@Nullable String version) {
        InstanceAct act =
                new InstanceAct.Rollback(ACME, MAIN, version == null ? null : new AdapterVersion(version), null);
        return host.acts().carryOut(act, null, ADA).orElseThrow();
    }

    private AdapterInstance only() throws Exception {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(host.find("(maestro.tenant=acme)")).hasSize(1));
        return host.find("(maestro.tenant=acme)").getFirst();
    }

    /** The label of the version that answers. */
    private String answer() {
        byte[] answer = host.calls()
                .call(
                        ACME,
                        MAIN,
                        new OperationName("list"),
                        "{\"prefix\":\"0\",\"limit\":1}".getBytes(StandardCharsets.UTF_8),
                        new CallOptions("test", "c", null, null));
        JsonNode list = Documents.tree(new String(answer, StandardCharsets.UTF_8));
        return list.path("objects").path(0).path("etag").asText();
    }

    private List<Version> versions() {
        return host.acts().versions(ACME, MAIN, PageRequest.first()).items();
    }

    private List<String> actions() {
        return database.<List<String>>asPlatform(sql ->
                sql.fetch("select action from store.fact order by position").getValues(0, String.class));
    }

    /** All that the engine keeps, but for what its nodes observe. */
    private String dump() {
        StringBuilder dump = new StringBuilder();
        for (String table : List.of(
                "adapter_definition",
                "adapter_name",
                "artifact_part",
                "adapter_instance",
                "instance_version",
                "instance_removal",
                "quarantined_artifact",
                "rollout",
                "rollout_member")) {
            dump.append(database.<String>asPlatform(sql -> sql.fetch("select * from adapters." + table)
                    .formatCSV()
                    .lines()
                    .sorted()
                    .collect(Collectors.joining("\n", table + "\n", "\n"))));
        }
        return dump.toString();
    }

    private static Problem refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem();
    }
}
