package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs.Version;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Plan;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Reason;
import io.maestro.model.Actor;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Map<String, String> NETWORK =
            Map.of("1.0.0", "a.example.com", "1.1.0", "a.example.com,b.example.com", "2.0.0", "b.example.com");
    private static final Map<String, String> PACKAGES =
            Map.of("1.0.0", "", "1.1.0", "javax.net.ssl", "2.0.0", "javax.net.ssl,javax.crypto");
    private static final Actor ADA = new Actor("user:ada", "request-1");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int ACTS = Integer.getInteger("maestro.predictions", 40);

    @TempDir
    Path folder;

    /** The bundles of adapters of which something was told, by id. */
    private final Map<Long, String> touched = new ConcurrentHashMap<>();

    /** Those that had gone when the act began; the last that is told of them may come afterwards. */
    private final Set<Long> gone = new HashSet<>();

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
                byte[] bytes = Files.readAllBytes(EchoNode.working(adapter, version)
                        .header("X-Network", NETWORK.getOrDefault(version, ""))
                        .header("X-Packages", PACKAGES.getOrDefault(version, ""))
                        .write(Files.createTempFile(folder, "sample", ".jar")));
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
                touched.put(event.getBundle().getBundleId(), event.getBundle().getSymbolicName());
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
        int undone = 0;
        while (done < ACTS) {
            InstanceAct act = act(random);
            String which = "act " + done + " of seed " + seed + ": " + act;
            Seen before = seen();
            Optional<Instance> was = instance(act);
            Optional<Plan> planned = plan(act);
            if (planned.isEmpty()) {
                continue;
            }
            Plan plan = planned.get();
            if (random.nextInt(8) == 0) {
                isNotDoneWhenThePolicyHasSomethingAgainstIt(act, random.nextBoolean(), before, which);
            }
            long facts = lastFact();
            beginToListen();
            var _ = host.acts().carryOut(act, plan.digest(), ADA);
            settle(act);
            assertThat(told()).as(which).isSubsetOf(own(plan));
            observeAll(act, plan, was, before, facts, which);
            done++;
            if (plan.undo() != null && random.nextInt(3) == 0) {
                undo(act, plan, was, before, which);
                undone++;
            }
        }
        assertThat(undone).as("acts that were taken back").isPositive();
    }

    private void beginToListen() {
        gone.addAll(touched.keySet());
        for (Bundle bundle : host.framework.host.getBundles()) {
            gone.remove(bundle.getBundleId());
        }
        touched.clear();
    }

    private Set<String> told() {
        Map<Long, String> present = new HashMap<>(touched);
        present.keySet().removeAll(gone);
        return Set.copyOf(present.values());
    }

    /** Each field of the plan against what is there after the act. */
    private void observeAll(InstanceAct act, Plan plan, Optional<Instance> was, Seen before, long facts, String which)
            throws Exception {
        Optional<Instance> is = instance(act);
        assertThat(observed(act, before, seen())).as(which).isEqualTo(plan.effects());
        assertThat(plan.subject()).as(which).isEqualTo(act.scope() + "/" + act.instance());
        assertThat(plan.from())
                .as(which)
                .isEqualTo(was.map(Instance::definition).orElse(null));
        assertThat(plan.to()).as(which).isEqualTo(is.map(Instance::definition).orElse(null));
        // what changes nothing leaves no receipt
        lastAction(facts)
                .ifPresent(action -> assertThat(plan.action()).as(which).isEqualTo(action));
        assertThat(plan.permissions()).as(which).isEqualTo(permissions(was, is));
        assertThat(plan.policy()).as(which).isEqualTo(new Plan.Policy(Outcome.ALLOW, List.of(), List.of()));
        Plan.ConfigurationChange change = plan.configuration();
        Json left = was.map(Instance::configuration).orElse(null);
        Json has = is.map(Instance::configuration).orElse(null);
        if (change == null) {
            assertThat(is.isEmpty() || has == null || has.equals(left))
                    .as(which)
                    .isTrue();
        } else {
            assertThat(has).as(which).isEqualTo(new Json(pretty(change.after())));
            Json stated = change.before();
            assertThat(stated == null ? null : pretty(stated)).as(which).isEqualTo(left == null ? null : pretty(left));
            assertThat(change.steps()).as(which).isEmpty();
        }
        for (String note : plan.notes()) {
            check(note, act, is, which);
        }
    }

    private void check(String note, InstanceAct act, Optional<Instance> is, String which) {
        Matcher numbered = Pattern.compile("The configuration is the one of version (\\d+)\\.")
                .matcher(note);
        if (numbered.matches()) {
            Version source = host.acts().versions(act.scope(), act.instance(), PageRequest.first()).items().stream()
                    .filter(version -> version.number() == Long.parseLong(numbered.group(1)))
                    .findFirst()
                    .orElseThrow();
            assertThat(is.orElseThrow().configuration()).as(which).isEqualTo(source.configuration());
            assertThat(is.orElseThrow().definition()).as(which).isEqualTo(source.definition());
        } else {
            assertThat(note)
                    .as(which)
                    .isEqualTo("Its folder, its versions and the secrets that are its own go with it.");
            assertThatThrownBy(() -> host.acts().versions(act.scope(), act.instance(), PageRequest.first()))
                    .as(which)
                    .isInstanceOf(ProblemException.class);
        }
    }

    /** The plan says what the policy has against it, and the act then fails for that and leaves everything as it was. */
    private void isNotDoneWhenThePolicyHasSomethingAgainstIt(
            InstanceAct act, boolean approval, Seen before, String which) throws Exception {
        Reason reason = new Reason(
                approval ? Reason.Kind.APPROVAL : Reason.Kind.DENY,
                "R-TEST-01",
                "A rule",
                "it is not so",
                Json.EMPTY_OBJECT,
                null,
                "low",
                Mode.ENFORCE,
                "maestro");
        Outcome outcome = approval ? Outcome.APPROVAL : Outcome.DENY;
        host.policy.answer.set(new Decision(AskedPolicy.ID, outcome, List.of(reason)));
        try {
            Plan plan = host.acts().plan(act, ADA);
            assertThat(plan.policy())
                    .as(which)
                    .isEqualTo(new Plan.Policy(outcome, List.of(reason), approval ? List.of("R-TEST-01") : List.of()));
            Optional<Instance> was = instance(act);
            assertThatThrownBy(() -> host.acts().carryOut(act, plan.digest(), ADA))
                    .as(which)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().code())
                                    .isEqualTo(approval ? "approval-required" : "policy-denied"));
            assertThat(instance(act)).as(which).isEqualTo(was);
            assertThat(seen().open()).as(which).isEqualTo(before.open());
            assertThat(seen().bundles()).as(which).isEqualTo(before.bundles());
        } finally {
            host.policy.answer.set(null);
        }
    }

    /** Takes the act back as the plan says that it can be, and looks whether all is as it was. */
    private void undo(InstanceAct act, Plan plan, Optional<Instance> was, Seen before, String which) throws Exception {
        Plan.Undo undo = Objects.requireNonNull(plan.undo());
        InstanceAct back = act(undo.command(), act);
        assertThat(host.acts().plan(back, ADA).action()).as(which).isEqualTo(undo.action());
        var _ = host.acts().carryOut(back, null, ADA);
        settle(back);
        Optional<Instance> is = instance(act);
        assertThat(is.map(Instance::definition)).as(which).isEqualTo(was.map(Instance::definition));
        assertThat(is.map(Instance::configuration).map(PredictionTest::pretty))
                .as(which)
                .isEqualTo(was.map(Instance::configuration).map(PredictionTest::pretty));
        assertThat(is.map(Instance::wanted)).as(which).isEqualTo(was.map(Instance::wanted));
        assertThat(seen().open().keySet()).as(which).isEqualTo(before.open().keySet());
        assertThat(seen().bundles()).as(which).isEqualTo(before.bundles());
    }

    /** What the command line would do. */
    private static InstanceAct act(String command, InstanceAct of) {
        Matcher parts = Pattern.compile("(?:printf %s '(?<json>.*)' \\| )?maestro instance (?<verb>\\w+) --tenant "
                        + of.scope().tenant() + " --environment " + of.scope().environment() + " " + of.instance()
                        + "(?: --to (?<to>\\S+))?(?: --config -)?")
                .matcher(command);
        assertThat(parts.matches()).as(command).isTrue();
        String json = parts.group("json");
        Json configuration = json == null ? null : new Json(json);
        String to = parts.group("to");
        AdapterVersion version = to == null ? null : new AdapterVersion(to);
        return switch (parts.group("verb")) {
            case "delete" -> new InstanceAct.Delete(of.scope(), of.instance(), null);
            case "start" -> new InstanceAct.Want(of.scope(), of.instance(), Wanted.RUNNING, null);
            case "stop" -> new InstanceAct.Want(of.scope(), of.instance(), Wanted.STOPPED, null);
            case "configure" ->
                new InstanceAct.Configure(of.scope(), of.instance(), Objects.requireNonNull(configuration), null);
            case "upgrade" ->
                new InstanceAct.Upgrade(
                        of.scope(), of.instance(), Objects.requireNonNull(version), configuration, null);
            case "rollback" -> new InstanceAct.Rollback(of.scope(), of.instance(), version, null);
            default -> throw new AssertionError(command);
        };
    }

    /** What the instance may do after that it could not before, as the definitions that it is of say. */
    private Plan.Permissions permissions(Optional<Instance> was, Optional<Instance> is) {
        Set<String> before = new TreeSet<>();
        Set<String> after = new TreeSet<>();
        Set<String> importsBefore = new TreeSet<>();
        Set<String> importsAfter = new TreeSet<>();
        was.ifPresent(one -> rights(one, before, importsBefore));
        is.ifPresent(one -> rights(one, after, importsAfter));
        return new Plan.Permissions(
                without(after, before),
                without(before, after),
                without(importsAfter, importsBefore),
                without(importsBefore, importsAfter));
    }

    private static void rights(Instance instance, Set<String> rights, Set<String> imports) {
        String version = instance.definition().version().value();
        rights.add("files");
        Stream.of(NETWORK.getOrDefault(version, "").split(",", -1)).forEach(host -> rights.add("network:" + host));
        Stream.of(PACKAGES.getOrDefault(version, "").split(",", -1))
                .filter(name -> !name.isEmpty())
                .forEach(imports::add);
    }

    private static List<String> without(Set<String> all, Set<String> others) {
        List<String> left = new ArrayList<>(all);
        left.removeAll(others);
        return left;
    }

    private long lastFact() {
        return database.<Long>asPlatform(sql -> sql.fetchSingle("select coalesce(max(position), 0) from store.fact")
                .get(0, Long.class));
    }

    /** What the receipt of what was done since will name it; empty when there is none. */
    private Optional<String> lastAction(long since) {
        return database.asPlatform(
                sql -> sql.fetch("select action from store.fact where position > ? order by position", since).stream()
                        .map(row -> row.get(0, String.class))
                        .findFirst());
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
    private static Plan.Effects observed(InstanceAct act, Seen before, Seen after) {
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
