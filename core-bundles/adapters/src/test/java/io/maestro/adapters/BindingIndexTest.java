package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.Health;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The index follows the services of a real framework. */
class BindingIndexTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Scope GLOBEX = Scope.of("globex", "prod");
    private static final TypeName TYPE = new TypeName("echo");

    @TempDir
    Path folder;

    private final FlightTable flights = new FlightTable();
    private Felix framework;
    private BundleContext context;
    private BindingIndex index;

    @BeforeEach
    void start() throws Exception {
        framework = new Felix(Map.of("org.osgi.framework.storage", folder.toString()));
        framework.start();
        context = framework.getBundleContext();
        index = new BindingIndex(context);
        index.open();
    }

    @AfterEach
    void stop() throws Exception {
        flights.close();
        framework.stop();
        framework.waitForStop(10_000);
    }

    @Test
    void findsAnInstanceFromItsRegistrationToItsEnd() {
        Binding binding = binding(ACME, "main");
        ServiceRegistration<?> registration = register(binding);
        assertThat(index.find(ACME, binding.instance)).isSameAs(binding);
        assertThat(index.find(ACME, TYPE)).containsExactly(binding);

        registration.unregister();
        assertThat(index.find(ACME, binding.instance)).isNull();
        assertThat(index.find(ACME, TYPE)).isEmpty();
        assertThat(index.size()).isZero();
    }

    @Test
    void keepsScopesApart() {
        register(binding(ACME, "main"));
        Binding theirs = binding(GLOBEX, "main");
        register(theirs);
        assertThat(index.find(GLOBEX, TYPE)).containsExactly(theirs);
        assertThat(index.find(Scope.of("acme", "dev"), TYPE)).isEmpty();
        assertThat(index.find(Scope.of("acme", "dev"), theirs.instance)).isNull();
    }

    @Test
    void listsInstancesOfATypeByName() {
        Binding second = binding(ACME, "second");
        Binding first = binding(ACME, "first");
        register(second);
        register(first);
        assertThat(index.find(ACME, TYPE)).containsExactly(first, second);
        assertThat(index.find(ACME, new TypeName("other"))).isEmpty();
    }

    @Test
    void keepsTheSuccessorWhenThePredecessorLeaves() {
        ServiceRegistration<?> old = register(binding(ACME, "main"));
        Binding successor = binding(ACME, "main");
        register(successor);
        old.unregister();
        assertThat(index.find(ACME, successor.instance)).isSameAs(successor);
        assertThat(index.find(ACME, TYPE)).containsExactly(successor);
    }

    @Test
    void seesWhatWasRegisteredBeforeItOpened() {
        Binding binding = binding(ACME, "main");
        register(binding);
        BindingIndex late = new BindingIndex(context);
        late.open();
        assertThat(late.find(ACME, binding.instance)).isSameAs(binding);
        late.close();
        assertThat(late.find(ACME, binding.instance)).isNull();
    }

    private ServiceRegistration<?> register(Binding binding) {
        return context.registerService(binding.interfaces(), binding.adapter, binding.properties());
    }

    private Binding binding(Scope scope, String name) {
        InstanceKey key = new InstanceKey(scope, new InstanceId(name));
        return new Binding(
                scope,
                new InstanceId(name),
                DefinitionId.parse("echo@1.0.0"),
                new AdapterType<>(TYPE, "1.0", Echo.class, List.of()),
                new Echo(),
                new Guard(
                        key,
                        GuardSettings.USUAL,
                        flights,
                        new CallMeter(Metrics.NONE, key, new CallHistories()),
                        InstantSource.system()));
    }

    /** An adapter that does nothing. */
    static final class Echo implements AdapterInstance {
        @Override
        public Health health() {
            return new Health.Up();
        }

        @Override
        public void close() {}
    }
}
