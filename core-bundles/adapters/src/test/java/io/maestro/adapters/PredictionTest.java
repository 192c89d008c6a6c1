package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Plan;
import io.maestro.api.node.NodeSettings;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.SynchronousBundleListener;

/** What random acts do is what their plans said, and reaches no adapter but their own. */
class PredictionTest {
    private static final List<Scope> SCOPES = IntStream.range(0, Integer.getInteger("maestro.predictions.tenants", 2))
            .mapToObj(tenant -> Scope.of("tenant-" + tenant, "prod"))
            .toList();
    private static final List<String> ADAPTERS = IntStream.range(
                    0, Integer.getInteger("maestro.predictions.adapters", 2))
            .mapToObj(adapter -> "echo-" + adapter)
            .toList();
    private static final List<String> NAMES = List.of("one", "two");
    private static final List<String> VERSIONS = List.of("1.0.0", "1.1.0", "2.0.0");
    private static final Actor ADA = new Actor("user:ada", "request-1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ACTS = Integer.getInteger("maestro.predictions", 40);

    @TempDir
    Path folder;

    private final Set<String> touched = ConcurrentHashMap.newKeySet();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        MemorySecrets secrets = new MemorySecrets();
        host = new TestHost(folder.resolve("data"), database, secrets);
        for (String adapter : ADAPTERS) {
            for (String version : VERSIONS) {
                byte[] bytes = Files.readAllBytes(
                        EchoNode.working(adapter, version).write(Files.createTempFile(folder, "sample", ".jar")));
                var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
            }
        }
        // so that bundles are installed by what is done and not by their admission
        host.stop();
        host = new TestHost(folder.resolve("data"), database, secrets);
        SCOPES.forEach(scope -> host.tenants.others.add(scope.tenant()));
        // synchronous, so that no event is told after the act that it belongs to
        host.framework.host.addBundleListener((SynchronousBundleListener) event -> {
            if (Objects.toString(event.getBundle().getSymbolicName(), "").startsWith("echo-")) {
                touched.add(event.getBundle().getSymbolicName());
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    /** What is open, by instance. */
    private record Seen(Map<String, AdapterInstance> open, Set<String> bundles, Set<String> wanted) {}

    @Test
    void whatRandomActsDoIsWhatTheirPlansSaid() throws Exception {
        long seed = Long.getLong("maestro.predictions.seed", 20261127L);
        Random random = new Random(seed);
        int done = 0;
        while (done < ACTS) {
            InstanceAct act = act(random);
            Seen before = seen();
            Optional<Plan> plan = plan(act);
            if (plan.isPresent()) {
                touched.clear();
                var _ = host.acts().carryOut(act, plan.get().digest(), ADA);
                settle(act);
                assertThat(touched).as("act %d of seed %d: %s", done, seed, act).isSubsetOf(own(plan.get()));
                assertThat(observed(act, before, seen(), plan.get()))
                        .as("act %d of seed %d: %s", done, seed, act)
                        .isEqualTo(plan.get().effects());
                done++;
            }
        }
    }

    /** The adapter that a plan is about. */
    private static Set<String> own(Plan plan) {
        return Stream.of(Optional.ofNullable(plan.from()), Optional.ofNullable(plan.to()))
                .flatMap(Optional::stream)
                .map(definition -> definition.name().value())
                .collect(Collectors.toSet());
    }

    private Optional<Plan> plan(InstanceAct act) {
        try {
            return Optional.of(host.acts().plan(act, ADA));
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isIn("instance-unknown", "instance-exists", "rollback-impossible");
            return Optional.empty();
        }
    }

    private static InstanceAct act(Random random) {
        Scope scope = SCOPES.get(random.nextInt(SCOPES.size()));
        InstanceId id = new InstanceId(NAMES.get(random.nextInt(NAMES.size())));
        String adapter = ADAPTERS.get(random.nextInt(ADAPTERS.size()));
        String version = VERSIONS.get(random.nextInt(VERSIONS.size()));
        Json configuration = new Json("{\"greeting\":\"" + random.nextInt(3) + "\"}");
        return switch (random.nextInt(8)) {
            case 0, 1 -> new InstanceAct.Create(scope, id, DefinitionId.parse(adapter + "@" + version), configuration);
            case 2 -> new InstanceAct.Configure(scope, id, configuration, null);
            case 3, 4 -> new InstanceAct.Upgrade(scope, id, new AdapterVersion(version), null, null);
            case 5 -> new InstanceAct.Rollback(scope, id, null, null);
            case 6 -> new InstanceAct.Want(scope, id, random.nextBoolean() ? Wanted.RUNNING : Wanted.STOPPED, null);
            default -> new InstanceAct.Delete(scope, id, null);
        };
    }

    /** Until what is open is what is wanted, nothing that was replaced is open any more, and bundles without use have gone. */
    private void settle(InstanceAct act) {
        String key = act.scope() + "/" + act.instance();
        await().atMost(PATIENCE).untilAsserted(() -> {
            Optional<Instance> found = instance(act);
            if (found.isPresent()) {
                Instance now = found.get();
                assertThat(now.observed())
                        .isEqualTo(now.wanted() == Wanted.RUNNING ? Observed.RUNNING : Observed.STOPPED);
                assertThat(host.instances()
                                .await(act.scope(), act.instance(), PATIENCE)
                                .observed())
                        .isEqualTo(now.observed());
            }
            Seen seen = seen();
            assertThat(seen.open().containsKey(key))
                    .isEqualTo(found.isPresent() && found.get().wanted() == Wanted.RUNNING);
            assertThat(seen.bundles()).isEqualTo(seen.wanted());
        });
    }

    private Optional<Instance> instance(InstanceAct act) {
        try {
            return Optional.of(host.instances().instance(act.scope(), act.instance()));
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo("instance-unknown");
            return Optional.empty();
        }
    }

    @SuppressWarnings("ReferenceEquality") // whether it is another one
    private Plan.Effects observed(InstanceAct act, Seen before, Seen after, Plan plan) {
        List<String> opened = new ArrayList<>();
        List<String> closed = new ArrayList<>();
        List<String> switched = new ArrayList<>();
        Set<String> all = new TreeSet<>(before.open().keySet());
        all.addAll(after.open().keySet());
        for (String key : all) {
            AdapterInstance was = before.open().get(key);
            AdapterInstance is = after.open().get(key);
            if (was == null) {
                opened.add(key);
            } else if (is == null) {
                closed.add(key);
            } else if (was != is) {
                switched.add(key);
            }
        }
        List<String> installed = new ArrayList<>(after.bundles());
        installed.removeAll(before.bundles());
        List<String> removed = new ArrayList<>(before.bundles());
        removed.removeAll(after.bundles());
        Instance now = instance(act).orElse(null);
        assertThat(plan.to()).isEqualTo(now == null ? null : now.definition());
        Plan.ConfigurationChange change = plan.configuration();
        if (change != null && now != null) {
            assertThat(now.configuration()).isEqualTo(new Json(pretty(change.after())));
        }
        return new Plan.Effects(
                installed,
                removed,
                opened,
                closed,
                switched,
                List.of(act.scope().tenant().value()));
    }

    /** As PostgreSQL writes it. */
    private static String pretty(Json json) {
        return json.text().replace("\":\"", "\": \"");
    }

    private Seen seen() throws Exception {
        Map<String, AdapterInstance> open = new TreeMap<>();
        for (ServiceReference<AdapterInstance> reference :
                host.framework.host.getServiceReferences(AdapterInstance.class, "(maestro.instance=*)")) {
            AdapterInstance service = host.framework.host.getService(reference);
            if (service != null) {
                open.put(
                        reference.getProperty("maestro.tenant") + "/" + reference.getProperty("maestro.environment")
                                + "/" + reference.getProperty("maestro.instance"),
                        service);
            }
        }
        Set<String> bundles = new TreeSet<>();
        for (Bundle bundle : host.framework.host.getBundles()) {
            if (bundle.getSymbolicName() != null && bundle.getSymbolicName().startsWith("echo-")) {
                bundles.add(bundle.getSymbolicName() + "@" + bundle.getVersion());
            }
        }
        Set<String> wanted = database.<Set<String>>asPlatform(
                sql -> sql.fetch("select distinct adapter || '@' || version from adapters.adapter_instance"
                                + " where wanted = 'running'")
                        .intoSet(0, String.class));
        return new Seen(open, bundles, wanted);
    }
}
