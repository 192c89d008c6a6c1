package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterInstance;
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
import io.maestro.api.secrets.SecretListener;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Traces;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.RevocationListener;
import io.maestro.api.trust.TrustProblem;
import io.maestro.api.trust.Verification;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.telemetry.TelemetryComponent;
import io.maestro.testing.tenancy.KnownTenants;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;

/** The whole host on a real framework and a real database; who inspects, who signs and who is a tenant is made up. */
final class TestHost {
    static final Digest KEY = new Digest("ab".repeat(32));
    static final String SCHEMA = """
            {"type":"object","additionalProperties":false,"properties":{
              "behaviour":{"type":"string"},
              "greeting":{"type":"string","maxLength":20},
              "password":{"type":"string","writeOnly":true}}}""";

    final Path data;
    final PostgresDatabase database;
    final TestFramework framework;
    final Host host;
    final Metrics metrics = new TelemetryComponent();
    final AskedPolicy policy = new AskedPolicy();
    final List<Dependents> dependents = new CopyOnWriteArrayList<>();
    final KnownTenants tenants = new KnownTenants();
    final Set<Digest> revoked = ConcurrentHashMap.newKeySet();

    TestHost(Path data, PostgresDatabase database, MemorySecrets secrets) throws Exception {
        this(data, database, secrets, Steps.UNHEARD);
    }

