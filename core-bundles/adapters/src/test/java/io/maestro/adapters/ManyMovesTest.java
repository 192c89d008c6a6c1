package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.InstanceAct.Upgrade;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.Actor;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.ProblemException;
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
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When more instances of one adapter move than may at once, neither other adapters nor those that wait are held up by it. */
@Timeout(300)
class ManyMovesTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId OTHER = new InstanceId("other");
    private static final Actor ADA = new Actor("user:ada", "request-1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** As many as one adapter may have, and two that wait. */
    private static final int PLACES = 96;

    @TempDir
    Path folder;

    private final AtomicInteger held = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = new TestHost(folder.resolve("data"), database, new MemorySecrets(), this::holdTheFirst);
        for (String version : List.of("1.0.0", "1.1.0")) {
            admit(SampleBundle.working(version, version));
            admit(SampleBundle.working("other", version, version));
        }
    }

    @AfterEach
    void stop() throws Exception {
        go.countDown();
        callers.close();
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    private void holdTheFirst(String step) {
        if (step.equals("opened") && held.incrementAndGet() <= PLACES) {
            try {
                go.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void theyLeavePlacesToOthersAndWhatIsWantedOfThoseThatWaitIsDone() {
        List<InstanceId> all = new ArrayList<>();
        for (int i = 0; i < PLACES + 2; i++) {
            all.add(new InstanceId("echo-" + i));
            create(all.getLast(), "echo@1.0.0");
        }
        create(OTHER, "other@1.0.0");
        all.forEach(this::awaitRunning);
        awaitRunning(OTHER);
        List<CompletableFuture<Void>> moves = new ArrayList<>();
        all.subList(0, PLACES).forEach(one -> moves.add(upgrade(one)));
        await().atMost(PATIENCE).until(() -> held.get() == PLACES);
        InstanceId stopped = all.get(PLACES);
        InstanceId deleted = all.get(PLACES + 1);
        CompletableFuture<Void> moveOfStopped = upgrade(stopped);
        CompletableFuture<Void> moveOfDeleted = upgrade(deleted);

        await().atMost(PATIENCE)
                .until(() ->
                        Collections.frequency(host.policy.entryPoints(), EntryPoint.ADAPTER_UPGRADE) == PLACES + 2);

        upgrade(OTHER).join();
        assertThat(version(OTHER)).isEqualTo("1.1.0");

        var _ = host.instances().want(ACME, stopped, Wanted.STOPPED, null, ADA);
        assertThat(host.instances().await(ACME, stopped, PATIENCE).observed()).isEqualTo(Observed.STOPPED);
        host.instances().delete(ACME, deleted, null, ADA);
        assertThatThrownBy(moveOfDeleted::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused ->
                                assertThat(refused.problem().code()).isEqualTo(AdapterProblem.INSTANCE_UNKNOWN.code()));
        assertThat(held.get()).as("those that were held, and the other").isEqualTo(PLACES + 1);

        go.countDown();
        moves.forEach(CompletableFuture::join);
        all.subList(0, PLACES).forEach(one -> assertThat(version(one)).isEqualTo("1.1.0"));
        assertThat(moveOfStopped.handle((done, failure) -> "ended").join()).isEqualTo("ended");
        assertThat(host.instances().instance(ACME, stopped).wanted()).isEqualTo(Wanted.STOPPED);
        await().atMost(PATIENCE)
                .until(() -> host.instances().instance(ACME, stopped).observed() == Observed.STOPPED);
    }

    private void create(InstanceId instance, String definition) {
        var _ = host.instances().create(ACME, instance, DefinitionId.parse(definition), Json.EMPTY_OBJECT, ADA);
    }

    private void awaitRunning(InstanceId instance) {
        Instance now = host.instances().await(ACME, instance, PATIENCE);
        assertThat(now.observed()).isEqualTo(Observed.RUNNING);
    }

    private String version(InstanceId instance) {
        return host.instances().instance(ACME, instance).definition().version().toString();
    }

    private CompletableFuture<Void> upgrade(InstanceId instance) {
        Upgrade act = new Upgrade(ACME, instance, new AdapterVersion("1.1.0"), null, null);
        return CompletableFuture.runAsync(
                () -> {
                    var _ = host.acts().carryOut(act, null, ADA);
                },
                callers);
    }

    private void admit(SampleBundle bundle) throws Exception {
        byte[] bytes = Files.readAllBytes(bundle.write(Files.createTempFile(folder, "sample", ".jar")));
        var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
    }
}
