package io.maestro.rest;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Instances;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Tokens;
import io.maestro.api.store.IdempotentRequests;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.TrustProblem;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.OperationName;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What stands behind the resources in these tests: small, in memory, and watched. */
final class Fakes {
    static final Instant NOW = Instant.parse("2026-11-20T22:00:00Z");
    static final Digest DIGEST = new Digest("ab".repeat(32));
    static final String ADMIN = "admin-token";
    static final String ACME = "acme-token";
    static final String GLOBEX = "globex-token";

    /** Every call that reached a service, by name; a refused request leaves none. */
    final List<String> touched = new CopyOnWriteArrayList<>();

    final FakeAccess access = new FakeAccess();
    final FakeTenants tenants = new FakeTenants();
    final FakeInstances instances = new FakeInstances();
    final FakeCalls calls = new FakeCalls();
    final FakeDefinitions definitions = new FakeDefinitions();
    final FakeRequests requests = new FakeRequests();

    Services services() {
        return new Services(
                access,
                new FakeTokens(),
                page -> {
                    touched.add("events");
                    return new Page<>(
                            List.of(new SecurityEvents.SecurityEvent(
                                    7,
                                    NOW,
                                    "tenant-boundary",
                                    "token:x",
                                    "acme",
                                    null,
                                    "127.0.0.1",
                                    "GET",
                                    "/api/x",
                                    "c")),
                            null);
                },
                tenants,
                new FakePublishers(),
                definitions,
                instances,
                calls,
                requests);
    }

    static RuntimeException problem(ProblemCode code) {
        return Problem.of(code, "the fake says so", "Mend it.").asException();
    }

    static final class FakeAccess implements Access {
        final List<String> refused = new CopyOnWriteArrayList<>();
        final List<Origin> origins = new CopyOnWriteArrayList<>();
        volatile BiConsumer<Action, String> asked = (action, scope) -> {};

        @Override
        public Principal authenticate(@Nullable String bearer, Origin origin) {
            origins.add(origin);
            return switch (bearer == null ? "" : bearer) {
                case ADMIN -> new Principal("token:admin", "admin", Role.PLATFORM_ADMIN, null, null);
                case ACME -> new Principal("token:acme", "acme", Role.TENANT_ADMIN, new TenantId("acme"), null);
                case GLOBEX -> new Principal("token:globex", "globex", Role.TENANT_ADMIN, new TenantId("globex"), null);
                default -> throw problem(IdentityProblem.UNAUTHENTICATED);
            };
        }

        @Override
        public void authorize(
                Principal principal,
                Action action,
                @Nullable TenantId tenant,
                @Nullable Environment environment,
                Origin origin) {
            asked.accept(action, tenant + "/" + environment);
            boolean allowed = principal.role() == Role.PLATFORM_ADMIN
                    || action == Action.PLATFORM_READ
                    || (tenant != null && tenant.equals(principal.tenant()));
            if (!allowed) {
                refused.add(principal.id() + " " + action);
                throw problem(IdentityProblem.FORBIDDEN);
            }
        }
    }

    final class FakeTenants implements Tenants {
        final Map<TenantId, Tenant> all = new ConcurrentSkipListMap<>();

        @Override
        public Tenant create(TenantId id, String displayName) {
            touched.add("createTenant");
            Tenant tenant = new Tenant(id, displayName, NOW);
            if (all.putIfAbsent(id, tenant) != null) {
                throw problem(TenancyProblem.TENANT_EXISTS);
            }
            return tenant;
        }

        @Override
        public Tenant tenant(TenantId id) {
            touched.add("tenant");
            Tenant tenant = all.get(id);
            if (tenant == null) {
                throw problem(TenancyProblem.TENANT_UNKNOWN);
            }
            return tenant;
        }

        @Override
        public Page<Tenant> tenants(PageRequest page) {
            touched.add("tenants");
            return new Page<>(
                    all.values().stream().limit(page.limit()).toList(), all.size() > page.limit() ? "more" : null);
        }

