package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.PolicyInput;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every act of the host asks the policy first, once, and with what it needs to know. */
class GovernedHostTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final DefinitionId ECHO = DefinitionId.parse("echo@1.0.0");
    private static final Actor ADA = new Actor("user:ada", "request-1");

    @TempDir
    Path folder;

    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = new TestHost(folder.resolve("data"), database, new MemorySecrets());
    }

    @AfterEach
    void stop() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    private void submit() throws Exception {
        SampleBundle bundle = new SampleBundle("echo", "1.0.0")
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class);
        Path file = bundle.write(Files.createTempFile(folder, "sample", ".jar"));
        try (InputStream in = Files.newInputStream(file)) {
            var _ = host.definitions().admit(in, "upload", ADA);
        }
    }

    private Instance create(String configuration) {
        return host.instances().create(ACME, MAIN, ECHO, new Json(configuration), ADA);
    }

    private void forbid(EntryPoint entryPoint) {
        host.policy.forbidden.add(entryPoint);
        host.policy.asked.clear();
    }

    private static void assertDenied(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThat(Objects.requireNonNull(catchThrowableOfType(ProblemException.class, call))
                        .problem()
                        .code())
                .isEqualTo("policy-denied");
    }

    @Test
    void asksOnceForEachActOfAnInstancesLife() throws Exception {
        submit();
        create("{}");
        host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ADA);
        host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ADA);
        host.instances().delete(ACME, MAIN, null, ADA);

        assertThat(host.policy.entryPoints())
                .containsExactly(
                        EntryPoint.ADAPTER_SUBMIT,
                        EntryPoint.ADAPTER_INSTALL,
                        EntryPoint.ADAPTER_STOP,
                        EntryPoint.ADAPTER_START,
                        EntryPoint.ADAPTER_UNINSTALL);
        assertThat(host.policy.asked)
                .extracting(PolicyInput::action)
                .containsExactly(
                        "adapter-definition.install",
                        "instance.create",
                        "instance.stop",
                        "instance.start",
                        "instance.delete");
        for (PolicyInput input : host.policy.asked) {
            assertThat(Objects.requireNonNull(input.more().get("adapter")).text())
                    .contains(
                            "\"adapter_risk_level\":",
                            "\"data_sensitivity\":",
                            "\"requires_approval\":",
                            "\"digest\":");
        }
        List<String> decisions = database.asPlatform(sql ->
                sql.fetch("select decision from store.fact order by position").getValues(0, String.class));
        assertThat(decisions).hasSize(5).containsOnly(AskedPolicy.ID.toString());
    }

    @Test
    void startsNothingOfAnArtifactThatIsForbidden() throws Exception {
        forbid(EntryPoint.ADAPTER_SUBMIT);

        assertDenied(this::submit);

        assertThat(host.policy.asked).hasSize(1);
        assertThat(host.definitions().quarantine(PageRequest.first()).items())
                .singleElement()
                .satisfies(one -> assertThat(one.problem().code()).isEqualTo("policy-denied"));
        assertThat(folder.resolve("data/artifacts"))
                .satisfiesAnyOf(
                        path -> assertThat(path).doesNotExist(),
                        path -> assertThat(path).isEmptyDirectory());
    }

    @Test
    void changesNothingThatIsForbidden() throws Exception {
        submit();
        forbid(EntryPoint.ADAPTER_INSTALL);
        assertDenied(() -> create("{}"));
        host.policy.forbidden.clear();
        Instance made = create("{}");
        for (EntryPoint entryPoint :
                List.of(EntryPoint.ADAPTER_STOP, EntryPoint.ADAPTER_START, EntryPoint.ADAPTER_UNINSTALL)) {
            forbid(entryPoint);
        }

        assertDenied(() -> host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ADA));
        assertDenied(() -> host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ADA));
        assertDenied(() -> host.instances().delete(ACME, MAIN, null, ADA));

        assertThat(host.policy.asked).hasSize(3);
        assertThat(host.instances().instance(ACME, MAIN).revision()).isEqualTo(made.revision());
    }

    @Test
    void showsThePolicyTheConfigurationWithoutItsSecrets() throws Exception {
        submit();
        create("{\"greeting\":\"hello\",\"password\":\"hush\"}");

        assertThat(host.policy.asked.get(1).more())
                .containsEntry("configuration", new Json("{\"greeting\":\"hello\"}"));
    }

    @Test
    void tellsConfigurationsApartThatDifferInTheirSecretsOnly() throws Exception {
        submit();
        for (String secret : List.of("hush", "hush", "other")) {
            var _ = catchThrowable(() -> create("{\"greeting\":\"hello\",\"password\":\"" + secret + "\"}"));
        }

        assertThat(host.policy.asked.stream()
                        .filter(input -> input.entryPoint() == EntryPoint.ADAPTER_INSTALL)
                        .map(input ->
                                Objects.requireNonNull(input.content()).get().digest())
                        .distinct())
                .hasSize(2);
    }

    @Test
    void asksBeforeAnInstanceIsGivenASecret() throws Exception {
        submit();
        forbid(EntryPoint.SECRET_READ);

        create("{\"password\":\"hush\"}");
        Instance failed = host.instances().await(ACME, MAIN, Duration.ofSeconds(30));

        assertThat(failed.observed()).isEqualTo(Observed.FAILED);
        assertThat(Objects.requireNonNull(failed.problem()).code()).isEqualTo("policy-denied");
        PolicyInput input = host.policy.asked.getLast();
        assertThat(input.actor().id()).isEqualTo("system:adapters");
        assertThat(input.actor().standing().tenant()).isEqualTo(ACME.tenant());
        assertThat(input.actor().standing().environment()).isEqualTo(ACME.environment());
        assertThat(Objects.requireNonNull(input.more().get("secret")).text())
                .contains("\"name\":\"instance/main/password\"", "\"purpose\":\"open\"", "\"instance\":\"main\"");
    }
}
