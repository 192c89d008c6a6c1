package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.adapters.tables.adapters.Tables;
import io.maestro.api.adapters.Drifts.Drift;
import io.maestro.api.adapters.Drifts.Kind;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wanted against what each node says, on two nodes and one database. */
class DriftTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Scope GLOBEX = Scope.of("globex", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final DefinitionId ECHO = DefinitionId.parse("echo@1.0.0");
    private static final Actor ADA = Actor.system("test");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private TestDatabase rows;
    private PostgresDatabase database;
    private PostgresDatabase otherDatabase;
    private TestHost one;
    private @Nullable TestHost other;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database = open();
        otherDatabase = open();
        one = node("one", database);
        other = node("other", otherDatabase);
    }

    private PostgresDatabase open() {
        return PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
    }

    private TestHost node(String name, PostgresDatabase on) throws Exception {
        return new TestHost(
                folder.resolve(name),
                on,
                secrets,
                name,
                new Host.Pace(
                        Duration.ofSeconds(10),
                        Opener.Limits.USUAL,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofSeconds(1),
                        Probes.Pace.USUAL,
                        Duration.ofMinutes(5),
                        LoaderWatch.Pace.USUAL,
                        Duration.ofMillis(200),
                        Duration.ofSeconds(3)));
    }

    @AfterEach
    void stop() throws Exception {
        one.stop();
        if (other != null) {
            other.stop();
        }
        otherDatabase.close();
        database.close();
        TestPostgres.drop(rows);
    }

    @Test
    void saysNothingWhenAllNodesDoWhatIsWanted() throws Exception {
        admit(one);
        admit(other());
        create(ACME, "{}");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(drifts()).isEmpty());
        assertThat(other().find("(maestro.tenant=acme)")).hasSize(1);
        one.instances().want(ACME, MAIN, Wanted.STOPPED, null, ADA);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(drifts()).isEmpty());
    }

    @Test
    void namesTheNodeThatCannotDoWhatIsWantedAndWhy() throws Exception {
        admit(one);
        // the other node has no file, and nowhere to fetch it from
        var _ = database.<Integer>noteAsPlatform(
                sql -> sql.deleteFrom(Tables.ARTIFACT_PART).execute());
        create(ACME, "{}");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(drifts()).singleElement().satisfies(drift -> {
                    assertThat(drift.node()).isEqualTo("other");
                    assertThat(drift.scope()).isEqualTo(ACME);
                    assertThat(drift.instance()).isEqualTo(MAIN);
                    assertThat(drift.kind()).isEqualTo(Kind.DIFFERENT);
                    assertThat(drift.wanted()).isEqualTo(Wanted.RUNNING);
                    assertThat(drift.observed()).isEqualTo(Observed.FAILED);
                    assertThat(Objects.requireNonNull(drift.problem()).code()).isEqualTo("artifact-lost");
                    assertThat(drift.age()).isGreaterThanOrEqualTo(Duration.ZERO);
                }));
        assertThat(one.drifts().drifts(ACME.tenant(), PageRequest.first()).items())
                .hasSize(1);
        assertThat(one.drifts().drifts(GLOBEX.tenant(), PageRequest.first()).items())
                .isEmpty();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(one.metrics()).contains("mc_drifting_instances 1\n"));
    }

    @Test
    void seesThatANodeGoesOnAsBeforeAChangeThatItCannotMake() throws Exception {
        admit(one);
        admit(other());
        create(ACME, "{}");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(drifts()).isEmpty());

        one.instances().configure(ACME, MAIN, new Json("{\"behaviour\":\"refuse\"}"), null, ADA);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(drifts())
                        .extracting(Drift::node, Drift::kind, Drift::observed)
                        .containsExactly(
                                org.assertj.core.groups.Tuple.tuple("one", Kind.UNCHANGED, Observed.RUNNING),
                                org.assertj.core.groups.Tuple.tuple("other", Kind.UNCHANGED, Observed.RUNNING)));
    }

    @Test
    void believesNothingOfANodeThatDoesNotReachTheDatabase() throws Exception {
        admit(one);
        admit(other());
        create(ACME, "{}");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(drifts()).isEmpty());

        otherDatabase.close();

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(drifts()).singleElement().satisfies(drift -> {
                    assertThat(drift.node()).isEqualTo("other");
                    assertThat(drift.kind()).isEqualTo(Kind.UNKNOWN);
                    assertThat(drift.observed()).isNull();
                    assertThat(drift.seenRevision()).isNull();
                    assertThat(drift.age()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
                }));
        assertThat(one.instances().instance(ACME, MAIN).observed()).isEqualTo(Observed.RUNNING);
    }

    @Test
    void expectsNothingOfANodeThatHasLeft() throws Exception {
        admit(one);
        create(ACME, "{}");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(drifts()).hasSize(1));

        other().stop();
        other = null;

        assertThat(drifts()).isEmpty();
    }

    @Test
    void listsDriftsInPages() throws Exception {
        admit(one);
        create(ACME, "{}");
        create(GLOBEX, "{}");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(drifts()).hasSize(2));

        List<Scope> found = new ArrayList<>();
        String cursor = null;
        do {
            Page<Drift> page = one.drifts().drifts(null, new PageRequest(1, cursor));
            page.items().forEach(drift -> found.add(drift.scope()));
            cursor = page.next();
        } while (cursor != null);

        assertThat(found).containsExactly(ACME, GLOBEX);
    }

    private TestHost other() {
        return Objects.requireNonNull(other);
    }

    private List<Drift> drifts() {
        return one.drifts().drifts(null, PageRequest.first()).items();
    }

    private void create(Scope scope, String configuration) {
        var _ = one.instances().create(scope, MAIN, ECHO, new Json(configuration), ADA);
    }

    private void admit(TestHost node) throws Exception {
        Path file = new SampleBundle("echo", "1.0.0")
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class)
                .write(Files.createTempFile(folder, "sample", ".jar"));
        var _ = node.definitions().admit(new ByteArrayInputStream(Files.readAllBytes(file)), "upload", ADA);
    }
}
