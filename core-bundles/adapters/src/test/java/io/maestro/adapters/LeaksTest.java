package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.LeakyFactory;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Leaks.Holder;
import io.maestro.api.adapters.Leaks.Kind;
import io.maestro.api.adapters.Leaks.Leak;
import io.maestro.api.adapters.Leaks.State;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.logging.Handler;
import java.util.logging.Logger;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bundles go when nobody uses them, and so do their classes; what holds these is named. */
class LeaksTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Actor ADA = Actor.system("test");
    private static final int CYCLES = Boolean.getBoolean("maestro.full") ? 200 : 10;

    /** What each seeded leak is to be found as. */
    private static final Map<Kind, String> SEEDED = new EnumMap<>(Map.ofEntries(
            Map.entry(Kind.THREAD, "thread leaked-thread"),
            Map.entry(Kind.THREAD_LOCAL, "thread pool-of-the-host"),
            Map.entry(Kind.CONTEXT_CLASS_LOADER, "thread pool-of-the-host"),
            Map.entry(Kind.SHUTDOWN_HOOK, "shutdown hook leaked-hook"),
            Map.entry(Kind.MANAGEMENT_BEAN, LeakyFactory.BEAN),
            Map.entry(Kind.DRIVER, "java.sql.DriverManager"),
            Map.entry(Kind.TIMER, "thread leaked-timer"),
            Map.entry(Kind.EXECUTOR, "thread leaked-executor"),
            Map.entry(Kind.LISTENER, "a listener of the framework"),
            Map.entry(Kind.SERVICE, "a service in the framework's registry"),
            Map.entry(Kind.LOGGING, "the loggers"),
            Map.entry(Kind.PROCESS_WIDE, "the system properties")));

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private final ExecutorService pool = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("pool-of-the-host").factory());
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = new TestHost(
                folder.resolve("data"),
                database,
                secrets,
                "test",
                new Host.Pace(
                        Duration.ofSeconds(10),
                        Opener.Limits.USUAL,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(1),
                        Probes.Pace.USUAL,
                        Duration.ofMinutes(5),
                        new LoaderWatch.Pace(
                                Duration.ofMillis(50),
                                Duration.ofMillis(300),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(1)),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30)));
        System.setProperty(LeakyFactory.LEAKING, "true");
        System.getProperties().put(LeakyFactory.POOL, pool);
        System.getProperties().put(LeakyFactory.CONTEXT, host.framework.host);
    }

    @AfterEach
    void stop() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
        pool.shutdownNow();
        for (String property : List.of(LeakyFactory.LEAKING, LeakyFactory.POOL, LeakyFactory.CONTEXT, "samples.held")) {
            System.getProperties().remove(property);
        }
        for (Handler handler : Logger.getLogger("").getHandlers()) {
            if (handler.getClass().getName().contains("LeakyHandler")) {
                Logger.getLogger("").removeHandler(handler);
            }
        }
        ObjectName bean = new ObjectName(LeakyFactory.BEAN);
        if (ManagementFactory.getPlatformMBeanServer().isRegistered(bean)) {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(bean);
        }
    }

    @Test
    void takesTheBundleOutWithItsLastInstanceAndBringsItBackWithTheNext() throws Exception {
        DefinitionId echo = admit("echo", "1.0.0", EchoFactory.class);
        open("one", echo, "{}");
        open("two", echo, "{}");

        host.instances().delete(ACME, new InstanceId("one"), null, ADA);
        await().atMost(PATIENCE).until(() -> host.find("(maestro.instance=one)").isEmpty());
        assertThat(adapters()).as("another instance is open").isEqualTo(1);
        delete("two");
        await().atMost(PATIENCE).until(() -> adapters() == 0);

        open("three", echo, "{}");
        assertThat(adapters()).isEqualTo(1);
    }

    @Test
    void keepsTheBundleOfAnInstanceThatIsTriedAgain() throws Exception {
        DefinitionId echo = admit("echo", "1.0.0", EchoFactory.class);
        create("bad", echo, "{\"behaviour\":\"throw\"}");
        assertThat(host.instances().await(ACME, new InstanceId("bad"), PATIENCE).observed())
                .isEqualTo(Observed.FAILED);
        long bundle = adapterBundle();
        open("good", echo, "{}");
        delete("good");
        assertThat(adapterBundle()).isEqualTo(bundle);

        delete("bad");
        await().atMost(PATIENCE).until(() -> adapters() == 0);
    }

    @Test
    void leavesNoClassesOfAnAdapterThatBehaves() throws Exception {
        DefinitionId echo = admit("echo", "1.0.0", EchoFactory.class);
        // what is loaded once for all is no growth
        for (int i = 0; i <= CYCLES / 4; i++) {
            cycle(echo);
        }
        await().atMost(PATIENCE).until(() -> host.leaks().leaks().isEmpty());
        long before = metaspace();
        for (int i = 0; i < CYCLES; i++) {
            cycle(echo);
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(host.leaks().leaks()).isEmpty());
        long after = metaspace();
        System.getLogger(LeaksTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "metaspace after " + CYCLES + " cycles: " + before + " to " + after + " bytes");
        assertThat(host.metrics()).contains("mc_adapter_loaders_held 0");
        assertThat((double) after)
                .as("bytes of classes after " + CYCLES + " cycles")
                .isLessThan(before * 1.05);
    }

    @Test
    void namesWhatHoldsTheClassesOfAnAdapterThatLeaks() throws Exception {
        int number = 0;
        Map<Kind, DefinitionId> versions = new EnumMap<>(Kind.class);
        for (Kind kind : SEEDED.keySet()) {
            DefinitionId version = admit("leaky", "1.0." + number++, LeakyFactory.class);
            versions.put(kind, version);
            String behaviour = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
            open(behaviour, version, "{\"behaviour\":\"" + behaviour + "\"}");
            delete(behaviour);
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(held()).containsAll(versions.values()));
        versions.forEach((kind, version) -> {
            Leak leak = host.leaks().leaks(version).getFirst();
            assertThat(leak.holders())
                    .as(kind.toString())
                    .extracting(Holder::kind, Holder::name)
                    .contains(org.assertj.core.groups.Tuple.tuple(kind, SEEDED.get(kind)));
            assertThat(leak.holders())
                    .as(kind + " alone")
                    .extracting(Holder::kind)
                    .containsOnly(kind);
            assertThat(leak.holders().getFirst().rule().sentence()).endsWith(".");
        });
        assertThat(host.metrics()).contains("mc_adapter_loaders_held " + SEEDED.size());
    }

    private List<DefinitionId> held() {
        return host.leaks().leaks().stream()
                .filter(leak -> leak.state() == State.HELD)
                .map(Leak::definition)
                .toList();
    }

    private void cycle(DefinitionId definition) {
        open("main", definition, "{\"greeting\":\"hello\"}");
        delete("main");
        await().atMost(PATIENCE).until(() -> adapters() == 0);
    }

    private void open(String instance, DefinitionId definition, String configuration) {
        create(instance, definition, configuration);
        assertThat(host.instances()
                        .await(ACME, new InstanceId(instance), PATIENCE)
                        .observed())
                .isEqualTo(Observed.RUNNING);
    }

    private void create(String instance, DefinitionId definition, String configuration) {
        var _ = host.instances().create(ACME, new InstanceId(instance), definition, new Json(configuration), ADA);
    }

    private void delete(String instance) {
        host.instances().delete(ACME, new InstanceId(instance), null, ADA);
    }

    private long adapters() {
        return Arrays.stream(host.framework.host.getBundles())
                .filter(host.framework.adapters::contains)
                .count();
    }

    private long adapterBundle() {
        return Arrays.stream(host.framework.host.getBundles())
                .filter(host.framework.adapters::contains)
                .findFirst()
                .orElseThrow()
                .getBundleId();
    }

    private static long metaspace() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().equals("Metaspace"))
                .map(MemoryPoolMXBean::getUsage)
                .findFirst()
                .orElseThrow()
                .getUsed();
    }

    private DefinitionId admit(String name, String version, Class<?> factory) throws Exception {
        SampleBundle bundle =
                new SampleBundle(name, version).factory(factory).with(EchoStorage.class, EchoStorage.Settings.class);
        if (factory == LeakyFactory.class) {
            bundle.with(LeakyFactory.class.getDeclaredClasses());
        } else {
            bundle.with(TakingStorage.class);
        }
        Path file = bundle.write(Files.createTempFile(folder, "sample", ".jar"));
        return host.definitions()
                .admit(new ByteArrayInputStream(Files.readAllBytes(file)), "upload", ADA)
                .definition()
                .id();
    }
}
