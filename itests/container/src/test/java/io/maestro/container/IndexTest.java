package io.maestro.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import javax.inject.Inject;
import org.awaitility.Awaitility;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/** The index by which calls find their instance says what the service filter says, whatever was done before. */
@RunWith(PaxExam.class)
public class IndexTest {
    private static final List<Scope> SCOPES =
            List.of(Scope.of("acme", "dev"), Scope.of("acme", "prod"), Scope.of("globex", "prod"));
    private static final List<String> NAMES = List.of("one", "two", "three");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @Inject
    private BundleContext context;

    private Node node;

    @Configuration
    public Option[] framework() {
        return Distribution.upTo(3, IndexTest.class);
    }

    @Before
    public void start() throws IOException, InterruptedException {
        node = Node.in(context);
    }

    @Test
    public void callsFindExactlyWhatTheFilterFinds() throws IOException {
        List<DefinitionId> versions = List.of(
                node.install(node.forge.good("indexed", "1.0.0")), node.install(node.forge.good("indexed", "2.0.0")));
        Map<Scope, Map<String, Wanted>> wanted = new HashMap<>();
        for (int seed = 1; seed <= 4; seed++) {
            Random random = new Random(seed);
            for (int step = 0; step < 25; step++) {
                Scope scope = SCOPES.get(random.nextInt(SCOPES.size()));
                String name = NAMES.get(random.nextInt(NAMES.size()));
                act(
                        scope,
                        name,
                        versions.get(random.nextInt(2)),
                        random,
                        wanted.computeIfAbsent(scope, any -> new HashMap<>()));
            }
            settle(wanted);
            compare("seed " + seed, wanted);
        }
    }

    /** Creates what is not there; stops, starts or deletes what is. */
    private void act(Scope scope, String name, DefinitionId version, Random random, Map<String, Wanted> wanted) {
        InstanceId id = new InstanceId(name);
        if (!exists(scope, id)) {
            node.instances.create(scope, id, version, Node.CONFIGURATION, Node.ADMIN);
            wanted.put(name, Wanted.RUNNING);
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> {
                node.instances.delete(scope, id, null, Node.ADMIN);
                wanted.remove(name);
            }
            case 1 -> {
                node.instances.want(scope, id, Wanted.STOPPED, null, Node.ADMIN);
                wanted.put(name, Wanted.STOPPED);
            }
            default -> {
                node.instances.want(scope, id, Wanted.RUNNING, null, Node.ADMIN);
                wanted.put(name, Wanted.RUNNING);
            }
        }
    }

    private boolean exists(Scope scope, InstanceId id) {
        try {
            node.instances.instance(scope, id);
            return true;
        } catch (ProblemException e) {
            assertThat(e.problem().code()).isEqualTo("instance-unknown");
            return false;
        }
    }

    private void settle(Map<Scope, Map<String, Wanted>> wanted) {
        wanted.forEach((scope, names) ->
                names.keySet().forEach(name -> node.instances.await(scope, new InstanceId(name), PATIENCE)));
        long running = wanted.values().stream()
                .flatMap(names -> names.values().stream())
                .filter(Wanted.RUNNING::equals)
                .count();
        // what was deleted may still be closing
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> node.services("(maestro.instance=*)").size() == running);
    }

    private void compare(String seed, Map<Scope, Map<String, Wanted>> wanted) throws IOException {
        Set<String> stored = new HashSet<>();
        for (Scope scope : SCOPES) {
            for (String name : NAMES) {
                InstanceId id = new InstanceId(name);
                boolean byFilter = !node.instanceServices(scope, id).isEmpty();
                Wanted should = wanted.getOrDefault(scope, Map.of()).get(name);
                assertThat(byFilter)
                        .as("%s: %s/%s is a service", seed, scope, name)
                        .isEqualTo(should == Wanted.RUNNING);
                if (byFilter) {
                    stored.add(scope + "/" + name);
                    node.put(scope, id, "key", scope + "/" + name);
                    assertThat(onlyService(scope, id).getProperty("maestro.version"))
                            .isEqualTo(node.instances
                                    .instance(scope, id)
                                    .definition()
                                    .version()
                                    .value());
                } else {
                    assertThat(node.refusedCall(scope, id).code())
                            .as("%s: %s/%s", seed, scope, name)
                            .isEqualTo(should == null ? "instance-unknown" : "instance-not-running");
                }
            }
        }
        assertThat(stored).as("%s: something is open", seed).isNotEmpty();
        for (Scope scope : SCOPES) {
            for (String name : NAMES) {
                if (stored.contains(scope + "/" + name)) {
                    assertThat(node.get(scope, new InstanceId(name), "key")).isEqualTo(scope + "/" + name);
                }
            }
        }
    }

    private ServiceReference<?> onlyService(Scope scope, InstanceId id) {
        assertThat(node.instanceServices(scope, id)).hasSize(1);
        return node.instanceServices(scope, id).iterator().next();
    }
}
