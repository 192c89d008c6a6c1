package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs.Trial;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
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
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations are tried as they would be opened, and leave nothing. */
class TryoutsTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final DefinitionId ECHO = DefinitionId.parse("echo@1.0.0");
    private static final Actor ADA = new Actor("user:ada", "request-1");
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
        admit(new SampleBundle("echo", "1.0.0")
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class));
    }

    @AfterEach
    void end() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    @Test
    void saysHowAnInstanceWouldBeAndKeepsNothingOfIt() throws Exception {
        String before = dump();

        Trial trial = host.acts()
                .tryOut(create("{\"greeting\":\"hello\",\"password\":\"hush\",\"behaviour\":\"write\"}"), ADA);

        assertThat(trial.state()).isEqualTo(ProbeState.DEGRADED);
        assertThat(Objects.requireNonNull(trial.reason()))
                .startsWith("acme/prod/main hello ")
                .doesNotContain("hush");
        assertThat(trial.opening()).isPositive();
        assertThat(dump()).isEqualTo(before);
        assertThat(secrets.names(ACME)).isEmpty();
        assertThat(files()).isEmpty();
        assertThat(host.find("(maestro.tenant=acme)")).isEmpty();
        assertThat(host.policy.entryPoints()).containsExactly(EntryPoint.ADAPTER_SUBMIT, EntryPoint.ADAPTER_INSTALL);
    }

    @Test
    void triesAnotherConfigurationBesideAnInstanceThatGoesOn() throws Exception {
        host.instances().create(ACME, MAIN, ECHO, new Json("{\"greeting\":\"old\",\"password\":\"kept\"}"), ADA);
        assertThat(host.instances().await(ACME, MAIN, PATIENCE).observed()).isEqualTo(Observed.RUNNING);
        AdapterInstance running = host.find("(maestro.tenant=acme)").getFirst();
        String before = dump();

        Trial trial =
                host.acts().tryOut(new InstanceAct.Configure(ACME, MAIN, new Json("{\"greeting\":\"new\"}"), 1L), ADA);

        // the secret that it leaves out is the one that is kept
        assertThat(trial.reason()).startsWith("acme/prod/main new ").doesNotEndWith(" -");
        assertThat(dump()).isEqualTo(before);
        assertThat(host.find("(maestro.tenant=acme)")).containsExactly(running);
        assertThat(running.health().toString()).contains("old");
        assertThat(refused(() -> host.acts().tryOut(new InstanceAct.Configure(ACME, MAIN, Json.EMPTY_OBJECT, 7L), ADA))
                        .code())
                .isEqualTo("revision-changed");
    }

    @ParameterizedTest
    @CsvSource({
        "throw, adapter-failed",
        "refuse, invalid-request",
        "hang, instance-open-timeout",
        "leak, adapter-failed"
    })
    void tellsWhyItCannotBeOpened(String behaviour, String code) throws Exception {
        Problem problem = refused(
                () -> host.acts().tryOut(create("{\"behaviour\":\"" + behaviour + "\",\"password\":\"hush\"}"), ADA));

        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.toString()).doesNotContain("hush");
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesWhatTheActWouldBeRefusedFor() {
        assertThat(refused(() -> host.acts().tryOut(create("{\"greeting\":7}"), ADA))
                        .violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.pointer()).isEqualTo("/greeting"));

        host.policy.forbidden.add(EntryPoint.ADAPTER_INSTALL);
        assertThat(refused(() -> host.acts().tryOut(create("{}"), ADA)).code()).isEqualTo("policy-denied");
    }

    @Test
    void opensNothingThatNobodyHasApproved() throws Exception {
        host.policy.answer.set(new Decision(AskedPolicy.ID, Outcome.APPROVAL, List.of(), null));

        Problem problem = refused(() -> host.acts().tryOut(create("{\"behaviour\":\"write\"}"), ADA));

        assertThat(problem.code()).isEqualTo("trial-unapproved");
        assertThat(host.policy.used).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void sweepsAwayWhatTrialsLeftWhenTheNodeEnded() throws Exception {
        host.host.stop();
        Path left = Files.createDirectories(host.data.resolve("trials/acme/prod/main/7"));
        Files.writeString(left.resolve("written"), "by a trial");

        host.framework.close();
        host = new TestHost(host.data, database, secrets);

        assertThat(files()).isEmpty();
    }

    private static InstanceAct.Create create(String configuration) {
        return new InstanceAct.Create(ACME, MAIN, ECHO, new Json(configuration));
    }

    private void admit(SampleBundle bundle) throws Exception {
        byte[] bytes = Files.readAllBytes(bundle.write(Files.createTempFile(folder, "sample", ".jar")));
        var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
    }

    /** The files of trials. */
    private List<Path> files() throws IOException {
        Path trials = host.data.resolve("trials");
        if (!Files.exists(trials)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(trials)) {
            return found.filter(Files::isRegularFile).toList();
        }
    }

    private String dump() {
        StringBuilder dump = new StringBuilder();
        for (String table : List.of(
                "adapters.adapter_instance", "adapters.instance_version", "adapters.instance_removal", "store.fact")) {
            dump.append(database.<String>asPlatform(
                    sql -> sql.fetch("select * from " + table).formatCSV()));
        }
        return dump.toString();
    }

    private static Problem refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem();
    }
}
