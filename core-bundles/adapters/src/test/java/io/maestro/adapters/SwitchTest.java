package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.samples.WorkingStorage;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Calls.Download;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
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
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under load, an instance goes to another version and back without losing or doubling a call; by stopping it, it loses some. */
class SwitchTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Scope GLOBEX = Scope.of("globex", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final Actor ADA = new Actor("user:ada", "request-1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MOVES = Integer.getInteger("maestro.switch.moves", 6);
    private static final int[] DURATIONS = {1, 1, 5, 20, 20, 100, 400};

    @TempDir
    Path folder;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Queue<String> made = new ConcurrentLinkedQueue<>();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicBoolean calling = new AtomicBoolean(true);
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = new TestHost(folder.resolve("data"), database, new MemorySecrets());
        admit("1.0.0");
        admit("1.1.0");
        for (Scope scope : List.of(ACME, GLOBEX)) {
            host.instances().create(scope, MAIN, DefinitionId.parse("echo@1.0.0"), Json.EMPTY_OBJECT, ADA);
            assertThat(host.instances().await(scope, MAIN, PATIENCE).observed()).isEqualTo(Observed.RUNNING);
        }
    }

    @AfterEach
    void stop() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
        made.forEach(call -> System.clearProperty(WorkingStorage.CALLED + call));
    }

    @Test
    void losesAndDoublesNoCallAndNoStream() {
        underLoad(() -> {
            for (int i = 0; i < MOVES; i++) {
                for (Scope scope : List.of(ACME, GLOBEX)) {
                    InstanceAct act = i % 2 == 0
                            ? new InstanceAct.Upgrade(scope, MAIN, new AdapterVersion("1.1.0"), null, null)
                            : new InstanceAct.Rollback(scope, MAIN, null, null);
                    assertThat(host.acts().carryOut(act, null, ADA)).isPresent();
                }
            }
        });

        assertThat(failures).isEmpty();
        assertThat(streams).hasPositiveValue();
        assertThat(made)
                .hasSizeGreaterThan(MOVES * 10)
                .allSatisfy(call -> assertThat(System.getProperty(WorkingStorage.CALLED + call))
                        .isEqualTo("1"));
    }

    /**
     * What a new version loads, resolves and starts computes for a while, on as many threads as instances move. A call that
     * waited for a processor meanwhile would keep its place, and those behind it would find none.
     */
    @Test
    void callsGoOnWhileNewVersionsTakeAllProcessorsToOpen() throws Exception {
        host.stop();
        AtomicInteger opening = new AtomicInteger();
        AtomicBoolean answered = new AtomicBoolean();
        host = new TestHost(folder.resolve("data"), database, new MemorySecrets(), step -> {
            if (step.equals("opened")) {
                opening.incrementAndGet();
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (!answered.get() && System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
            }
        });
        int instances = Runtime.getRuntime().availableProcessors() + 1;
        List<InstanceId> names = IntStream.range(0, instances)
                .mapToObj(name -> new InstanceId("more-" + name))
                .toList();
        for (InstanceId name : names) {
            host.instances().create(ACME, name, DefinitionId.parse("echo@1.0.0"), Json.EMPTY_OBJECT, ADA);
            assertThat(host.instances().await(ACME, name, PATIENCE).observed()).isEqualTo(Observed.RUNNING);
        }
        host.instances().await(ACME, MAIN, PATIENCE);
        try (ExecutorService acts =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            for (InstanceId name : names) {
                acts.execute(() -> host.acts()
                        .carryOut(
                                new InstanceAct.Upgrade(ACME, name, new AdapterVersion("1.1.0"), null, null),
                                null,
                                ADA));
            }
            await().atMost(PATIENCE).until(() -> opening.get() == instances);
            Duration patience = Duration.ofSeconds(10);
            CallOptions options = new CallOptions("test", "c", null, patience);
            for (int i = 0; i < 2 * GuardSettings.USUAL.concurrent(); i++) {
                byte[] answer =
                        host.calls().call(ACME, MAIN, new OperationName("list"), bytes("{\"prefix\":\"0\"}"), options);
                assertThat(answer).isNotEmpty();
            }
            answered.set(true);
        }
    }

    /** The same load and the same check, so that the other test is known to see what is lost. */
    @Test
    void losesCallsWhenItIsStoppedInstead() {
        underLoad(() -> {
            for (int i = 0; i < 2; i++) {
                host.instances().want(ACME, MAIN, Wanted.STOPPED, null, ADA);
                host.instances().await(ACME, MAIN, PATIENCE);
                host.instances().want(ACME, MAIN, Wanted.RUNNING, null, ADA);
                host.instances().await(ACME, MAIN, PATIENCE);
            }
        });
        assertThat(failures).isNotEmpty();
    }

    private void underLoad(Runnable work) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Scope scope : List.of(ACME, GLOBEX)) {
                for (int caller = 0; caller < 6; caller++) {
                    callers.execute(() -> calls(scope));
                }
                callers.execute(() -> streams(scope));
            }
            try {
                work.run();
            } finally {
                calling.set(false);
            }
        }
    }

    private void calls(Scope scope) {
        while (calling.get()) {
            int mine = number.incrementAndGet();
            String name = scope.tenant() + "." + mine;
            made.add(name);
            String input = "{\"prefix\":\"" + DURATIONS[mine % DURATIONS.length] + "-" + name + "\"}";
            try {
                var _ = host.calls().call(scope, MAIN, new OperationName("list"), bytes(input), options());
            } catch (RuntimeException e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private void streams(Scope scope) {
        while (calling.get()) {
            try (Download download = host.calls()
                    .download(scope, MAIN, new OperationName("get_object"), bytes("{\"key\":\"k\"}"), options())) {
                if (download.content().readAllBytes().length != 10) {
                    failures.add("a stream broke off");
                }
                streams.incrementAndGet();
            } catch (Exception e) {
                failures.add(String.valueOf(e.getMessage()));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static CallOptions options() {
        return new CallOptions("test", "c", null, null);
    }

    private void admit(String version) throws Exception {
        byte[] bytes = Files.readAllBytes(
                SampleBundle.working(version, version).write(Files.createTempFile(folder, "sample", ".jar")));
        var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
    }
}
