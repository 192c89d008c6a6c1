package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.context.Destinations;
import io.maestro.adapters.context.Network;
import io.maestro.adapters.context.SharedHttpClient;
import io.maestro.adapters.deploy.DeployFolder;
import io.maestro.adapters.isolation.AdapterBundles;
import io.maestro.adapters.isolation.BundleIsolation;
import io.maestro.adapters.isolation.ServiceIsolation;
import io.maestro.adapters.isolation.WiringIsolation;
import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Instances;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.ImportAllowlist;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.RevocationListener;
import io.maestro.model.DefinitionId;
import io.maestro.store.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.hooks.bundle.CollisionHook;
import org.osgi.framework.hooks.bundle.EventHook;
import org.osgi.framework.hooks.bundle.FindHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.hooks.service.EventListenerHook;
import org.osgi.service.component.runtime.ServiceComponentRuntime;

/** The whole adapter host: its parts, how they hang together, and in which order they start and stop. */
final class Host {
    private final BundleContext context;
    private final AdapterBundles adapters;
    private final JooqDefinitions definitionRows;
    private final JooqObservations observationRows;
    private final Database database;
    private final Artifacts artifacts;
    private final Bundles bundles;
    private final Factories factories;
    private final BindingIndex index;
    private final FlightTable flights = new FlightTable();
    private final SharedHttpClient http = new SharedHttpClient();
    private final ObservationWriter writer;
    private final Opener opener;
    private final Reconciler reconciler;
    private final HostedInstances instances;
    private final Admissions definitions;
    private final GuardedCalls calls;
    private final DeployFolder deploy;
    private final List<ServiceRegistration<?>> fences = new ArrayList<>();
    private final List<ServiceRegistration<?>> offers = new ArrayList<>();

    /**
     * What the host needs of others.
     *
     * @param components tells why a bundle's factory does not come up
     */
    record Surroundings(
            BundleContext context,
            NodeSettings node,
            Database database,
            Inspector inspector,
            Publishers publishers,
            Tenants tenants,
            ServiceComponentRuntime components,
            InstantSource clock) {}

    /**
     * What can be set.
     *
     * @param start how long a bundle may take to come up
     * @param limits how long opening and closing an instance may take
     * @param period how often all rows are read
     * @param look how often the drop folder is looked at
     */
    record Pace(Duration start, Opener.Limits limits, Duration period, Duration look) {
        static final Pace USUAL =
                new Pace(Duration.ofSeconds(10), Opener.Limits.USUAL, Duration.ofSeconds(30), Duration.ofMillis(120));
    }

    Host(Surroundings around, Pace pace) {
        context = around.context();
        database = around.database();
        InstantSource clock = around.clock();
        Path data = around.node().data();
        List<AdapterType<?>> types = AdapterType.all();

        adapters = AdapterBundles.from(data.resolve("artifacts"));
        definitionRows = new JooqDefinitions(database);
        observationRows = new JooqObservations(database, around.node().node(), clock);
        JooqInstances instanceRows = new JooqInstances(database, clock);
        artifacts = new Artifacts(data.resolve("artifacts"));
        bundles = new Bundles(context, adapters, new StartFailures(around.components()), pace.start());
        factories = new Factories(context, artifacts, bundles, this::lost);
        index = new BindingIndex(context);
        Observations observations = new Observations();
        writer = new ObservationWriter(observationRows, observations);
        SealedSecrets secrets = new SealedSecrets(data.resolve("keys").resolve("instance-secrets.key"));
        InstanceFolders folders = new InstanceFolders(data.resolve("instances"));
        OwnPorts ports = new OwnPorts(context, around.node());
        opener = new Opener(
                context,
                instanceRows,
                definitionRows,
                around.publishers(),
                factories,
                secrets,
                folders,
                types,
                key -> new Guard(key.toString(), GuardSettings.USUAL, flights),
                new Network(http, new Destinations(around.node().profile().equals("hosted-saas"), ports)),
                clock,
                pace.limits());
        reconciler = new Reconciler(instanceRows, opener, folders, observations, writer, pace.period());
        instances = new HostedInstances(
                instanceRows,
                definitionRows,
                around.tenants(),
                new Configurations(),
                secrets,
                observations,
                reconciler);
        definitions = new Admissions(
                around.inspector(),
                definitionRows,
                new JooqQuarantine(database, clock),
                artifacts,
                bundles,
                factories,
                clock);
        calls = new GuardedCalls(index::find, new OperationCatalogue(types, Wire.mapper()), instances::absence, clock);
        deploy = new DeployFolder(around.node().deploy(), definitions, pace.look());
    }

    private void lost(DefinitionId definition) {
        reconciler.lost(definition);
    }

    /** Brings the schema up to date, sweeps away what a crash left, and starts. Blocks on the database and on files. */
    void start() {
        database.migrate(JooqDefinitions.MIGRATIONS);
        definitionRows.types(AdapterType.all());
        observationRows.forgetAll();
        fenceIn();
        bundles.sweep();
        artifacts.sweep(definitionRows.digests());
        index.open();
        factories.open();
        writer.start();
        reconciler.start();
        // first, so that nobody who waits for the others finds the node ready before it is
        register(ReadinessCheck.class, new AdaptersReady(reconciler));
        register(Definitions.class, definitions);
        register(Instances.class, instances);
        register(Calls.class, calls);
        register(RevocationListener.class, key -> reconciler.lookAtAll());
        deploy.start();
    }

    /** What opens the instances. */
    Opener opener() {
        return opener;
    }

    /** Takes the services back, closes all instances and stops. */
    void stop() {
        deploy.stop();
        offers.forEach(Host::unregister);
        factories.close();
        reconciler.stop();
        writer.stop();
        index.close();
        flights.close();
        http.close();
        // the fences come down last
        fences.forEach(Host::unregister);
    }

    private record AdaptersReady(Reconciler reconciler) implements ReadinessCheck {
        @Override
        public String name() {
            return "adapters";
        }

        @Override
        public Optional<String> unready() {
            return reconciler.unready();
        }
    }

    private void fenceIn() {
        ServiceIsolation services = new ServiceIsolation(adapters, context.getBundle());
        BundleIsolation neighbours = new BundleIsolation(adapters, context.getBundle());
        fences.add(context.registerService(
                new String[] {
                    org.osgi.framework.hooks.service.FindHook.class.getName(), EventListenerHook.class.getName()
                },
                services,
                null));
        fences.add(context.registerService(
                new String[] {FindHook.class.getName(), EventHook.class.getName(), CollisionHook.class.getName()},
                neighbours,
                null));
        fences.add(context.registerService(
                ResolverHookFactory.class, new WiringIsolation(adapters, ImportAllowlist::allows), null));
    }

    private <S> void register(Class<S> type, S service) {
        offers.add(context.registerService(type, service, null));
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException e) {
            // the framework was faster
            return;
        }
    }
}
