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
import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Dependents;
import io.maestro.api.adapters.Drifts;
import io.maestro.api.adapters.Explanations;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.Instances;
import io.maestro.api.adapters.Leaks;
import io.maestro.api.adapters.Presence;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Rollouts;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.policy.Governance;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.secrets.SecretListener;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Traces;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.ImportAllowlist;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.RevocationListener;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.store.Database;
import io.maestro.store.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
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
    /** The launcher gives all bundles together three quarters of a minute to stop. */
    private static final Duration TO_CLOSE_AND_LEAVE = Duration.ofSeconds(25);

    private final BundleContext context;
    private final AdapterBundles adapters;
    private final JooqDefinitions definitionRows;
    private final JooqInstances instanceRows;
    private final JooqObservations observationRows;
    private final Database database;
    private final Probes probes;
    private final HostedHealth health;
    private final Artifacts artifacts;
    private final Bundles bundles;
    private final Observations observations;
    private final InstanceMetrics metrics;
    private final Factories factories;
    private final BindingIndex index;
    private final FlightTable flights = new FlightTable();
    private final SharedHttpClient http = new SharedHttpClient();
    private final ObservationWriter writer;
    private final Opener opener;
    private final Reconciler reconciler;
    private final LoaderWatch loaders;
    private final Upkeep upkeep;
    private final JooqDrifts drifts;
    private final Heartbeat heartbeat;
    private final Tryouts tryouts;
    private final HostedActs acts;
    private final HostedInstances instances;
    private final RolloutRunner runner;
    private final HostedRollouts rollouts;
    private final HostedRegistry registry;
    private final HostedExplanations explanations;
    private final Admissions definitions;
    private final Calls calls;
    private final DeployFolder deploy;
    private final List<ServiceRegistration<?>> fences = new ArrayList<>();
    private final List<ServiceRegistration<?>> offers = new ArrayList<>();

    /**
     * What the host needs of others.
     *
     * @param components tells why a bundle's factory does not come up
     * @param dependents those who know what depends on an instance; they come and go
     */
    record Surroundings(
            BundleContext context,
            NodeSettings node,
            Database database,
            Journal journal,
            Inspector inspector,
            Publishers publishers,
            Tenants tenants,
            Governance governance,
            Metrics metrics,
            Traces traces,
            InstanceSecrets secrets,
            ServiceComponentRuntime components,
            List<Dependents> dependents,
            InstantSource clock) {}

    /**
     * What can be set.
     *
     * @param start how long a bundle may take to come up
     * @param limits how long opening and closing an instance may take
     * @param opening after which time the node serves although it has not opened all instances yet
     * @param period how often all rows are read
     * @param look how often the drop folder is looked at
     * @param probes how often instances are asked how they are
     * @param idle how long a bundle that its admission started waits for its first instance
     * @param loaders how often it is looked for classes that stay in memory
     * @param beat how often the node says that it is there
     * @param silence after how long without that it is unknown what a node has open
     */
    record Pace(
            Duration start,
            Opener.Limits limits,
            Duration opening,
            Duration period,
            Duration look,
            Probes.Pace probes,
            Duration idle,
            LoaderWatch.Pace loaders,
            Duration beat,
            Duration silence) {
        static final Pace USUAL = new Pace(
                Duration.ofSeconds(10),
                Opener.Limits.USUAL,
                Duration.ofSeconds(30),
                Duration.ofMillis(120),
                Probes.Pace.USUAL);

        Pace(Duration start, Opener.Limits limits, Duration period, Duration look, Probes.Pace probes) {
            this(
                    start,
                    limits,
                    Duration.ofSeconds(5),
                    period,
                    look,
                    probes,
                    Duration.ofMinutes(5),
                    LoaderWatch.Pace.USUAL,
                    Duration.ofSeconds(5),
                    Drifts.SILENCE);
        }

        /** The same, asking instances so often how they are. */
        Pace asking(Duration every) {
            return new Pace(start, limits, opening, period, look, probes.asking(every), idle, loaders, beat, silence);
        }
    }

    Host(Surroundings around, Pace pace, GuardSettings guarded) {
        this(around, pace, guarded, Steps.UNHEARD);
    }

    /** A host that tells {@code steps} how far its moves are. */
    Host(Surroundings around, Pace pace, GuardSettings guarded, Steps steps) {
        context = around.context();
        database = around.database();
        InstantSource clock = around.clock();
        Path data = around.node().data();
        List<AdapterType<?>> types = AdapterType.all();

        adapters = AdapterBundles.from(data.resolve("artifacts"));
        definitionRows = new JooqDefinitions(database);
        observationRows =
                new JooqObservations(database, around.journal(), around.node().node(), clock);
        instanceRows = new JooqInstances(database, around.secrets(), around.tenants(), around.dependents(), clock);
        artifacts = new Artifacts(data.resolve("artifacts"), new JooqArtifacts(database), around.inspector(), steps);
        loaders = new LoaderWatch(context.getBundle(0), pace.loaders(), clock);
        bundles = new Bundles(
                context, adapters, new StartFailures(around.components(), context.getBundle(0)), loaders, pace.start());
        factories = new Factories(context, artifacts, bundles, this::lost, pace.idle());
        index = new BindingIndex(context);
        observations = new Observations();
        CallHistories histories = new CallHistories();
        metrics = new InstanceMetrics(around.metrics(), histories);
        probes = new Probes(index::all, clock, pace.probes(), around.metrics());
        writer = new ObservationWriter(observationRows, observations);
        Questions policy = new Questions(around.governance());
        ConfigurationSecrets secrets = new ConfigurationSecrets(around.secrets(), policy);
        EarlierSecrets earlier = new EarlierSecrets(
                instanceRows, new SealedSecrets(data.resolve("keys").resolve("instance-secrets.key")));
        InstanceFolders folders = new InstanceFolders(data.resolve("instances"), steps);
        OwnPorts ports = new OwnPorts(context, around.node());
        opener = new Opener(
                context,
                instanceRows,
                definitionRows,
                around.publishers(),
                factories,
                secrets,
                earlier,
                folders,
                types,
                key -> new Guard(key, guarded, flights, metrics.calls(key), clock),
                new Network(http, new Destinations(around.node().profile().equals("hosted-saas"), ports)),
                clock,
                pace.limits(),
                steps);
        reconciler = new Reconciler(
                instanceRows,
                around.secrets(),
                opener,
                folders,
                observations,
                writer,
                metrics,
                this::looked,
                new FirstPass(pace.opening()),
                pace.period());
        JooqVersions versions = new JooqVersions(database);
        Configurations configurations = new Configurations();
        InstanceView view = new InstanceView(observations);
        Moves moves = new Moves(
                instanceRows,
                versions,
                definitionRows,
                configurations,
                secrets,
                earlier,
                factories,
                opener,
                reconciler,
                steps);
        tryouts = new Tryouts(opener, new InstanceFolders(data.resolve("trials"), Steps.UNHEARD), clock);
        acts = new HostedActs(
                instanceRows,
                versions,
                definitionRows,
                around.tenants(),
                policy,
                configurations,
                secrets,
                earlier,
                factories,
                reconciler,
                moves,
                tryouts,
                view,
                steps);
        instances = new HostedInstances(instanceRows, acts, observations, view);
        JooqRollouts rolloutRows = new JooqRollouts(database, around.node().node(), clock);
        runner = new RolloutRunner(
                new RolloutRun.Parts(rolloutRows, instanceRows, moves, opener, index, histories, steps, clock),
                reconciler);
        rollouts = new HostedRollouts(rolloutRows, instanceRows, definitionRows, policy, moves, runner);
        JooqRegistry registryRows = new JooqRegistry(database, around.node().node());
        registry = new HostedRegistry(
                registryRows, definitionRows, instances, around.tenants(), types, around.dependents());
        explanations = new HostedExplanations(
                instanceRows, definitionRows, instances, around.tenants(), configurations, artifacts, opener, index);
        health = new HostedHealth(instances, registry, registryRows, index, histories, probes, guarded, clock);
        definitions = new Admissions(
                around.inspector(),
                policy,
                definitionRows,
                new JooqQuarantine(database, clock),
                artifacts,
                bundles,
                factories,
                steps,
                clock);
        upkeep = new Upkeep(factories, definitions, artifacts, loaders, around.metrics());
        drifts = new JooqDrifts(database, pace.silence());
        heartbeat = new Heartbeat(
                new JooqNodes(database, around.node().node()), drifts, around.metrics(), pace.beat(), pace.silence());
        GuardedCalls guardedCalls = new GuardedCalls(
                index::find,
                new Arrivals(observations, reconciler::called, guarded),
                policy,
                new OperationCatalogue(types, Wire.mapper()),
                this::facts,
                instances::absence,
                instances::isAsShown,
                new Retries(Thread::sleep, () -> ThreadLocalRandom.current().nextDouble()),
                clock);
        calls = TracedCalls.of(guardedCalls, around.traces());
        deploy = new DeployFolder(around.node().deploy(), definitions, pace.look());
    }

    private void looked(Set<DefinitionId> wanted) {
        upkeep.looked(wanted);
    }

    private @Nullable Json facts(Scope scope, InstanceId instance) {
        return instanceRows
                .find(new InstanceKey(scope, instance))
                .flatMap(row -> definitionRows.find(row.definition()))
                .map(definition -> Questions.facts(definition))
                .orElse(null);
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
        tryouts.sweep();
        index.open();
        factories.open();
        writer.start();
        heartbeat.start();
        upkeep.start();
        reconciler.start();
        runner.start();
        metrics.show(observations);
        // first, so that nobody who waits for the others finds the node ready before it is
        register(ReadinessCheck.class, new AdaptersReady(reconciler, heartbeat));
        register(Definitions.class, definitions);
        register(Instances.class, instances);
        register(InstanceActs.class, acts);
        register(Rollouts.class, rollouts);
        register(Registry.class, registry);
        register(Presence.class, new InstancePresence());
        register(Calls.class, calls);
        register(Leaks.class, loaders);
        register(Explanations.class, explanations);
        register(Drifts.class, drifts);
        register(InstanceHealth.class, health);
        register(TenantHoldings.class, new InstanceHoldings(instanceRows, reconciler));
        register(RevocationListener.class, key -> reconciler.lookAtAll());
        register(SecretListener.class, (scope, changed) -> reconciler.lookAtAll());
        probes.start();
        deploy.start();
    }

    /** What opens the instances. */
    Opener opener() {
        return opener;
    }

    /** Takes the services back, closes all instances and stops. */
    void stop() {
        deploy.stop();
        probes.stop();
        metrics.close();
        offers.forEach(Host::unregister);
        factories.close();
        upkeep.stop();
        // first, since what it tries beside an instance is nobody else's
        runner.stop();
        long begun = System.nanoTime();
        reconciler.stop();
        Duration left = TO_CLOSE_AND_LEAVE.minusNanos(System.nanoTime() - begun);
        if (left.isPositive()) {
            bundles.leave(left);
        }
        writer.stop();
        heartbeat.stop();
        index.close();
        flights.close();
        http.close();
        // the fences come down last
        fences.forEach(Host::unregister);
    }

    private record AdaptersReady(Reconciler reconciler, Heartbeat heartbeat) implements ReadinessCheck {
        @Override
        public String name() {
            return "adapters";
        }

        @Override
        public Optional<String> unready() {
            return reconciler.unready().or(heartbeat::unready);
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