    TestHost(Path data, PostgresDatabase database, MemorySecrets secrets, Steps steps) throws Exception {
        this(
                data,
                database,
                secrets,
                "test",
                new Host.Pace(
                        Duration.ofSeconds(3),
                        new Opener.Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2)),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(50),
                        new Probes.Pace(
                                Duration.ofMillis(200),
                                Duration.ofSeconds(2),
                                Duration.ofMillis(50),
                                Duration.ofMillis(1),
                                4)),
                steps);
    }

    TestHost(Path data, PostgresDatabase database, MemorySecrets secrets, String name, Host.Pace pace)
            throws Exception {
        this(data, database, secrets, name, pace, Steps.UNHEARD);
    }

    TestHost(Path data, PostgresDatabase database, MemorySecrets secrets, String name, Host.Pace pace, Steps steps)
            throws Exception {
        this.data = data;
        this.database = database;
        this.framework = new TestFramework(data);
        NodeSettings node = new NodeSettings(
                name,
                data,
                "internal-edition",
                new NodeSettings.Http("127.0.0.1", 0),
                new NodeSettings.Database(URI.create("jdbc:postgresql:unused"), "", ""));
        host = new Host(
                new Host.Surroundings(
                        framework.host,
                        node,
                        database,
                        database,
                        new JarInspector(data.resolve("incoming")),
                        new KnownPublishers(),
                        tenants,
                        policy,
                        metrics,
                        Traces.NONE,
                        secrets,
                        framework.components(),
                        dependents,
                        InstantSource.system()),
                pace,
                GuardSettings.USUAL,
                steps);
        host.start();
    }

    Definitions definitions() {
        return service(Definitions.class);
    }

    Registry registry() {
        return service(Registry.class);
    }

    Presence presence() {
        return service(Presence.class);
    }

    TenantHoldings holdings() {
        return service(TenantHoldings.class);
    }

    Instances instances() {
        return service(Instances.class);
    }

    Leaks leaks() {
        return service(Leaks.class);
    }

    Drifts drifts() {
        return service(Drifts.class);
    }

    Explanations explanations() {
        return service(Explanations.class);
    }

    InstanceActs acts() {
        return service(InstanceActs.class);
    }

    Rollouts rollouts() {
        return service(Rollouts.class);
    }

    Calls calls() {
        return service(Calls.class);
    }

    InstanceHealth health() {
        return service(InstanceHealth.class);
    }

    ReadinessCheck readiness() {
        return service(ReadinessCheck.class);
    }

    /** What is told of this host, as Prometheus would read it. */
    String metrics() throws IOException {
        StringBuilder text = new StringBuilder();
        metrics.write(text, Metrics.Format.PROMETHEUS, Metrics.Selection.ALL);
        return text.toString();
    }

    void revoke(Digest key) {
        revoked.add(key);
        service(RevocationListener.class).revoked(publisherKey(key, Instant.EPOCH));
    }

    /** The instances that the filter finds, as a core bundle would look for them. */
    List<AdapterInstance> find(String filter) throws InvalidSyntaxException {
        return framework.host.getServiceReferences(AdapterInstance.class, filter).stream()
                .map(framework.host::getService)
                .toList();
    }

    void secretsChanged(Scope scope, InstanceId instance) {
        service(SecretListener.class).changed(scope, Set.of(instance));
    }

    private <S> S service(Class<S> type) {
        ServiceReference<S> reference = framework.host.getServiceReference(type);
        return framework.host.getService(reference);
    }

    void stop() throws Exception {
        host.stop();
        framework.close();
    }

    private static Publishers.PublisherKey publisherKey(Digest fingerprint, @Nullable Instant revokedAt) {
        return new Publishers.PublisherKey(
                new PublisherName("tests"),
                fingerprint,
                "CN=tests",
                Instant.MAX,
                Instant.EPOCH,
                revokedAt,
                revokedAt == null ? null : "lost");
    }

    private final class KnownPublishers implements Publishers {
        @Override
        public PublisherKey trust(PublisherName publisher, String certificate, Actor actor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PublisherKey revoke(PublisherName publisher, Digest key, String reason, Actor actor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<Publisher> publishers(PageRequest page) {
            throw new UnsupportedOperationException();
        }

        @Override
        public @Nullable PublisherKey key(Digest fingerprint) {
            return publisherKey(fingerprint, revoked.contains(fingerprint) ? Instant.EPOCH : null);
        }
    }

    /** Takes name, version, schema, permissions and migrations from the bundle's own headers; refuses what is no jar. */
    private record JarInspector(Path incoming) implements Inspector {
        @Override
        public Inspection inspect(InputStream artifact, Verification verification) throws IOException {
            Files.createDirectories(incoming);
            byte[] bytes = artifact.readAllBytes();
            Path copy = Files.createTempFile(incoming, "artifact", ".jar");
            Files.write(copy, bytes);
            Digest digest = digest(bytes);
            try (JarFile jar = new JarFile(copy.toFile())) {
                Manifest manifest = jar.getManifest();
                String name = manifest.getMainAttributes().getValue("Bundle-SymbolicName");
                String version = manifest.getMainAttributes().getValue("Bundle-Version");
                String publisher = manifest.getMainAttributes().getValue("X-Publisher");
                return new Inspection.Passed(
                        digest,
                        bytes.length,
                        copy,
                        new PublisherName(publisher == null ? "tests" : publisher),
                        KEY,
                        manifest(
                                name + "@" + version,
                                manifest.getMainAttributes().getValue("X-Schema"),
                                manifest.getMainAttributes().getValue("X-Manifest"),
                                words(manifest.getMainAttributes().getValue("X-Network"), "*.example.com"),
                                words(manifest.getMainAttributes().getValue("X-Packages"), "")));
            } catch (IOException e) {
                Files.delete(copy);
                return new Inspection.Refused(
                        Problem.of(TrustProblem.ARTIFACT_NOT_A_JAR, "no jar", "Send a jar."),
                        digest,
                        bytes.length,
                        null,
                        null);
            }
        }

        private static Digest digest(byte[] bytes) {
            try {
                return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        private static List<String> words(@Nullable String given, String usual) {
            String text = given == null ? usual : given;
            return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
        }

        private static AdapterManifest manifest(
                String id,
                @Nullable String schema,
                @Nullable String document,
                List<String> network,
                List<String> packages) {
            return new AdapterManifest(
                    DefinitionId.parse(id),
                    new TypeName("storage"),
                    "1.0",
                    "Echoes.",
                    "tests",
                    "Apache-2.0",
                    new AdapterManifest.Risk("low", "internal", false),
                    new Json(schema == null ? SCHEMA : schema),
                    new AdapterManifest.Permissions(network, true, packages),
                    new Json(document == null ? "{\"name\":\"echo\"}" : document));
        }
    }
}
