package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.Health;
import io.maestro.adapters.InstanceRow.Target;
import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.HangingFactory;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.adapters.samples.ThrowingFactory;
import io.maestro.adapters.tables.adapters.Tables;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Definitions.Admitted;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Definitions.Quarantined;
import io.maestro.api.adapters.Dependents;
import io.maestro.api.adapters.Finding;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Registry.DefinitionQuery;
import io.maestro.api.adapters.Registry.Dependent;
import io.maestro.api.adapters.Registry.InstanceQuery;
import io.maestro.api.adapters.Requirement;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.store.Transaction;
import io.maestro.api.telemetry.LogFields;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.model.Violation;
import io.maestro.store.JooqTransaction;
import io.maestro.store.Journal;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.tenancy.KnownTenants;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the host promises, on a real framework and a real database. */
class HostTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Scope GLOBEX = Scope.of("globex", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final DefinitionId ECHO = DefinitionId.parse("echo@1.0.0");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = new TestHost(folder.resolve("data"), database, secrets);
    }

    @AfterEach
    void stop() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    @Test
    void admitsABundleOnceAndShowsItsDefinition() throws Exception {
        Admitted first = admit(echo("echo", "1.0.0"));
        assertThat(first.fresh()).isTrue();
        assertThat(host.definitions().definition(ECHO)).isEqualTo(first.definition());
        assertThat(artifacts()).containsExactly(first.definition().digest().hex() + ".jar");
        assertThat(folder.resolve("data/incoming")).isEmptyDirectory();

        Admitted second = admit(echo("echo", "1.0.0"));
        assertThat(second.fresh()).isFalse();
        assertThat(second.definition()).isEqualTo(first.definition());
        assertThat(host.definitions().quarantine(PageRequest.first()).items()).isEmpty();
    }

    @Test
    void listsDefinitionsByNameAndPrecedenceOfVersion() throws Exception {
        for (String version : List.of("1.10.0", "1.9.0", "2.0.0")) {
            admit(echo("echo", version));
        }
        admit(echo("alpha", "1.0.0"));
        assertThat(definitions())
                .extracting(definition -> definition.id().toString())
                .containsExactly("alpha@1.0.0", "echo@1.9.0", "echo@1.10.0", "echo@2.0.0");
    }

    @Test
    void refusesTheSameVersionWithOtherBytes() throws Exception {
        Admitted first = admit(echo("echo", "1.0.0"));
        Problem problem = refused(() -> admit(sample("echo", "1.0.0").header("X-Other", "bytes")));
        assertThat(problem.code()).isEqualTo("definition-exists");
        assertThat(host.definitions().definition(ECHO)).isEqualTo(first.definition());
        Quarantined row =
                host.definitions().quarantine(PageRequest.first()).items().getFirst();
        assertThat(row.name()).isEqualTo("echo");
        assertThat(row.version()).isEqualTo("1.0.0");
        assertThat(row.problem()).isEqualTo(problem);
        assertThat(row.source()).isEqualTo("upload");
    }

    @Test
    void listsTheSameBytesRefusedAgainOnlyOnce() throws Exception {
        admit(echo("echo", "1.0.0"));
        refused(() -> admit(sample("echo", "1.0.0").header("X-Other", "bytes")));
        refused(() -> admit(sample("echo", "1.0.0").header("X-Other", "more bytes")));
        refused(() -> admit(sample("echo", "1.0.0").header("X-Other", "bytes")));

        assertThat(host.definitions().quarantine(PageRequest.first()).items()).hasSize(2);
    }

    @Test
    void refusesAVersionOfANameThatBelongsToAnotherPublisher() throws Exception {
        admit(echo("echo", "1.0.0"));
        Problem problem = refused(() -> admit(echo("echo", "1.0.1").header("X-Publisher", "mallory")));
        assertThat(problem.code()).isEqualTo("definition-name-taken");
        assertThat(problem.detail()).contains("tests", "mallory");
        assertThat(artifacts()).hasSize(1);
        assertThat(host.definitions()
                        .quarantine(PageRequest.first())
                        .items()
                        .getFirst()
                        .problem())
                .isEqualTo(problem);
        assertThat(admit(echo("other", "1.0.0").header("X-Publisher", "mallory"))
                        .fresh())
                .isTrue();
        assertThat(admit(echo("echo", "1.0.1")).fresh()).isTrue();
    }

    @Test
    void tellsHowAnInstanceIsWithoutItsSecretsAndWhenThatChanges() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{\"greeting\":\"hello\",\"password\":\"acme-secret\"}");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                host.health().health(ACME, MAIN).probe().reason())
                        .isEqualTo("acme/prod/main hello ***"));
        InstanceHealth.Health health = host.health().health(ACME, MAIN);
        assertThat(health.state()).isEqualTo(InstanceHealth.State.DEGRADED);
        assertThat(health.probe().state()).isEqualTo(InstanceHealth.ProbeState.DEGRADED);
        assertThat(health.windows()).extracting(InstanceHealth.Window::minutes).containsExactly(1, 5, 15);
        assertThat(host.health().signs())
                .singleElement()
                .satisfies(sign -> assertThat(sign.instance()).isEqualTo(MAIN));
        assertThat(host.health()
                        .healths(ACME.tenant(), null, PageRequest.first())
                        .items())
                .hasSize(1);

        assertThat(host.health().series(ACME, MAIN).minutes()).isEmpty();
        assertThat(host.health().calls(ACME, MAIN)).isEmpty();
        ProblemException failed = catchThrowableOfType(
                ProblemException.class,
                () -> host.calls()
                        .call(
                                ACME,
                                MAIN,
                                new OperationName("list"),
                                "{}".getBytes(StandardCharsets.UTF_8),
                                new CallOptions("token:t", "c-1", null, null)));
        assertThat(failed.problem().code()).isEqualTo("adapter-failed");
        assertThat(host.health().series(ACME, MAIN).minutes())
                .hasSize(InstanceHealth.MINUTES)
                .extracting(InstanceHealth.Minute::errors)
                .containsOnlyOnce(1L);
        assertThat(host.health().calls(ACME, MAIN)).singleElement().satisfies(call -> {
            assertThat(call.operation()).isEqualTo("list");
            assertThat(call.caller()).isEqualTo("token:t");
            assertThat(call.outcome()).isEqualTo(InstanceHealth.Outcome.FAILED);
            assertThat(call.problem()).isEqualTo("adapter-failed");
        });

        host.instances().want(ACME, MAIN, Wanted.STOPPED, null, Actor.system("test"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(database.after(Journal.Position.START, 100))
                        .filteredOn(one -> one.action().equals("instance.observe"))
                        .extracting(one -> String.valueOf(one.detail()))
                        .containsExactly(
                                "{\"node\":\"test\",\"observed\":\"running\",\"problem\":null}",
                                "{\"node\":\"test\",\"observed\":\"stopped\",\"problem\":null}"));
        assertThat(host.health().health(ACME, MAIN).state()).isEqualTo(InstanceHealth.State.STOPPED);
        assertThat(host.health().signs()).isEmpty();
    }

    @Test
    void aNameIsOfOnePublisherWhenManyClaimItAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Admitted>> answers = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                byte[] bytes = bytes(echo("echo", "1.0." + i).header("X-Publisher", "publisher-" + i));
                answers.add(threads.submit(() ->
                        host.definitions().admit(new ByteArrayInputStream(bytes), "upload", Actor.system("test"))));
            }
            for (Future<Admitted> answer : answers) {
                try {
                    answer.get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause()).hasMessageContaining("definition-name-taken");
                }
            }
        }
        assertThat(definitions()).hasSize(1);
        assertThat(artifacts()).hasSize(1);
    }

    @Test
    void oneOfManyConcurrentAdmissionsIsTheFirst() throws Exception {
        byte[] bytes = bytes(echo("echo", "1.0.0"));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Admitted>> answers = java.util.stream.IntStream.range(0, 8)
                    .mapToObj(i -> threads.submit(() ->
                            host.definitions().admit(new ByteArrayInputStream(bytes), "upload", Actor.system("test"))))
                    .toList();
            int fresh = 0;
            for (Future<Admitted> answer : answers) {
                fresh += answer.get().fresh() ? 1 : 0;
            }
            assertThat(fresh).isEqualTo(1);
        }
        assertThat(artifacts()).hasSize(1);
    }

    @Test
    void leavesNothingOfABundleThatFailsAtStart() throws Exception {
        Problem problem = refused(() -> admit(new SampleBundle("bad", "1.0.0").factory(ThrowingFactory.class)));
        assertThat(problem.code()).isEqualTo("bundle-start-failed");
        assertThat(artifacts()).isEmpty();
        assertThat(refused(() -> host.definitions().definition(DefinitionId.parse("bad@1.0.0")))
                        .code())
                .isEqualTo("definition-unknown");
        assertThat(host.definitions().quarantine(PageRequest.first()).items()).hasSize(1);
    }

    @Test
    void aBundleThatHangsAtStartIsRefusedWhileOthersAreAdmitted() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Problem> hanging = threads.submit(
                    () -> refused(() -> admit(new SampleBundle("hang", "1.0.0").factory(HangingFactory.class))));
            assertThat(admit(echo("echo", "1.0.0")).fresh()).isTrue();
            create(ACME, "{}");
            assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
            assertThat(hanging.get().code()).isEqualTo("bundle-start-timeout");
        }
        assertThat(artifacts()).hasSize(1);
    }

    @Test
    void servesTwoTenantsThatDoNotMeet() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{\"greeting\":\"hello\",\"password\":\"acme-secret\"}");
        create(GLOBEX, "{\"greeting\":\"hallo\",\"password\":\"globex-secret\"}");
        assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
        assertThat(settled(GLOBEX).observed()).isEqualTo(Observed.RUNNING);

        List<AdapterInstance> found =
                host.find("(&(maestro.tenant=acme)(maestro.environment=prod)(maestro.category=storage)"
                        + "(maestro.instance=main)(maestro.version=1.0.0)(maestro.adapter=echo))");
        assertThat(found).hasSize(1);
        assertThat(found.getFirst().health()).isEqualTo(new Health.Degraded("acme/prod/main hello acme-secret"));
        assertThat(host.find("(maestro.tenant=globex)").getFirst().health())
                .isEqualTo(new Health.Degraded("globex/prod/main hallo globex-secret"));
    }

    @Test
    void hidesTheRowsOfOneTenantFromAnotherEvenWithoutACondition() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        assertThat((int) database.inTenant(GLOBEX.tenant(), sql -> sql.fetchCount(Tables.ADAPTER_INSTANCE)))
                .isZero();
        assertThat((int) database.inTenant(ACME.tenant(), sql -> sql.fetchCount(Tables.ADAPTER_INSTANCE)))
                .isEqualTo(1);
    }

    @Test
    void pointsAtEachPlaceOfABadConfiguration() throws Exception {
        admit(echo("echo", "1.0.0"));
        Problem problem = refused(() -> create(ACME, "{\"greeting\":7,\"colour\":\"red\"}"));
        assertThat(problem.code()).isEqualTo("configuration-invalid");
        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/greeting", "/colour");
        assertThat(refused(() -> create(ACME, "[]")).code()).isEqualTo("configuration-invalid");
        assertThat(refused(() -> create(ACME, "{\"greeting\":\"\\u0000\"}")).code())
                .isEqualTo("configuration-invalid");
        assertThat(host.registry()
                        .instances(ACME.tenant(), InstanceQuery.in(ACME.environment()), PageRequest.first())
                        .items())
                .isEmpty();
    }

    @Test
    void refusesUnknownTenantsDefinitionsAndTakenNames() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        assertThat(refused(() -> create(ACME, "{}")).code()).isEqualTo("instance-exists");
        assertThat(refused(() -> create(Scope.of("initech", "prod"), "{}")).code())
                .isEqualTo("tenant-unknown");
        assertThat(refused(() -> host.registry()
                                .instances(new TenantId("initech"), InstanceQuery.all(), PageRequest.first()))
                        .code())
                .isEqualTo("tenant-unknown");
        assertThat(refused(() -> host.instances()
                                .create(
                                        ACME,
                                        new InstanceId("other"),
                                        DefinitionId.parse("echo@9.0.0"),
                                        Json.EMPTY_OBJECT,
                                        Actor.system("test")))
                        .code())
                .isEqualTo("definition-unknown");
        assertThat(refused(() -> host.instances().instance(GLOBEX, MAIN)).code())
                .isEqualTo("instance-unknown");
    }

    @Test
    void stopsAndStartsAnInstance() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        AdapterInstance open = host.find("(maestro.tenant=acme)").getFirst();
        Instance stopped = host.instances().want(ACME, MAIN, Wanted.STOPPED, 1L, Actor.system("test"));
        assertThat(stopped.revision()).isEqualTo(2);
        assertThat(settled(ACME).observed()).isEqualTo(Observed.STOPPED);
        assertThat(open.health()).isEqualTo(new Health.Down("closed"));
        assertThat(host.find("(maestro.tenant=acme)")).isEmpty();
        assertThat(refused(() -> call(ACME)).code()).isEqualTo("instance-not-running");

        assertThat(refused(() -> host.instances().want(ACME, MAIN, Wanted.RUNNING, 1L, Actor.system("test")))
                        .code())
                .isEqualTo("revision-changed");
        host.instances().want(ACME, MAIN, Wanted.RUNNING, 2L, Actor.system("test"));
        assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
        assertThat(refused(() -> call(ACME)).code()).isEqualTo("adapter-failed");
    }

    @Test
    void deletesAnInstanceWithItsFolder() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{\"behaviour\":\"write\"}");
        settled(ACME);
        Path own = folder.resolve("data/instances/acme/prod/main");
        assertThat(own).isDirectoryRecursivelyContaining("glob:**/written");
        host.instances().delete(ACME, MAIN, null, Actor.system("test"));
        assertThat(refused(() -> host.instances().instance(ACME, MAIN)).code()).isEqualTo("instance-unknown");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(own).doesNotExist());
        assertThat(refused(() -> call(ACME)).code()).isIn("instance-unknown", "instance-not-running");

        create(ACME, "{}");
        assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
    }

    @Test
    void removesTheFolderOfAnInstanceThatAnotherNodeDeletedWhetherUpAtThatTimeOrNot() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{\"behaviour\":\"write\"}");
        create(GLOBEX, "{\"behaviour\":\"write\"}");
        settled(ACME);
        settled(GLOBEX);
        Path unknown = Files.createDirectories(folder.resolve("data/instances/acme/prod/unheard-of/7"));
        TestHost other = new TestHost(folder.resolve("other"), database, secrets);
        try {
            deleteOn(other, ACME);
            // sooner than the next look at all rows
            host.secretsChanged(ACME, MAIN);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(folder.resolve("data/instances/acme/prod/main"))
                            .doesNotExist());
            host.stop();
            deleteOn(other, GLOBEX);
            assertThat(folder.resolve("data/instances/globex/prod/main")).isNotEmptyDirectory();
            host = new TestHost(folder.resolve("data"), database, secrets);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(folder.resolve("data/instances/globex/prod/main"))
                            .doesNotExist());
        } finally {
            other.stop();
        }
        assertThat(unknown).as("no row says that it is to go").isDirectory();
    }

    /** Deletes the instance there, and waits until that node has done its part. */
    private static void deleteOn(TestHost node, Scope scope) {
        node.instances().delete(scope, MAIN, null, Actor.system("test"));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(node.holdings().count(scope.tenant(), null)).containsEntry("folders", 0L));
    }

    @Test
    void showsWhyAnInstanceCannotOpenWhileOthersServe() throws Exception {
        admit(echo("echo", "1.0.0"));
        for (String behaviour : List.of("refuse", "throw", "hang")) {
            host.instances()
                    .create(
                            ACME,
                            new InstanceId(behaviour),
                            ECHO,
                            new Json("{\"behaviour\":\"" + behaviour + "\"}"),
                            Actor.system("test"));
        }
        create(ACME, "{}");
        assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
        assertThat(failure("refuse").detail()).isEqualTo("this cannot work");
        assertThat(failure("throw").code()).isEqualTo("adapter-failed");
        assertThat(failure("hang").code()).isEqualTo("instance-open-timeout");
    }

    @Test
    void hidesSecretsInWhatAnAdapterThrows() throws Exception {
        admit(echo("echo", "1.0.0"));
        List<LogRecord> records = new CopyOnWriteArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                records.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("io.maestro.adapters");
        logger.addHandler(handler);
        try {
            for (String behaviour : List.of("leak", "leak politely")) {
                host.instances()
                        .create(
                                ACME,
                                new InstanceId(behaviour.replace(' ', '-')),
                                ECHO,
                                new Json("{\"behaviour\":\"" + behaviour + "\",\"password\":\"s3cret-value\"}"),
                                Actor.system("test"));
            }
            assertThat(failure("leak").detail()).doesNotContain("s3cret");
            assertThat(failure("leak-politely").detail()).isEqualTo("cannot log in with ***");
        } finally {
            logger.removeHandler(handler);
        }
        assertThat(records)
                .extracting(line -> String.valueOf(line.getThrown()))
                .anyMatch(text -> text.contains("cannot log in with ***"))
                .noneMatch(text -> text.contains("s3cret"));
        assertThat(records)
                .filteredOn(line -> line.getMessage().contains("cannot be opened"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.getResourceBundle())
                        .isInstanceOfSatisfying(
                                LogFields.class,
                                fields -> assertThat(fields.place()).isEqualTo("acme/prod/leak")));
    }

    @Test
    void tellsOfItsInstancesUntilTheyAreDeletedAndOfNothingOnceItStops() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        assertThat(refused(() -> call(ACME)).code()).isEqualTo("adapter-failed");
        assertThat(host.metrics())
                .contains(
                        "mc_instances{observed=\"running\"} 1\n",
                        "mc_instances{observed=\"failed\"} 0\n",
                        "mc_adapter_calls_total{tenant=\"acme\",environment=\"prod\",instance=\"main\","
                                + "outcome=\"failed\"} 1\n");

        host.instances().delete(ACME, MAIN, null, Actor.system("test"));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(host.metrics())
                        .contains("mc_instances{observed=\"running\"} 0\n")
                        .doesNotContain("acme"));
        TestHost before = host;
        host.stop();
        assertThat(before.metrics()).isEmpty();
        host = new TestHost(folder.resolve("data"), database, secrets);
    }

    @Test
    void opensThatComputeWithoutEndHoldUpNobody() throws Exception {
        admit(echo("echo", "1.0.0"));
        System.setProperty(EchoFactory.SPIN, "true");
        try {
            for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) {
                InstanceId spinning = new InstanceId("spin-" + i);
                host.instances()
                        .create(ACME, spinning, ECHO, new Json("{\"behaviour\":\"spin\"}"), Actor.system("test"));
            }
            create(ACME, "{}");
            assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
            assertThat(failure("spin-0").code()).isEqualTo("instance-open-timeout");
        } finally {
            System.clearProperty(EchoFactory.SPIN);
        }
    }

    @Test
    void servesAfterAWhileThoughOneIsStillOpeningAndLetsItsCallsWait() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{\"behaviour\":\"spin\"}");
        create(GLOBEX, "{}");
        assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
        settled(GLOBEX);
        host.stop();
        System.clearProperty(EchoFactory.SPINNING + MAIN);
        System.setProperty(EchoFactory.SPIN, "true");
        try {
            Duration minute = Duration.ofMinutes(1);
            host = new TestHost(
                    folder.resolve("data"),
                    database,
                    secrets,
                    "test",
                    new Host.Pace(
                            minute,
                            new Opener.Limits(minute, minute, minute),
                            Duration.ofMillis(50),
                            Duration.ofSeconds(30),
                            minute,
                            Probes.Pace.USUAL,
                            minute,
                            LoaderWatch.Pace.USUAL,
                            Duration.ofSeconds(5),
                            minute));
            await().atMost(PATIENCE).until(() -> System.getProperty(EchoFactory.SPINNING + MAIN) != null);

            await().atMost(PATIENCE).until(() -> host.readiness().unready().isEmpty());

            assertThat(host.instances().instance(ACME, MAIN).observed()).isEqualTo(Observed.PENDING);
            // nothing but the adapter itself fails so
            assertThat(refused(() -> call(GLOBEX)).code()).isEqualTo("adapter-failed");
            CompletableFuture<Problem> waiting = new CompletableFuture<>();
            Thread caller = Thread.ofPlatform().start(() -> waiting.complete(refused(() -> call(ACME))));
            await().atMost(PATIENCE)
                    .until(() -> Arrays.stream(caller.getStackTrace())
                            .anyMatch(frame -> frame.getClassName().equals(Arrivals.class.getName())));
            assertThat(waiting).isNotDone();
            System.clearProperty(EchoFactory.SPIN);
            assertThat(waiting.get(1, TimeUnit.MINUTES).code()).isEqualTo("adapter-failed");
        } finally {
            System.clearProperty(EchoFactory.SPIN);
            System.clearProperty(EchoFactory.SPINNING + MAIN);
        }
    }

    @Test
    void closesAnInstanceWhoseKeyIsRevokedWhileItOpens() throws Exception {
        admit(echo("echo", "1.0.0"));
        System.setProperty(EchoFactory.SPIN, "true");
        try {
            create(ACME, "{\"behaviour\":\"spin\"}");
            await().atMost(PATIENCE).until(() -> System.getProperty(EchoFactory.SPINNING + MAIN) != null);
            host.revoke(TestHost.KEY);
            // the reconciler takes things in turn: once this one has failed, the revocation has been looked at
            create(GLOBEX, "{}");
            assertThat(settled(GLOBEX).observed()).isEqualTo(Observed.FAILED);
        } finally {
            System.clearProperty(EchoFactory.SPIN);
            System.clearProperty(EchoFactory.SPINNING + MAIN);
        }
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            Instance refused = host.instances().instance(ACME, MAIN);
            assertThat(refused.observed()).isEqualTo(Observed.FAILED);
            assertThat(problem(refused).code()).isEqualTo("instance-key-revoked");
        });
    }

    @Test
    void doesNotOpenTheSuccessorOfADeletedInstanceWithTheOldAdapter() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        InstanceKey key = new InstanceKey(ACME, MAIN);
        JooqInstances instances =
                new JooqInstances(database, secrets, new KnownTenants(), List.of(), InstantSource.system());
        Target before = instances.require(key).target();
        host.instances().delete(ACME, MAIN, null, Actor.system("test"));
        create(ACME, "{\"password\":\"of the successor\"}");
        settled(ACME);
        assertThat(refused(() -> host.host.opener().open(before)).detail()).contains("another one of its name");
    }

    @Test
    void startsAlthoughAFolderLiesAmongTheArtifacts() throws Exception {
        admit(echo("echo", "1.0.0"));
        Files.createDirectories(folder.resolve("data/artifacts/lost+found/inner"));
        host.stop();
        host = new TestHost(folder.resolve("data"), database, secrets);
        assertThat(host.definitions().definition(ECHO).id()).isEqualTo(ECHO);
        assertThat(artifacts()).hasSize(2);
    }

    @Test
    void closesTheInstancesOfARevokedKey() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        host.revoke(TestHost.KEY);
        await().atMost(PATIENCE).untilAsserted(() -> {
            Instance closed = host.instances().instance(ACME, MAIN);
            assertThat(closed.observed()).isEqualTo(Observed.FAILED);
            assertThat(problem(closed).code()).isEqualTo("instance-key-revoked");
        });
        assertThat(host.find("(maestro.tenant=acme)")).isEmpty();
    }

    @Test
    void opensEverythingAgainAfterARestart() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{\"greeting\":\"hello\"}");
        settled(ACME);
        host.stop();
        host = new TestHost(folder.resolve("data"), database, secrets);
        await().atMost(PATIENCE).until(() -> host.readiness().unready().isEmpty());
        assertThat(settled(ACME).observed()).isEqualTo(Observed.RUNNING);
    }

    @Test
    void sweepsAwayWhatACrashLeftInTheMiddleOfAnAdmission() throws Exception {
        admit(echo("echo", "1.0.0"));
        host.stop();
        Path rest = folder.resolve("data/artifacts/" + "cd".repeat(32) + ".jar");
        echo("half", "1.0.0").write(rest);
        host = new TestHost(folder.resolve("data"), database, secrets);
        assertThat(rest).doesNotExist();
        assertThat(artifacts()).hasSize(1);
    }

    @Test
    void noticesAChangedArtifactAndHealsItWithTheSameBytes() throws Exception {
        Admitted admitted = admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        host.stop();
        Path artifact = folder.resolve("data/artifacts")
                .resolve(admitted.definition().digest().hex() + ".jar");
        Files.write(artifact, new byte[] {1, 2, 3});
        var _ = database.<Integer>noteAsPlatform(
                sql -> sql.deleteFrom(Tables.ARTIFACT_PART).execute());
        host = new TestHost(folder.resolve("data"), database, secrets);
        assertThat(problem(settled(ACME)).code()).isEqualTo("artifact-lost");

        assertThat(admit(echo("echo", "1.0.0")).fresh()).isFalse();
        await().atMost(PATIENCE)
                .until(() -> host.instances().instance(ACME, MAIN).observed() == Observed.RUNNING);
    }

    @Test
    void opensInstancesAnewWhenSomebodyStopsTheirBundle() throws Exception {
        Admitted admitted = admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        AdapterInstance before = host.find("(maestro.tenant=acme)").getFirst();
        Path file = folder.resolve("data/artifacts")
                .resolve(admitted.definition().digest().hex() + ".jar");
        host.framework.host.getBundle(host.framework.adapters.location(file)).stop();
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<AdapterInstance> now = host.find("(maestro.tenant=acme)");
            assertThat(now).hasSize(1);
            assertThat(now.getFirst()).isNotSameAs(before);
        });
    }

    @Test
    void writesDownWhatItObserves() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        await().atMost(PATIENCE).untilAsserted(() -> {
            try (Connection connection = rows.connect();
                    Statement statement = connection.createStatement();
                    ResultSet found = statement.executeQuery(
                            "select tenant_id, node, observed from adapters.instance_observation")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getString(1) + found.getString(2) + found.getString(3))
                        .isEqualTo("acmetestrunning");
            }
        });
    }

    @Test
    void admitsADroppedFileOnlyWhenItIsWhole() throws Exception {
        byte[] bytes = bytes(echo("echo", "1.0.0"));
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Path half = deploy.resolve("echo.jar");
        Files.write(half, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Files.write(deploy.resolve("other.jar.part"), bytes);
        Path outside = Files.write(folder.resolve("outside.jar"), bytes(echo("linked", "1.0.0")));
        Files.createSymbolicLink(deploy.resolve("linked.jar"), outside);
        assertThat(admit(echo("meanwhile", "1.0.0")).fresh()).isTrue();
        assertThat(definitions()).hasSize(1);
        Files.write(half, bytes);
        await().ignoreExceptions()
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(host.definitions().definition(ECHO).createdBy())
                                .isEqualTo("system:drop-folder"));
        assertThat(half).exists();
        assertThat(definitions()).hasSize(2);
    }

    @Test
    void quarantinesADroppedFileThatNeverBecomesAJarOnce() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Files.writeString(deploy.resolve("notes.jar"), "these are my notes");
        await().atMost(PATIENCE)
                .until(() -> !host.definitions()
                        .quarantine(PageRequest.first())
                        .items()
                        .isEmpty());
        Path tmp = Files.write(deploy.resolve("echo.tmp"), bytes(echo("echo", "1.0.0")));
        Files.move(tmp, deploy.resolve("echo.jar"), StandardCopyOption.ATOMIC_MOVE);
        await().atMost(PATIENCE).until(() -> !definitions().isEmpty());
        List<Quarantined> refused =
                host.definitions().quarantine(PageRequest.first()).items();
        assertThat(refused).hasSize(1);
        assertThat(refused.getFirst().source()).isEqualTo("deploy/notes.jar");
    }

    @Test
    void erasesTheInstancesOfATenantThatLeavesWithTheirFolders() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        create(GLOBEX, "{}");
        settled(ACME);
        settled(GLOBEX);
        assertThat(host.holdings().count(ACME.tenant(), null)).containsEntry("instances", 1L);
        assertThat(host.holdings().count(ACME.tenant(), new Environment("dev"))).containsEntry("instances", 0L);

        await().atMost(PATIENCE).until(() -> host.holdings().erase(ACME.tenant(), Actor.system("test")));

        assertThat(host.holdings().count(ACME.tenant(), null))
                .containsOnly(Map.entry("instances", 0L), Map.entry("folders", 0L));
        assertThat(host.find("(maestro.tenant=acme)")).isEmpty();
        assertThat(host.find("(maestro.tenant=globex)")).hasSize(1);
        assertThat(host.holdings().erase(ACME.tenant(), Actor.system("test"))).isTrue();
    }

    @Test
    void makesNoInstanceInAnEnvironmentThatBeganToGoMeanwhile() throws Exception {
        admit(echo("echo", "1.0.0"));
        host.tenants.vanishing.add(ACME);

        assertThat(refused(() -> create(ACME, "{}")).code()).isEqualTo("tenant-unknown");

        assertThat(host.holdings().count(ACME.tenant(), null)).containsEntry("instances", 0L);
    }

    @Test
    void asksEverybodyWhatDependsOnAnInstance() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        assertThat(host.registry().dependents(ACME, MAIN)).isEmpty();

        Dependent workflow = new Dependent("workflow", "w1", "Onboarding");
        host.dependents.add((scope, instance, limit) -> scope.equals(ACME) ? List.of(workflow) : List.of());
        host.dependents.add((scope, instance, limit) -> Collections.nCopies(limit + 5, workflow));

        assertThat(host.registry().dependents(ACME, MAIN)).hasSize(500).contains(workflow);
        assertThat(refused(() -> host.registry().dependents(GLOBEX, MAIN)).code())
                .isEqualTo("instance-unknown");
    }

    @Test
    void isNotDeletedAgainstTheWordOfWhoeverDependsOnIt() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        Dependents keeper = new Dependents() {
            @Override
            public List<Dependent> of(Scope scope, InstanceId instance, int limit) {
                return List.of();
            }

            @Override
            public void requireDeletable(Transaction act, Scope scope, InstanceId instance) {
                assertThat(JooqTransaction.of(act)).isNotNull();
                throw Problem.of(AdapterProblem.INSTANCE_UNSETTLED, instance + " of " + scope + " keeps data", null)
                        .asException();
            }
        };
        host.dependents.add(keeper);

        assertThat(refused(() -> host.instances().delete(ACME, MAIN, null, Actor.system("test")))
                        .detail())
                .isEqualTo("main of acme/prod keeps data");
        assertThat(host.instances().instance(ACME, MAIN).observed()).isEqualTo(Observed.RUNNING);
        InstanceAct deletion = new InstanceAct.Delete(ACME, MAIN, null);
        assertThat(refused(() -> host.acts().plan(deletion, Actor.system("test")))
                        .detail())
                .isEqualTo("main of acme/prod keeps data");

        host.dependents.remove(keeper);
        assertThat(host.acts().plan(deletion, Actor.system("test")).action()).isEqualTo("instance.delete");
        host.instances().delete(ACME, MAIN, null, Actor.system("test"));
        assertThat(refused(() -> host.instances().instance(ACME, MAIN)).code()).isEqualTo("instance-unknown");
    }

    @Test
    void staysUntilWhoeverWritesAReferenceToItHasDoneSoAndWhoeverComesLaterIsTold() throws Exception {
        admit(echo("echo", "1.0.0"));
        Instance seen = create(ACME, "{}");
        settled(ACME);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> deletion = database.note(ACME.tenant(), sql -> {
                host.presence().require(new JooqTransaction(sql), List.of(seen));
                Future<?> begun = threads.submit(() -> host.instances().delete(ACME, MAIN, null, Actor.system("test")));
                await().atMost(PATIENCE).until(() -> begun.isDone() || waitsForAnother());
                assertThat(begun).isNotDone();
                return begun;
            });
            deletion.get();
        }

        assertThat(refused(() -> require(seen)).code()).isEqualTo("instance-unknown");
        Instance next = create(ACME, "{}");
        assertThat(refused(() -> require(seen)).code()).isEqualTo("revision-changed");
        require(next);
    }

    private void require(Instance seen) {
        database.note(ACME.tenant(), sql -> {
            host.presence().require(new JooqTransaction(sql), List.of(seen));
            return true;
        });
    }

    /** Whether a transaction waits for the end of another. */
    private boolean waitsForAnother() throws SQLException {
        try (Connection owner = rows.connect();
                Statement statement = owner.createStatement();
                ResultSet found = statement.executeQuery("select count(*) from pg_stat_activity"
                        + " where datname = current_database() and wait_event_type = 'Lock'")) {
            assertThat(found.next()).isTrue();
            return found.getInt(1) > 0;
        }
    }

    @Test
    void checksRequirementsAgainstWhatRuns() throws Exception {
        admit(echo("echo", "1.0.0"));
        create(ACME, "{}");
        settled(ACME);
        Requirement wanted = new Requirement(
                new TypeName("storage"), ECHO.name(), "^1.0.0", "1.0", List.of(new OperationName("list")), MAIN);

        assertThat(host.registry().check(ACME, List.of(wanted))).containsExactly(new Finding.Satisfied(MAIN, ECHO));
        assertThat(host.registry().check(GLOBEX, List.of(wanted)))
                .singleElement()
                .isInstanceOfSatisfying(
                        Finding.Missed.class,
                        missed -> assertThat(missed.problem().code()).isEqualTo("requirement-instance-missing"));
        assertThat(refused(() -> host.registry().check(ACME, Collections.nCopies(101, wanted)))
                        .code())
                .isEqualTo("invalid-request");
        assertThat(host.registry().types())
                .extracting(type -> type.name().value())
                .contains("storage");
    }

    private List<Definition> definitions() {
        return host.registry()
                .definitions(DefinitionQuery.all(), PageRequest.first())
                .items();
    }

    private Admitted admit(SampleBundle bundle) throws Exception {
        try (InputStream in = new ByteArrayInputStream(bytes(bundle))) {
            return host.definitions().admit(in, "upload", Actor.system("test"));
        }
    }

    private byte[] bytes(SampleBundle bundle) throws Exception {
        return Files.readAllBytes(bundle.write(Files.createTempFile(folder, "sample", ".jar")));
    }

    private static SampleBundle echo(String name, String version) {
        return sample(name, version);
    }

    private static SampleBundle sample(String name, String version) {
        return new SampleBundle(name, version)
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class);
    }

    private Instance create(Scope scope, String configuration) {
        return host.instances().create(scope, MAIN, ECHO, new Json(configuration), Actor.system("test"));
    }

    private Instance settled(Scope scope) {
        return host.instances().await(scope, MAIN, PATIENCE);
    }

    private Problem failure(String instance) {
        Instance failed = host.instances().await(ACME, new InstanceId(instance), PATIENCE);
        assertThat(failed.observed()).isEqualTo(Observed.FAILED);
        return problem(failed);
    }

    private static Problem problem(Instance instance) {
        Problem problem = instance.problem();
        assertThat(problem).isNotNull();
        if (problem == null) {
            throw new AssertionError();
        }
        return problem;
    }

    private byte[] call(Scope scope) {
        return host.calls()
                .call(
                        scope,
                        MAIN,
                        new OperationName("list"),
                        "{\"prefix\":\"\",\"limit\":1}".getBytes(StandardCharsets.UTF_8),
                        new CallOptions("test", "c", null, null));
    }

    private List<String> artifacts() throws Exception {
        try (var files = Files.list(folder.resolve("data/artifacts"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static Problem refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem();
    }
}