        @Override
        public TenantEnvironment createEnvironment(TenantId tenant, Environment environment) {
            touched.add("createEnvironment");
            return new TenantEnvironment(new Scope(tenant, environment), NOW);
        }

        @Override
        public Page<TenantEnvironment> environments(TenantId tenant, PageRequest page) {
            touched.add("environments");
            return new Page<>(List.of(new TenantEnvironment(Scope.of(tenant.value(), "dev"), NOW)), null);
        }

        @Override
        public void require(Scope scope) {
            touched.add("require");
        }
    }

    final class FakeTokens implements Tokens {
        @Override
        public NewToken create(
                String name,
                Role role,
                @Nullable TenantId tenant,
                @Nullable Environment environment,
                Duration lifetime,
                Principal creator) {
            touched.add("createToken");
            return new NewToken(
                    new Token("t1", name, role, tenant, environment, NOW, NOW.plus(lifetime), null, null),
                    "mst_t1_secret");
        }

        @Override
        public Page<Token> tokens(@Nullable TenantId tenant, PageRequest page) {
            touched.add("tokens");
            return new Page<>(
                    List.of(new Token("t1", "ci", Role.TENANT_DEVELOPER, tenant, null, NOW, NOW, null, null)), null);
        }

        @Override
        public void revoke(@Nullable TenantId tenant, String id) {
            touched.add("revokeToken");
        }
    }

    final class FakePublishers implements Publishers {
        @Override
        public PublisherKey trust(PublisherName publisher, String certificate) {
            touched.add("trust");
            if (!certificate.startsWith("-----BEGIN")) {
                throw problem(TrustProblem.CERTIFICATE_INVALID);
            }
            return key(publisher, null);
        }

        @Override
        public PublisherKey revoke(PublisherName publisher, Digest key, String reason) {
            touched.add("revokeKey");
            return key(publisher, reason);
        }

        @Override
        public Page<Publisher> publishers(PageRequest page) {
            touched.add("publishers");
            PublisherName name = new PublisherName("maestro");
            return new Page<>(List.of(new Publisher(name, List.of(key(name, null)))), null);
        }

        @Override
        public @Nullable PublisherKey key(Digest fingerprint) {
            return null;
        }

        private static PublisherKey key(PublisherName name, @Nullable String reason) {
            return new PublisherKey(name, DIGEST, "CN=x", NOW, NOW, reason == null ? null : NOW, reason);
        }
    }

    final class FakeDefinitions implements Definitions {
        long received;

        @Nullable
        ProblemCode refuse;

        @Override
        public Admitted admit(InputStream artifact, String source, String actor) throws IOException {
            touched.add("admit");
            if (refuse != null) {
                throw problem(refuse);
            }
            received = artifact.transferTo(OutputStream.nullOutputStream());
            return new Admitted(definition(), received != 5);
        }

        @Override
        public Definition definition(DefinitionId id) {
            touched.add("definition");
            if (!id.name().value().equals("storage-s3")) {
                throw problem(AdapterProblem.DEFINITION_UNKNOWN);
            }
            return definition();
        }

        @Override
        public Page<Definition> definitions(@Nullable AdapterName name, PageRequest page) {
            touched.add("definitions");
            return new Page<>(List.of(definition()), null);
        }

        @Override
        public Page<Quarantined> quarantine(PageRequest page) {
            touched.add("quarantine");
            return new Page<>(
                    List.of(new Quarantined(
                            3,
                            null,
                            12,
                            null,
                            null,
                            "upload",
                            "token:admin",
                            Problem.of(TrustProblem.SIGNATURE_MISSING, "no signature", "Sign it."),
                            NOW)),
                    null);
        }

