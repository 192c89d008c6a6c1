package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Instances;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.RevocationListener;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.store.Database;
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
    final TestFramework framework;
    final Host host;
    final Set<Digest> revoked = ConcurrentHashMap.newKeySet();

    TestHost(Path data, Database database) throws Exception {
        this.data = data;
        this.framework = new TestFramework(data);
        NodeSettings node = new NodeSettings(
                "test",
                data,
                "internal-edition",
                new NodeSettings.Http("127.0.0.1", 0),
                new NodeSettings.Database(URI.create("jdbc:postgresql:unused"), "", ""));
        host = new Host(
                new Host.Surroundings(
                        framework.host,
                        node,
                        database,
                        new JarInspector(data.resolve("incoming")),
                        new KnownPublishers(),
                        new KnownTenants(),
                        framework.components(),
                        InstantSource.system()),
                new Host.Pace(
                        Duration.ofSeconds(3),
                        new Opener.Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(2)),
                        Duration.ofSeconds(30),
                        Duration.ofMillis(50)));
        host.start();
    }

    Definitions definitions() {
        return service(Definitions.class);
    }

    Instances instances() {
        return service(Instances.class);
    }

    Calls calls() {
        return service(Calls.class);
    }

    ReadinessCheck readiness() {
        return service(ReadinessCheck.class);
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

    private <S> S service(Class<S> type) {
        ServiceReference<S> reference = framework.host.getServiceReference(type);
        return framework.host.getService(reference);
    }

    void stop() throws Exception {
        host.stop();
        framework.close();
    }

    /** As after kill -9: nothing is closed in order. */
    void crash() throws Exception {
        framework.close();
        host.stop();
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
        public PublisherKey trust(PublisherName publisher, String certificate) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PublisherKey revoke(PublisherName publisher, Digest key, String reason) {
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

    /** Acme and globex, each with prod. */
    private static final class KnownTenants implements Tenants {
        @Override
        public Tenant create(TenantId id, String displayName) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Tenant tenant(TenantId id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<Tenant> tenants(PageRequest page) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TenantEnvironment createEnvironment(TenantId tenant, Environment environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<TenantEnvironment> environments(TenantId tenant, PageRequest page) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void require(Scope scope) {
            if (!Set.of("acme", "globex").contains(scope.tenant().value())) {
                throw Problem.of(TenancyProblem.TENANT_UNKNOWN, "no tenant " + scope.tenant(), null)
                        .asException();
            }
        }
    }

    /** Takes name and version from the bundle's own headers; refuses what is no jar. */
    private record JarInspector(Path incoming) implements Inspector {
        @Override
        public Inspection inspect(InputStream artifact) throws IOException {
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
                        manifest(name + "@" + version));
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

        private static AdapterManifest manifest(String id) {
            return new AdapterManifest(
                    DefinitionId.parse(id),
                    new TypeName("storage"),
                    "1.0",
                    "Echoes.",
                    "tests",
                    "Apache-2.0",
                    new AdapterManifest.Risk("low", "internal", false),
                    new Json(SCHEMA),
                    new AdapterManifest.Permissions(List.of("*.example.com"), true, List.of()),
                    new Json("{\"name\":\"echo\"}"));
        }
    }
}
