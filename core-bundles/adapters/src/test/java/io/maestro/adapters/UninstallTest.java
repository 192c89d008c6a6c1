package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.api.adapters.Definitions.Admitted;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions go when no instance is of them, and a version never means two things. */
class UninstallTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final DefinitionId ECHO = DefinitionId.parse("echo@1.0.0");
    private static final Actor ADA = Actor.system("test");
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
    void removesTheRowTheBundleAndTheFileAndLeavesAFact() throws Exception {
        Path file = file(admit(echo("1.0.0")));

        host.definitions().uninstall(ECHO, ADA);

        assertThat(refused(() -> host.definitions().definition(ECHO)).code()).isEqualTo("definition-unknown");
        assertThat(file).doesNotExist();
        assertThat(host.framework.host.getBundles()).noneMatch(host.framework.adapters::contains);
        List<String> actions = database.asPlatform(sql ->
                sql.fetch("select action from store.fact order by position").getValues(0, String.class));
        assertThat(actions).endsWith("adapter-definition.uninstall");
        assertThat(host.policy.entryPoints()).last().isEqualTo(EntryPoint.ADAPTER_UNINSTALL);
        assertThat(host.policy.asked.getLast().tenant()).isNull();
        assertThat(refused(() -> host.definitions().uninstall(ECHO, ADA)).code())
                .isEqualTo("definition-unknown");
    }

    @Test
    void saysWhichInstancesAreInTheWay() throws Exception {
        Path file = file(admit(echo("1.0.0")));
        for (int i = 0; i < 7; i++) {
            create("main-" + i);
        }

        Problem problem = refused(() -> host.definitions().uninstall(ECHO, ADA));

        assertThat(problem.code()).isEqualTo("definition-in-use");
        assertThat(problem.detail())
                .contains("7 instances", "acme/prod/main-0", "acme/prod/main-4", "and more")
                .doesNotContain("main-5");
        assertThat(problem.fix()).contains("/api/adapters/echo/1.0.0/instances");
        assertThat(file).exists();
        assertThat(host.instances()
                        .await(ACME, new InstanceId("main-0"), PATIENCE)
                        .observed())
                .isEqualTo(Observed.RUNNING);
    }

    @Test
    void doesNothingThatThePolicyForbids() throws Exception {
        admit(echo("1.0.0"));
        host.policy.forbidden.add(EntryPoint.ADAPTER_UNINSTALL);

        assertThat(refused(() -> host.definitions().uninstall(ECHO, ADA)).code())
                .isEqualTo("policy-denied");

        assertThat(host.definitions().definition(ECHO).id()).isEqualTo(ECHO);
    }

    @Test
    void takesTheSameBytesBackAndNoOthers() throws Exception {
        Admitted first = admit(echo("1.0.0"));
        host.definitions().uninstall(ECHO, ADA);

        Problem other = refused(() -> admit(echo("1.0.0").header("X-Other", "bytes")));
        assertThat(other.code()).isEqualTo("definition-exists");
        assertThat(other.detail()).contains(first.definition().digest().toString(), "before");
        assertThat(refused(() -> admit(echo("1.0.0").header("X-Publisher", "mallory")))
                        .code())
                .as("the name stays its publisher's")
                .isEqualTo("definition-name-taken");

        Admitted again = admit(echo("1.0.0"));
        assertThat(again.fresh()).isTrue();
        assertThat(again.definition().digest()).isEqualTo(first.definition().digest());
        create("main");
        assertThat(host.instances()
                        .await(ACME, new InstanceId("main"), PATIENCE)
                        .observed())
                .isEqualTo(Observed.RUNNING);
    }

    @Test
    void isNotUndoneByTheFileInTheDropFolder() throws Exception {
        Path deploy = Files.createDirectories(folder.resolve("data/deploy"));
        Path tmp = Files.write(deploy.resolve("echo.tmp"), bytes(echo("1.0.0")));
        Files.move(tmp, deploy.resolve("echo.jar"));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> host.definitions().definition(ECHO).id().equals(ECHO));
        host.definitions().uninstall(ECHO, ADA);
        host.stop();

        host = new TestHost(folder.resolve("data"), database, secrets);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(host.definitions()
                                .quarantine(PageRequest.first())
                                .items())
                        .extracting(refusal -> refusal.problem().code())
                        .containsExactly("definition-uninstalled"));
        assertThat(refused(() -> host.definitions().definition(ECHO)).code()).isEqualTo("definition-unknown");
        assertThat(admit(echo("1.0.0")).fresh()).as("an upload brings it back").isTrue();
    }

    @Test
    void isFinishedAfterACrashBetweenRowAndFile() throws Exception {
        Path file = file(admit(echo("1.0.0")));
        // what is committed when the process is killed before it goes on
        host.stop();
        var _ = new JooqDefinitions(database).uninstall(ECHO, ADA);
        assertThat(file).exists();

        host = new TestHost(folder.resolve("data"), database, secrets);

        assertThat(file).doesNotExist();
        assertThat(host.framework.host.getBundles()).noneMatch(host.framework.adapters::contains);
    }

    @Test
    void reachesTheOtherNodes() throws Exception {
        Path file = file(admit(echo("1.0.0")));
        // as another node would
        var _ = new JooqDefinitions(database).uninstall(ECHO, ADA);
        // sooner than the next look at all rows
        host.secretsChanged(ACME, new InstanceId("any"));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(file).doesNotExist());
        assertThat(host.framework.host.getBundles()).noneMatch(host.framework.adapters::contains);
    }

    @Test
    void neverLeavesAnInstanceWithoutItsDefinition() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 10; i++) {
                admit(echo("1.0.0"));
                String name = "main-" + i;
                Future<String> created = threads.submit(() -> outcome(() -> create(name)));
                Future<String> uninstalled =
                        threads.submit(() -> outcome(() -> host.definitions().uninstall(ECHO, ADA)));
                assertThat(List.of(created.get(), uninstalled.get()))
                        .isIn(List.of("done", "definition-in-use"), List.of("definition-unknown", "done"));
                if (created.get().equals("done")) {
                    host.instances().delete(ACME, new InstanceId(name), null, ADA);
                }
            }
        }
    }

    private static String outcome(Runnable act) {
        try {
            act.run();
            return "done";
        } catch (ProblemException e) {
            return e.problem().code();
        }
    }

    private void create(String name) {
        var _ = host.instances().create(ACME, new InstanceId(name), ECHO, Json.EMPTY_OBJECT, ADA);
    }

    @Test
    void leavesNoFileOfBytesThatWereCutOffWhateverElseWasCutOffUnderTheirName() throws Exception {
        host.stop();
        AtomicBoolean cut = new AtomicBoolean(true);
        host = new TestHost(folder.resolve("data"), database, secrets, step -> {
            if (cut.get() && step.equals("kept")) {
                throw new IllegalStateException("cut off");
            }
        });
        for (String bytes : List.of("some", "other")) {
            assertThatThrownBy(() -> admit(echo("1.0.0").header("X-Bytes", bytes)))
                    .isInstanceOf(IllegalStateException.class);
        }
        assertThat(artifacts()).hasSize(2);
        cut.set(false);

        host.secretsChanged(ACME, new InstanceId("main"));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(artifacts()).isEmpty());
    }

    private List<String> artifacts() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data/artifacts"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .toList();
        }
    }

    private Path file(Admitted admitted) {
        return folder.resolve("data/artifacts")
                .resolve(admitted.definition().digest().hex() + ".jar");
    }

    private Admitted admit(SampleBundle bundle) throws Exception {
        return host.definitions().admit(new ByteArrayInputStream(bytes(bundle)), "upload", ADA);
    }

    private byte[] bytes(SampleBundle bundle) throws Exception {
        return Files.readAllBytes(bundle.write(Files.createTempFile(folder, "sample", ".jar")));
    }

    private static SampleBundle echo(String version) {
        return new SampleBundle("echo", version)
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class);
    }

    private static Problem refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem();
    }
}