        private static Definition definition() {
            AdapterManifest manifest = new AdapterManifest(
                    new DefinitionId(new AdapterName("storage-s3"), new AdapterVersion("1.0.0")),
                    new TypeName("storage"),
                    "1.0",
                    "Objects in S3",
                    "storage team",
                    "Apache-2.0",
                    new AdapterManifest.Risk("medium", "confidential", false),
                    new Json("{\"type\":\"object\"}"),
                    new AdapterManifest.Permissions(List.of("${endpoint}"), false, List.of()),
                    Json.EMPTY_OBJECT);
            return new Definition(manifest, DIGEST, 5, new PublisherName("maestro"), DIGEST, NOW, "token:admin");
        }
    }

    final class FakeInstances implements Instances {
        Observed outcome = Observed.RUNNING;
        final List<String> configurations = new ArrayList<>();
        final Map<String, Instance> all = new ConcurrentHashMap<>();

        @Override
        public Instance create(Scope scope, InstanceId id, DefinitionId definition, Json configuration, String actor) {
            touched.add("createInstance");
            configurations.add(configuration.text());
            Instance made = instance(scope, id, configuration, Wanted.RUNNING, Observed.PENDING, 1);
            if (all.putIfAbsent(scope + "/" + id, made) != null) {
                throw problem(AdapterProblem.INSTANCE_EXISTS);
            }
            return made;
        }

        @Override
        public Instance instance(Scope scope, InstanceId id) {
            touched.add("instance");
            Instance found = all.get(scope + "/" + id);
            if (found == null) {
                throw problem(AdapterProblem.INSTANCE_UNKNOWN);
            }
            return found;
        }

        @Override
        public Page<Instance> instances(Scope scope, PageRequest page) {
            touched.add("instances");
            return new Page<>(
                    all.values().stream().filter(i -> i.scope().equals(scope)).toList(), null);
        }

        @Override
        public Instance want(Scope scope, InstanceId id, Wanted wanted, @Nullable Long revision, String actor) {
            touched.add("want");
            Instance before = instance(scope, id);
            if (revision != null && revision != before.revision()) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
            Instance after = instance(
                    scope,
                    id,
                    before.configuration(),
                    wanted,
                    wanted == Wanted.STOPPED ? Observed.STOPPED : outcome,
                    before.revision() + 1);
            all.put(scope + "/" + id, after);
            return after;
        }

        @Override
        public void delete(Scope scope, InstanceId id, @Nullable Long revision, String actor) {
            touched.add("deleteInstance");
            Instance before = instance(scope, id);
            if (revision != null && revision != before.revision()) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
            all.remove(scope + "/" + id);
        }

        @Override
        public Instance await(Scope scope, InstanceId id, Duration patience) {
            touched.add("await " + patience.toSeconds());
            Instance now = instance(scope, id);
            if (now.observed() == Observed.PENDING) {
                now = instance(scope, id, now.configuration(), now.wanted(), outcome, now.revision());
                all.put(scope + "/" + id, now);
            }
            return now;
        }

        private static Instance instance(
                Scope scope, InstanceId id, Json configuration, Wanted wanted, Observed observed, long revision) {
            return new Instance(
                    scope,
                    id,
                    DefinitionId.parse("storage-s3@1.0.0"),
                    new TypeName("storage"),
                    configuration,
                    wanted,
                    observed,
                    observed == Observed.FAILED
                            ? Problem.of(AdapterProblem.INSTANCE_OPEN_FAILED, "bucket missing", "Create it.")
                            : null,
                    revision,
                    NOW,
                    NOW);
        }
    }

    /** A storage of one object per key, and an {@code echo} operation. */
    final class FakeCalls implements Calls {
        final Map<String, byte[]> objects = new ConcurrentSkipListMap<>();
        final List<String> inputs = new CopyOnWriteArrayList<>();
        final List<CallOptions> options = new CopyOnWriteArrayList<>();
        final AtomicLong uploaded = new AtomicLong();
        volatile String contentType = "text/plain";
        volatile String metadata = "{}";
        volatile Function<byte[], InputStream> content = ByteArrayInputStream::new;
        volatile long claimedSize = -1;
        final AtomicLong closed = new AtomicLong();

