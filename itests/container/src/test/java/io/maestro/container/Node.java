package io.maestro.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Instances;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.Values;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.Publishers;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.artifacts.ArtifactForge;
import io.maestro.testing.artifacts.TestPublisher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.util.tracker.ServiceTracker;

/**
 * The node under test: settings, a fresh database, three publishers, and the tenants {@code acme} and {@code globex}. One
 * per framework; it is a service itself, because each test method comes with a new instance of its class.
 */
final class Node {
    /** Who may do everything, as policies want to know of whoever acts. */
    static final Actor ADMIN = new Actor("token:test", "correlation")
            .with(new Actor.Standing(List.of("platform_admin"), null, null, Map.of(), "token:test"));

    /** A word that every instance's configuration needs. */
    static final Json CONFIGURATION = new Json("{\"greeting\": \"hello\"}");

    static final Scope ACME = Scope.of("acme", "prod");
    static final Scope GLOBEX = Scope.of("globex", "prod");

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    final BundleContext context;
    final Path data;
    final Definitions definitions;
    final Instances instances;
    final Calls calls;
    final Publishers publishers;
    final TestPublisher trusted = TestPublisher.create("trusted");
    final ArtifactForge forge;

    private Node(BundleContext context, Path data) throws InterruptedException {
        this.context = context;
        this.data = data;
        this.definitions = await(context, Definitions.class);
        this.instances = await(context, Instances.class);
        this.calls = await(context, Calls.class);
        this.publishers = await(context, Publishers.class);
        Tenants tenants = await(context, Tenants.class);
        tenants.create(new TenantId("acme"), "Acme", ADMIN);
        tenants.create(new TenantId("globex"), "Globex", ADMIN);
        TestPublisher revoked = TestPublisher.create("revoked");
        trust(trusted);
        trust(revoked);
        publishers.revoke(
                new PublisherName(revoked.name()), Digest.parse(revoked.fingerprint()), "lost in a test", ADMIN);
        this.forge = new ArtifactForge(trusted, revoked, TestPublisher.create("unknown"));
    }

    /** The node of this framework; the first caller sets it going. */
    static Node in(BundleContext context) throws IOException, InterruptedException {
        ServiceReference<Node> present = context.getServiceReference(Node.class);
        if (present != null) {
            return context.getService(present);
        }
        TestDatabase database = TestPostgres.fresh();
        Path data = Files.createDirectories(
                Path.of(System.getProperty("maestro.work")).resolve("data-" + UUID.randomUUID()));
        context.registerService(Values.class, Values.usual(), null);
        context.registerService(
                NodeSettings.class,
                new NodeSettings(
                        "test",
                        data,
                        "internal-edition",
                        new NodeSettings.Http("127.0.0.1", 0),
                        new NodeSettings.Database(URI.create(database.url()), database.user(), database.password())),
                null);
        Node node = new Node(context, data);
        context.registerService(Node.class, node, null);
        return node;
    }

    void trust(TestPublisher publisher) {
        publishers.trust(new PublisherName(publisher.name()), publisher.pem(), ADMIN);
    }

    /** Installs what must be good. */
    DefinitionId install(byte[] artifact) throws IOException {
        return definitions
                .admit(new ByteArrayInputStream(artifact), "upload", ADMIN)
                .definition()
                .id();
    }

