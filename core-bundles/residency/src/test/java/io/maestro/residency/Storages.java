package io.maestro.residency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Presence;
import io.maestro.api.store.Transaction;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import io.maestro.store.JooqTransaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Storage instances in memory, and the host that calls them. */
final class Storages implements Calls, Presence {
    private static final DefinitionId ADAPTER = DefinitionId.parse("storage-memory@1.0.0");

    /** What every instance holds, by its place and the object's key. */
    final Map<Where, Map<String, Stored>> objects = new ConcurrentHashMap<>();

    private final Map<Where, Json> configurations = new ConcurrentHashMap<>();

    /** What the adapter's configuration may have. */
    volatile Json schema = Json.EMPTY_OBJECT;

    /** Called before each call of an operation. */
    volatile Hook before = (operation, where, key) -> {};

    record Where(Scope scope, InstanceId instance) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stored(byte[] bytes, Map<String, String> metadata) {}

    @FunctionalInterface
    interface Hook {
        void call(String operation, Where where, String key);
    }

    /** Makes or reconfigures an instance; a region that is null is reported by nobody. */
    void instance(Scope scope, String name, @Nullable String region) {
        Where where = new Where(scope, new InstanceId(name));
        configurations.put(
                where,
                Json.object(
                        region == null
                                ? Map.of("bucket", name, "key", Map.of("$secret", "one"))
                                : Map.of("bucket", name, "region", region)));
        objects.computeIfAbsent(where, any -> new ConcurrentSkipListMap<>());
    }

    void remove(Scope scope, String name) {
        configurations.remove(new Where(scope, new InstanceId(name)));
    }

    Map<String, Stored> held(Scope scope, String name) {
        return objects.getOrDefault(new Where(scope, new InstanceId(name)), new TreeMap<>());
    }

    Instance look(Scope scope, InstanceId id) {
        Json configuration = configurations.get(new Where(scope, id));
        if (configuration == null) {
            throw Problem.of(AdapterProblem.INSTANCE_UNKNOWN, "no instance " + id, null)
                    .asException();
        }
        return new Instance(
                scope,
                id,
                ADAPTER,
                new TypeName(id.value().equals("people") ? "provisioning" : "storage"),
                configuration,
                Wanted.RUNNING,
                Observed.RUNNING,
                null,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    /** As the adapter host does within the act that writes. */
    @Override
    public void require(Transaction act, Collection<Instance> seen) {
        assertThat(JooqTransaction.of(act)).isNotNull();
        seen.forEach(one -> assertThat(look(one.scope(), one.id()).createdAt()).isEqualTo(one.createdAt()));
    }

    Definition definition(DefinitionId id) {
        AdapterManifest manifest = new AdapterManifest(
                id,
                new TypeName("storage"),
                "1.0",
                "In memory.",
                "tests",
                "Apache-2.0",
                new AdapterManifest.Risk("low", "internal", false),
                schema,
                new AdapterManifest.Permissions(List.of("storage.example"), false, List.of()),
                Json.EMPTY_OBJECT);
        Digest digest = Digest.sha256("memory");
        return new Definition(
                manifest, digest, 1, new PublisherName("tests"), digest, Instant.EPOCH, "test", List.of());
    }

    @Override
    public byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        Map<String, Stored> held = open(scope, instance, operation, key(input), options);
        held.remove(key(input));
        return "{}".getBytes(UTF_8);
    }

    @Override
    public byte[] upload(
            Scope scope,
            InstanceId instance,
            OperationName operation,
            byte[] input,
            InputStream content,
            OptionalLong length,
            CallOptions options) {
        Map<String, Stored> held = open(scope, instance, operation, key(input), options);
        try {
            byte[] bytes = content.readAllBytes();
            if (options.content() != null && !options.content().equals(Digest.sha256(bytes))) {
                throw Problem.of(AdapterProblem.CONTENT_DIGEST_MISMATCH, "other bytes", null)
                        .asException();
            }
            Map<String, String> metadata = new TreeMap<>();
            for (Map.Entry<String, JsonNode> one :
                    Documents.tree(new String(input, UTF_8)).path("metadata").properties()) {
                metadata.put(one.getKey(), one.getValue().asText());
            }
            held.put(key(input), new Stored(bytes, metadata));
            return Json.object(Map.of("size", bytes.length)).text().getBytes(UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Download download(
            Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions options) {
        Stored stored = open(scope, instance, operation, key(input), options).get(key(input));
        if (stored == null) {
            throw problem("object-not-found", 404);
        }
        return new Download("{}".getBytes(UTF_8), new ByteArrayInputStream(stored.bytes()));
    }

    @Override
    public Digest fingerprint(Scope scope, InstanceId instance) {
        return Digest.sha256(look(scope, instance).configuration().text());
    }

    private Map<String, Stored> open(
            Scope scope, InstanceId instance, OperationName operation, String key, CallOptions options) {
        Where where = new Where(scope, instance);
        before.call(operation.value(), where, key);
        Digest now = fingerprint(scope, instance);
        if (options.fingerprint() != null && !options.fingerprint().equals(now)) {
            throw Problem.of(AdapterProblem.INSTANCE_CHANGED, "it has changed", null)
                    .asException();
        }
        return objects.getOrDefault(where, new TreeMap<>());
    }

    /** As a storage that does not answer; not for ever, so that a test that waits for it fails. */
    static void hangUntil(CountDownLatch released) {
        try {
            assertThat(released.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw problem("call-cancelled", 503);
        }
    }

    static ProblemException problem(String code, int status) {
        return new ProblemException(new Problem(
                code, ProblemCategory.EXTERNAL, status, code, "the storage says so", null, List.of(), Retry.never()));
    }

    private static String key(byte[] input) {
        return Documents.tree(new String(input, UTF_8)).path("key").asText();
    }
}