        @Override
        public byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions how) {
            touched.add("call");
            inputs.add(new String(input, StandardCharsets.UTF_8));
            options.add(how);
            return switch (operation.value()) {
                case "echo" -> input;
                case "list" -> "{\"objects\":[{\"key\":\"a\"}],\"next\":null}".getBytes(StandardCharsets.UTF_8);
                case "delete_object" -> "{\"key\":\"a\"}".getBytes(StandardCharsets.UTF_8);
                case "crash" -> throw new IllegalStateException("secret detail");
                case "busy" ->
                    throw Problem.of(AdapterProblem.CALL_BULKHEAD_FULL, "busy", "Wait.")
                            .with(io.maestro.model.Retry.after(Duration.ofMillis(1500)))
                            .asException();
                default -> throw problem(AdapterProblem.OPERATION_UNKNOWN);
            };
        }

        @Override
        public byte[] upload(
                Scope scope,
                InstanceId instance,
                OperationName operation,
                byte[] input,
                InputStream body,
                OptionalLong length,
                CallOptions how) {
            touched.add("upload " + (length.isPresent() ? length.getAsLong() : "?"));
            inputs.add(new String(input, StandardCharsets.UTF_8));
            String key = key(input);
            try {
                if (length.orElse(0) > 10_000_000 || length.isEmpty()) {
                    byte[] block = new byte[64 * 1024];
                    uploaded.set(0);
                    for (int n = body.read(block); n >= 0; n = body.read(block)) {
                        uploaded.addAndGet(n);
                    }
                    objects.put(key, new byte[0]);
                } else {
                    byte[] all = body.readAllBytes();
                    uploaded.set(all.length);
                    objects.put(key, all);
                }
            } catch (IOException e) {
                touched.add("upload broke");
                throw new UncheckedIOException(e);
            }
            return object(key, uploaded.get());
        }

        @Override
        public Download download(
                Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions how) {
            touched.add("download");
            String key = key(input);
            byte[] bytes = objects.get(key);
            if (bytes == null) {
                throw problem(AdapterProblem.OPERATION_UNKNOWN);
            }
            InputStream in = new java.io.FilterInputStream(content.apply(bytes)) {
                @Override
                public void close() throws IOException {
                    closed.incrementAndGet();
                    super.close();
                }
            };
            return new Download(object(key, claimedSize >= 0 ? claimedSize : bytes.length), in);
        }

        private static String key(byte[] input) {
            return new Wire().tree(input).path("key").asText();
        }

        private byte[] object(String key, long size) {
            Wire wire = new Wire();
            try {
                com.fasterxml.jackson.databind.node.ObjectNode node = wire.object();
                node.put("key", key).put("size", size).put("etag", "e1").put("contentType", contentType);
                node.put("lastModified", NOW.toString());
                node.set("metadata", wire.tree(metadata.getBytes(StandardCharsets.UTF_8)));
                return wire.bytes(node);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static final class FakeRequests implements IdempotentRequests {
        final Map<String, Object> claims = new ConcurrentHashMap<>();

        private record Entry(Digest request, @Nullable Claim done) {}

        @Override
        public Claim claim(String principal, String key, Digest request) {
            Entry before = (Entry) claims.putIfAbsent(principal + "/" + key, new Entry(request, null));
            if (before == null) {
                return new Claim.Fresh();
            }
            if (!before.request().equals(request)) {
                return new Claim.Reused();
            }
            return before.done() == null ? new Claim.Busy() : before.done();
        }

        @Override
        public void complete(
                String principal, String key, int status, @Nullable String location, byte @Nullable [] body) {
            claims.computeIfPresent(
                    principal + "/" + key,
                    (k, before) -> new Entry(((Entry) before).request(), new Claim.Done(status, location, body)));
        }

        @Override
        public void release(String principal, String key) {
            claims.remove(principal + "/" + key);
        }
    }
}