    /** Installs what must be refused. */
    Problem refusal(byte[] artifact) {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class, () -> definitions.admit(new ByteArrayInputStream(artifact), "upload", ADMIN));
        assertThat(refusal).as("the artifact was not refused").isNotNull();
        return refusal.problem();
    }

    /** Creates an instance and waits until it runs. */
    InstanceId open(Scope scope, String name, DefinitionId definition) {
        InstanceId id = new InstanceId(name);
        instances.create(scope, id, definition, CONFIGURATION, ADMIN);
        Instances.Instance instance = instances.await(scope, id, PATIENCE);
        assertThat(instance.observed())
                .as(() -> scope + "/" + name + ": " + instance.problem())
                .isEqualTo(Instances.Observed.RUNNING);
        return id;
    }

    void put(Scope scope, InstanceId instance, String key, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        calls.upload(
                scope,
                instance,
                new OperationName("put_object"),
                input(key),
                new ByteArrayInputStream(bytes),
                OptionalLong.of(bytes.length),
                options());
    }

    String get(Scope scope, InstanceId instance, String key) throws IOException {
        try (Calls.Download download =
                calls.download(scope, instance, new OperationName("get_object"), input(key), options())) {
            return new String(download.content().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What a call of this instance is refused with. */
    Problem refusedCall(Scope scope, InstanceId instance) {
        ProblemException refusal = catchThrowableOfType(
                ProblemException.class,
                () -> calls.call(
                        scope, instance, new OperationName("list"), "{}".getBytes(StandardCharsets.UTF_8), options()));
        assertThat(refusal).as("the call was not refused").isNotNull();
        return refusal.problem();
    }

    static Calls.CallOptions options() {
        return new Calls.CallOptions(ADMIN, null, null);
    }

    private static byte[] input(String key) {
        return ("{\"key\": \"" + key + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    static DefinitionId id(String name, String version) {
        return new DefinitionId(new AdapterName(name), new AdapterVersion(version));
    }

    /** The bundles that were installed from the folder of artifacts. */
    List<Bundle> adapterBundles() {
        return Arrays.stream(context.getBundles())
                .filter(bundle -> bundle.getLocation().contains("/artifacts/"))
                .toList();
    }

    /** The one adapter bundle with that name. */
    Bundle adapterBundle(DefinitionId definition) {
        String name = "io.maestro.testing." + definition.name().value().replace('-', '.');
        List<Bundle> found = adapterBundles().stream()
                .filter(bundle -> name.equals(bundle.getSymbolicName())
                        && bundle.getVersion()
                                .toString()
                                .equals(definition.version().value()))
                .toList();
        assertThat(found).as("bundles of %s", definition).hasSize(1);
        return found.getFirst();
    }

    /** The services that match a filter, as a consumer inside the framework sees them. */
    Collection<ServiceReference<?>> services(String filter) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    Collection<ServiceReference<?>> instanceServices(Scope scope, InstanceId instance) {
        return services("(&(maestro.tenant=" + scope.tenant() + ")(maestro.environment=" + scope.environment()
                + ")(maestro.instance=" + instance + "))");
    }

    /** The files under a folder of the node, by their names. */
    List<String> files(String folder) throws IOException {
        Path where = data.resolve(folder);
        if (!Files.isDirectory(where)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(where)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> where.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static <S> S await(BundleContext context, Class<S> type) throws InterruptedException {
        ServiceTracker<S, S> tracker = new ServiceTracker<>(context, type, null);
        tracker.open();
        try {
            assertThat(tracker.waitForService(PATIENCE.toMillis()))
                    .as(() -> type.getSimpleName() + " does not come up; components: " + unsatisfied(context))
                    .isNotNull();
        } finally {
            tracker.close();
        }
        return context.getService(context.getServiceReference(type));
    }

    private static String unsatisfied(BundleContext context) {
        ServiceReference<ServiceComponentRuntime> reference =
                context.getServiceReference(ServiceComponentRuntime.class);
        if (reference == null) {
            return "there is no runtime of declarative services";
        }
        ServiceComponentRuntime components = context.getService(reference);
        return components.getComponentDescriptionDTOs().stream()
                .flatMap(description -> components.getComponentConfigurationDTOs(description).stream())
                .filter(configuration -> configuration.state != ComponentConfigurationDTO.ACTIVE)
                .map(configuration -> configuration.description.name
                        + " lacks "
                        + Arrays.stream(configuration.unsatisfiedReferences)
                                .map(missing -> missing.name)
                                .toList()
                        + (configuration.failure == null ? "" : ", failed: " + configuration.failure))
                .collect(Collectors.joining("\n  ", "\n  ", ""));
    }
}
