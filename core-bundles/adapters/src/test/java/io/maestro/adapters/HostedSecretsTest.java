package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.Health;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.ServiceReference;

/** What the host does with the secrets of instances, on a real framework and a real database. */
class HostedSecretsTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final DefinitionId ECHO = DefinitionId.parse("echo@1.0.0");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Actor ACTOR = new Actor("token:x", "request-1");

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
        Path jar = new SampleBundle("echo", "1.0.0")
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class)
                .write(folder.resolve("echo.jar"));
        try (InputStream in = Files.newInputStream(jar)) {
            host.definitions().admit(in, "upload", Actor.system("test"));
        }
    }

    @AfterEach
    void stop() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    @Test
    void keepsAValueAsASecretOfTheInstanceAndShowsOnlyItsName() throws Exception {
        Instance created = create("{\"greeting\":\"hello\",\"password\":\"acme-secret\"}");
        assertThat(created.configuration().text())
                .contains("hello", "{\"$secret\": \"instance/main/password\"}")
                .doesNotContain("acme-secret");
        assertThat(settled().observed()).isEqualTo(Observed.RUNNING);
        assertThat(health()).isEqualTo("acme/prod/main hello acme-secret");
        assertThat(secrets.names(ACME)).containsExactly("instance/main/password");
        assertThat(secrets.reads).containsExactly("acme/prod/main instance/main/password 1 OPEN");
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select adapter_instance::text, state_after"
                        + " from adapters.adapter_instance, store.fact where action = 'instance.create'")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getString(1) + found.getString(2))
                    .contains("instance/main/password")
                    .doesNotContain("acme-secret");
        }

        host.instances().delete(ACME, MAIN, null, ACTOR);
        assertThat(secrets.names(ACME)).isEmpty();
    }

    @Test
    void usesASecretByName() throws Exception {
        secrets.put(ACME, "shared", "shared-secret");
        create("{\"password\":{\"$secret\":\"shared\"}}");
        assertThat(settled().observed()).isEqualTo(Observed.RUNNING);
        assertThat(health()).endsWith(" shared-secret");
        assertThat(secrets.reads).containsExactly("acme/prod/main shared 1 CHECK", "acme/prod/main shared 1 OPEN");

        host.instances().delete(ACME, MAIN, null, ACTOR);
        assertThat(secrets.names(ACME)).containsExactly("shared");
    }

    @Test
    void checksTheValueBehindTheNameAgainstTheSchema() {
        secrets.put(ACME, "number", "7");
        Problem refused = refused(() -> create("{\"password\":{\"$secret\":\"number\",\"as\":\"json\"}}"));
        assertThat(refused.code()).isEqualTo("configuration-invalid");
        assertThat(refused.violations())
                .extracting(violation -> violation.pointer())
                .containsExactly("/password");
        assertThat(refused(() -> create("{\"password\":{\"$secret\":\"missing\"}}"))
                        .code())
                .isEqualTo("secret-unknown");
    }

    @Test
    void givesAnOpenInstanceItsNewSecretWithoutClosingIt() throws Exception {
        secrets.put(ACME, "shared", "first-secret");
        create("{\"behaviour\":\"take\",\"password\":{\"$secret\":\"shared\"}}");
        settled();
        AdapterInstance open = host.find("(maestro.tenant=acme)").getFirst();
        rotate("second-secret");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(health()).endsWith(" second-secret"));
        assertThat(host.find("(maestro.tenant=acme)")).containsExactly(open);
        assertThat(secrets.reads).endsWith("acme/prod/main shared 2 ROTATE");
    }

    @Test
    void opensAnewWhatDoesNotTakeASecretAndClosesTheOldOneAfterwards() throws Exception {
        secrets.put(ACME, "shared", "first-secret");
        create("{\"password\":{\"$secret\":\"shared\"}}");
        settled();
        AdapterInstance first = host.find("(maestro.tenant=acme)").getFirst();
        rotate("second-secret");
        // at no time is there none
        await().atMost(PATIENCE).until(() -> {
            List<AdapterInstance> found = host.find("(maestro.tenant=acme)");
            assertThat(found).isNotEmpty();
            return !found.contains(first);
        });
        assertThat(health()).endsWith(" second-secret");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(first.health()).isEqualTo(new Health.Down("closed")));
        assertThat(settled().observed()).isEqualTo(Observed.RUNNING);
    }

    @Test
    void opensAnewWhatFailsToTakeASecret() throws Exception {
        secrets.put(ACME, "shared", "first-secret");
        create("{\"behaviour\":\"take\",\"password\":{\"$secret\":\"shared\"}}");
        settled();
        AdapterInstance first = host.find("(maestro.tenant=acme)").getFirst();
        rotate(TakingStorage.UNBEARABLE + "-secret");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(health()).endsWith(" unbearable-secret"));
        assertThat(host.find("(maestro.tenant=acme)")).doesNotContain(first);
    }

    @Test
    void isKnownAsAnotherOnceAnythingAboutItHasChanged() {
        secrets.put(ACME, "shared", "first-secret");
        String taking = "{\"behaviour\":\"take\",\"password\":{\"$secret\":\"shared\"}}";
        create(taking);
        settled();
        Digest first = fingerprint();
        host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ACTOR);
        settled();
        host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ACTOR);
        settled();
        assertThat(fingerprint()).as("opened again as it was").isEqualTo(first);

        rotate("second-secret");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(fingerprint()).isNotEqualTo(first));
        Digest rotated = fingerprint();
        rotate(TakingStorage.UNBEARABLE + "-secret");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(health()).endsWith(" unbearable-secret"));
        Digest opened = fingerprint();
        assertThat(opened).isNotIn(first, rotated);

        host.instances().delete(ACME, MAIN, null, ACTOR);
        await().atMost(PATIENCE).until(() -> host.find("(maestro.tenant=acme)").isEmpty());
        create(taking);
        await().atMost(PATIENCE).until(() -> settled().observed() == Observed.RUNNING);
        Digest recreated = fingerprint();
        assertThat(recreated).isNotIn(first, rotated, opened);
        configure("{\"behaviour\":\"take\",\"greeting\":\"hello\"}", null);
        settled();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(fingerprint()).isNotEqualTo(recreated));
        assertThat(refused(() -> host.calls()
                                .call(
                                        ACME,
                                        MAIN,
                                        new OperationName("list"),
                                        "{}".getBytes(StandardCharsets.UTF_8),
                                        new CallOptions(new Actor("token:t", "c-1"), null, null, recreated)))
                        .code())
                .isEqualTo("instance-changed");
    }

    @Test
    void isWhatNobodyAgreedToOnceItWasOfferedSecretsThatItDidNotTake() throws Exception {
        secrets.put(ACME, "shared", "first-secret");
        create("{\"behaviour\":\"take or leave\",\"password\":{\"$secret\":\"shared\"}}");
        settled();
        Binding open = binding();
        rotate(TakingStorage.UNBEARABLE + "-secret");
        await().atMost(PATIENCE)
                .until(() -> host.instances().instance(ACME, MAIN).problem() != null);
        assertThat(binding().adapter).as("goes on").isSameAs(open.adapter);
        assertThat(health()).as("took it although it threw").endsWith(" unbearable-secret");
        assertThat(binding().fingerprint).isNotEqualTo(open.fingerprint);

        rotate("third-secret");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(health()).endsWith(" third-secret"));
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(host.instances().instance(ACME, MAIN).problem())
                                .isNull());
        assertThat(fingerprint()).isEqualTo(binding().fingerprint).isNotEqualTo(open.fingerprint);
    }

    private Digest fingerprint() {
        return host.calls().fingerprint(ACME, MAIN);
    }

    @Test
    void hidesTheSecretInUseStillAfterSeveralThatWereNotTaken() throws Exception {
        secrets.put(ACME, "shared", "first-secret");
        create("{\"behaviour\":\"bear with one\",\"password\":{\"$secret\":\"shared\"}}");
        settled();
        Binding open = binding();
        for (int i = 1; i <= 3; i++) {
            String offered = TakingStorage.UNBEARABLE + i;
            rotate(offered);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(open.mask.masked(offered)).isEqualTo("***"));
            await().atMost(PATIENCE)
                    .until(() -> host.instances().instance(ACME, MAIN).problem() != null);
        }
        assertThat(binding().adapter).as("goes on").isSameAs(open.adapter);
        assertThat(open.mask.masked("first-secret")).isEqualTo("***");
        assertThat(health()).endsWith(" first-secret");
    }

    @Test
    void changesTheConfigurationWithTheNewOneOpenBeforeTheOldOneIsClosed() throws Exception {
        create("{\"greeting\":\"hello\",\"password\":\"own-secret\"}");
        settled();
        AdapterInstance first = host.find("(maestro.tenant=acme)").getFirst();

        Instance changed = configure("{\"greeting\":\"good day\"}", 1L);

        assertThat(changed.revision()).isEqualTo(2);
        assertThat(changed.configuration().text()).contains("good day", "instance/main/password");
        await().atMost(PATIENCE).until(() -> {
            List<AdapterInstance> found = host.find("(maestro.tenant=acme)");
            assertThat(found).as("at no time is there none").isNotEmpty();
            return !found.contains(first);
        });
        assertThat(settled().observed()).isEqualTo(Observed.RUNNING);
        assertThat(health()).isEqualTo("acme/prod/main good day own-secret");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(first.health()).isEqualTo(new Health.Down("closed")));
        assertThat(secrets.names(ACME)).containsExactly("instance/main/password");
    }

    @Test
    void givesTheSecretsOfAConfigurationToNoOther() throws Exception {
        // changed in the moment between the looks at the configuration and at its secrets
        secrets.beforeOpening.set(() -> configure("{\"greeting\":\"bye\",\"password\":\"next-secret\"}", null));
        create("{\"behaviour\":\"write\",\"password\":\"own-secret\"}");
        await().ignoreExceptions()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(health()).isEqualTo("acme/prod/main bye next-secret"));
        try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
            assertThat(files).noneMatch(file -> file.endsWith("written"));
        }
    }

    @Test
    void goesOnWithTheOldConfigurationWhenTheNewOneDoesNotOpen() throws Exception {
        create("{\"greeting\":\"hello\"}");
        settled();
        AdapterInstance first = host.find("(maestro.tenant=acme)").getFirst();

        for (String behaviour : List.of("refuse", "throw", "hang")) {
            configure("{\"greeting\":\"good day\",\"behaviour\":\"" + behaviour + "\"}", null);
            Instance tried = settled();
            assertThat(tried.observed()).isEqualTo(Observed.RUNNING);
            assertThat(tried.problem()).as(behaviour).isNotNull();
            assertThat(host.find("(maestro.tenant=acme)")).containsExactly(first);
            // whoever agreed to it now would look at the new configuration and mean the old one
            assertThat(refused(this::fingerprint).code()).isEqualTo("instance-unsettled");
            assertThat(health()).isEqualTo("acme/prod/main hello -");
        }

        configure("{\"greeting\":\"bye\"}", null);
        Instance mended = settled();
        assertThat(mended.observed()).isEqualTo(Observed.RUNNING);
        assertThat(mended.problem()).isNull();
        assertThat(health()).isEqualTo("acme/prod/main bye -");
        assertThat(fingerprint()).isNotNull();
    }

    @Test
    void opensWhatIsWantedAfterARestartAndNotWhatWasOpenBefore() throws Exception {
        create("{\"greeting\":\"hello\"}");
        settled();
        configure("{\"behaviour\":\"refuse\"}", null);
        assertThat(settled().observed()).isEqualTo(Observed.RUNNING);
        assertThat(facts("instance.configure"))
                .as("an adapter was given it, so there is a fact of it")
                .isEqualTo(1);

        host.stop();
        host = new TestHost(folder.resolve("data"), database, secrets);

        Instance restarted = settled();
        assertThat(restarted.observed()).isEqualTo(Observed.FAILED);
        assertThat(restarted.problem()).isNotNull();
        assertThat(host.find("(maestro.tenant=acme)")).isEmpty();
    }

    @Test
    void changesOrTakesAwayTheSecretsOfAConfiguration() throws Exception {
        secrets.put(ACME, "shared", "shared-secret");
        create("{\"behaviour\":\"take\",\"password\":\"own-secret\"}");
        settled();

        configure("{\"behaviour\":\"take\",\"password\":\"next-secret\"}", null);
        settled();
        assertThat(health()).endsWith(" next-secret");
        assertThat(secrets.reads).endsWith("acme/prod/main instance/main/password 2 OPEN");

        configure("{\"behaviour\":\"take\",\"password\":{\"$secret\":\"instance/main/password\"}}", null);
        assertThat(health()).endsWith(" next-secret");

        configure("{\"behaviour\":\"take\",\"password\":{\"$secret\":\"shared\"}}", null);
        settled();
        assertThat(health()).endsWith(" shared-secret");
        assertThat(secrets.names(ACME)).containsExactly("shared");

        Instance without = configure("{\"behaviour\":\"take\",\"password\":null}", null);
        settled();
        assertThat(health()).endsWith(" -");
        assertThat(without.configuration().text()).doesNotContain("password");
    }

    @Test
    void refusesAConfigurationThatDoesNotFitAndChangesNothing() throws Exception {
        Instance created = create("{\"greeting\":\"hello\",\"password\":\"own-secret\"}");
        settled();

        assertThat(refused(() -> configure("{\"greeting\":7}", null)).code()).isEqualTo("configuration-invalid");
        assertThat(refused(() -> configure("{}", 7L)).code()).isEqualTo("revision-changed");
        assertThat(refused(() -> configure("{\"password\":{\"$secret\":\"missing\"}}", null))
                        .code())
                .isEqualTo("secret-unknown");
        assertThat(refused(() -> host.instances()
                                .configure(Scope.of("globex", "prod"), MAIN, Json.EMPTY_OBJECT, null, ACTOR))
                        .code())
                .isEqualTo("instance-unknown");
        host.tenants.vanishing.add(ACME);
        assertThat(refused(() -> configure("{}", null)).code()).isEqualTo("tenant-unknown");

        assertThat(host.instances().instance(ACME, MAIN).configuration()).isEqualTo(created.configuration());
        assertThat(facts("instance.configure")).isZero();
    }

    @Test
    void theSameConfigurationChangesNothingAndAnotherIsOneAct() throws Exception {
        create("{\"greeting\":\"hello\",\"password\":\"own-secret\"}");
        settled();
        assertThat(configure("{\"greeting\":\"hello\"}", 1L).revision()).isEqualTo(1);
        assertThat(facts("instance.configure")).isZero();
        host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ACTOR);
        settled();

        Instance changed = configure("{\"greeting\":\"bye\"}", 2L);

        assertThat(changed.revision()).isEqualTo(3);
        assertThat(settled().observed()).isEqualTo(Observed.STOPPED);
        assertThat(facts("instance.configure")).isEqualTo(1);
        host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ACTOR);
        settled();
        assertThat(health()).isEqualTo("acme/prod/main bye own-secret");
    }

    @Test
    void takesOverWhatAnEarlierReleaseSealedInTheRow() throws Exception {
        create("{\"greeting\":\"hello\"}");
        settled();
        host.stop();
        seal("old-secret");
        host = new TestHost(folder.resolve("data"), database, secrets);
        Instance failed = settled();
        assertThat(failed.observed()).isEqualTo(Observed.FAILED);
        Problem problem = failed.problem();
        assertThat(problem == null ? null : problem.code()).isEqualTo("secrets-unreadable");

        bringTheKeyOfThatRelease();
        host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ACTOR);
        assertThat(settled().observed()).isEqualTo(Observed.RUNNING);
        assertThat(health()).isEqualTo("acme/prod/main hello old-secret");
        assertThat(secrets.names(ACME)).containsExactly("instance/main/password");
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("select secrets from adapters.adapter_instance")) {
            assertThat(found.next()).isTrue();
            assertThat(found.getBytes(1)).isNull();
        }
    }

    @Test
    void keepsWhatAnEarlierReleaseSealedWhenTheConfigurationIsChangedFirst() throws Exception {
        create("{\"greeting\":\"hello\"}");
        settled();
        host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ACTOR);
        settled();
        seal("old-secret");
        bringTheKeyOfThatRelease();

        Instance changed = configure("{\"greeting\":\"bye\"}", 2L);

        assertThat(changed.configuration().text()).contains("bye", "instance/main/password");
        host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ACTOR);
        settled();
        assertThat(health()).isEqualTo("acme/prod/main bye old-secret");
    }

    /** Leaves the row as a release before secrets had names would have. */
    private void seal(String password) throws Exception {
        byte[] sealed = SealedSecretsTest.sealed(
                new InstanceKey(ACME, MAIN),
                ("{\"/password\":\"" + password + "\"}").getBytes(StandardCharsets.UTF_8),
                SealedSecretsTest.key(1));
        try (Connection connection = rows.connect();
                PreparedStatement update =
                        connection.prepareStatement("update adapters.adapter_instance set secrets = ?")) {
            update.setBytes(1, sealed);
            update.execute();
        }
    }

    private void bringTheKeyOfThatRelease() throws Exception {
        Path keys = Files.createDirectories(folder.resolve("data/keys"));
        Files.write(keys.resolve("instance-secrets.key"), SealedSecretsTest.key(1));
    }

    private void rotate(String value) {
        secrets.put(ACME, "shared", value);
        host.secretsChanged(ACME, MAIN);
    }

    private Instance create(String configuration) {
        return host.instances().create(ACME, MAIN, ECHO, new Json(configuration), ACTOR);
    }

    private Instance configure(String configuration, @Nullable Long revision) {
        return host.instances().configure(ACME, MAIN, new Json(configuration), revision, ACTOR);
    }

    private Binding binding() throws Exception {
        ServiceReference<?>[] found =
                host.framework.host.getServiceReferences((String) null, "(" + Binding.INSTANCE + "=main)");
        return (Binding) found[0].getProperty(Binding.BINDING);
    }

    private long facts(String action) throws Exception {
        try (Connection connection = rows.connect();
                PreparedStatement count =
                        connection.prepareStatement("select count(*) from store.fact where action = ?")) {
            count.setString(1, action);
            try (ResultSet found = count.executeQuery()) {
                found.next();
                return found.getLong(1);
            }
        }
    }

    private Instance settled() {
        return host.instances().await(ACME, MAIN, PATIENCE);
    }

    private String health() throws Exception {
        return ((Health.Degraded) host.find("(maestro.tenant=acme)").getLast().health()).reason();
    }

    private static Problem refused(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem();
    }
}
