package io.maestro.rest;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Drifts;
import io.maestro.api.adapters.Drifts.Drift;
import io.maestro.api.adapters.Explanations.Cause;
import io.maestro.api.adapters.Explanations.Explanation;
import io.maestro.api.adapters.Explanations.Remedy;
import io.maestro.api.adapters.Finding;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.adapters.Instances;
import io.maestro.api.adapters.Leaks;
import io.maestro.api.adapters.Leaks.Holder;
import io.maestro.api.adapters.Leaks.Leak;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Requirement;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.AccessRules;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Sessions;
import io.maestro.api.identity.Tokens;
import io.maestro.api.node.Values;
import io.maestro.api.policy.Outcome;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.store.IdempotentRequests;
import io.maestro.api.store.Transaction;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.tenancy.Members;
import io.maestro.api.tenancy.Offboarding;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.TrustProblem;
import io.maestro.api.trust.Verification;
import io.maestro.api.trust.Verification.Check;
import io.maestro.model.Actor;
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
import io.maestro.model.ProviderName;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.telemetry.TelemetryComponent;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
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
    static final String SESSION = "acme-session";
    static final String GLOBEX = "globex-token";

    /** Every call that reached a service, by name; a refused request leaves none. */
    final List<String> touched = new CopyOnWriteArrayList<>();

    final FakeAccess access = new FakeAccess();
    final FakeGovernance governance = new FakeGovernance(touched);
    final List<SecurityEvents.Filter> filters = new CopyOnWriteArrayList<>();
    final FakeProviders providers = new FakeProviders();
    final FakeSessions sessions = new FakeSessions();
    final FakeTenants tenants = new FakeTenants();
    final FakeMembers members = new FakeMembers();
    final FakeOffboarding offboarding = new FakeOffboarding();
    final FakeInstances instances = new FakeInstances();
    final FakeActs acts = new FakeActs();
    final FakeRollouts rollouts = new FakeRollouts(touched);
    final FakeCalls calls = new FakeCalls();
    final FakeRegistry registry = new FakeRegistry();
    final FakeDefinitions definitions = new FakeDefinitions();
    final FakeRequests requests = new FakeRequests();
    final FakeSecrets secrets = new FakeSecrets();
    final FakeReceipts receipts = new FakeReceipts(touched);
    final FakeResidency residency = new FakeResidency(touched);
    final Metrics metrics = new TelemetryComponent();

    Services services() {
        return new Services(
                access,
                governance,
                governance,
                governance,
                governance,
                governance,
                governance,
                new FakeTokens(),
                (filter, page) -> {
                    touched.add("events");
                    filters.add(filter);
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
                providers,
                sessions,
                tenants,
                members,
                offboarding,
                new FakePublishers(),
                definitions,
                instances,
                acts,
                rollouts,
                registry,
                (scope, instance) -> {
                    touched.add("why");
                    Instances.Instance found = instances.instance(scope, instance);
                    return new Explanation(
                            scope,
                            instance,
                            found.definition(),
                            found.wanted(),
                            found.observed(),
                            List.of(new Cause(
                                    CauseCode.PACKAGE_MISSING,
                                    "a package is missing",
                                    new Json("{\"package\":\"com.example\"}"),
                                    new Remedy("Stops it.", "POST", "/api/x/stop", null, "maestro instance stop x"))));
                },
                (tenant, page) -> {
                    touched.add("drifts " + tenant);
                    return new Page<>(
                            List.of(new Drift(
                                    Scope.of("acme", "dev"),
                                    new InstanceId("files"),
                                    DefinitionId.parse("storage-s3@1.0.0"),
                                    "node-2",
                                    Instances.Wanted.RUNNING,
                                    Drifts.Kind.UNKNOWN,
                                    null,
                                    null,
                                    3,
                                    null,
                                    NOW,
                                    Duration.ofMinutes(2))),
                            null);
                },
                () -> {
                    touched.add("leaks");
                    return List.of(new Leak(
                            DefinitionId.parse("storage-s3@1.0.0"),
                            NOW,
                            Leaks.State.HELD,
                            NOW,
                            List.of(new Holder(
                                    Leaks.Kind.THREAD, "thread poll", "com.acme.Poll", Leaks.Rule.ENDS_ITS_THREADS))));
                },
                calls,
                secrets,
                receipts,
                receipts,
                requests,
                metrics,
                events,
                health,
                health,
                Values.usual(),
                residency,
                residency,
                residency,
                residency);
    }

    static RuntimeException problem(ProblemCode code) {
        return Problem.of(code, "the fake says so", "Mend it.").asException();
    }

    /** What anybody may, wherever they are confined to. */
    static final Set<Action> COMMON = EnumSet.of(
            Action.SELF,
            Action.PLATFORM_READ,
            Action.LIVE_READ,
            Action.TENANT_LIST,
            Action.APPROVAL_READ,
            Action.APPROVAL_DECIDE);

    static final class FakeAccess implements Access {
        final List<String> refused = new CopyOnWriteArrayList<>();
        final List<Origin> origins = new CopyOnWriteArrayList<>();
        final List<Credentials> shown = new CopyOnWriteArrayList<>();
        private final Map<String, Principal> others = new ConcurrentHashMap<>();
        volatile BiConsumer<Action, String> asked = (action, scope) -> {};

        @Override
        public Principal authenticate(Credentials credentials, Origin origin) {
            origins.add(origin);
            shown.add(credentials);
            String bearer = SESSION.equals(credentials.session()) ? ACME : credentials.bearer();
            return switch (bearer == null ? "" : bearer) {
                case ADMIN -> Principal.of("token:admin", "admin", Role.PLATFORM_ADMIN, null, null);
                case ACME -> Principal.of("token:acme", "acme", Role.TENANT_ADMIN, new TenantId("acme"), null);
                case GLOBEX -> Principal.of("token:globex", "globex", Role.TENANT_ADMIN, new TenantId("globex"), null);
                default -> known(bearer);
            };
        }

        /** What was revoked since. */
        final Set<String> revoked = ConcurrentHashMap.newKeySet();

        @Override
        public Optional<Principal> presentNow(Credentials credentials, Origin origin) {
            String bearer = credentials.bearer();
            return bearer != null && revoked.contains(bearer)
                    ? Optional.empty()
                    : Optional.of(authenticate(credentials, origin));
        }

        /** Whoever {@link #as} made. */
        private Principal known(@Nullable String bearer) {
            Principal principal = bearer == null ? null : others.get(bearer);
            if (principal == null) {
                throw problem(IdentityProblem.UNAUTHENTICATED);
            }
            return principal;
        }

        /** A token of a principal with this role. */
        String as(Role role, @Nullable TenantId tenant, @Nullable Environment environment) {
            String bearer = "as-" + role + "-" + tenant + "-" + environment;
            others.put(bearer, Principal.of("token:" + bearer, bearer, role, tenant, environment));
            return bearer;
        }

        @Override
        public void authorize(
                Principal principal,
                Action action,
                @Nullable TenantId tenant,
                @Nullable Environment environment,
                Origin origin) {
            asked.accept(action, tenant + "/" + environment);
            boolean allowed =
                    AccessRules.against(principal, action, tenant, environment).isEmpty();
            if (!allowed) {
                refused.add(principal.id() + " " + action);
                throw problem(IdentityProblem.FORBIDDEN);
            }
        }
    }

    /** One instance that fails. */
    final FakeHealth health = new FakeHealth();

    /** Events that a test tells. */
    final FakeEvents events = new FakeEvents();

    final class FakeTenants implements Tenants {
        final Map<TenantId, Tenant> all = new ConcurrentSkipListMap<>();

        @Override
        public Tenant create(TenantId id, String displayName, Actor actor) {
            touched.add("createTenant");
            Tenant tenant = new Tenant(id, displayName, Tenant.State.ACTIVE, 1, NOW);
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
        public Page<Tenant> tenants(String prefix, PageRequest page) {
            touched.add("tenants");
            List<Tenant> found = all.values().stream()
                    .filter(tenant -> tenant.id().value().startsWith(prefix))
                    .toList();
            return new Page<>(found.stream().limit(page.limit()).toList(), found.size() > page.limit() ? "more" : null);
        }

        @Override
        public Tenant rename(TenantId id, String displayName, @Nullable Long revision, Actor actor) {
            touched.add("renameTenant");
            Tenant before = tenant(id);
            if (revision != null && revision != before.revision()) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
            Tenant after = new Tenant(id, displayName, before.state(), before.revision() + 1, NOW);
            all.put(id, after);
            return after;
        }

        @Override
        public TenantEnvironment environment(Scope scope) {
            touched.add("environment");
            return new TenantEnvironment(scope, NOW);
        }

        @Override
        public void deleteEnvironment(Scope scope, @Nullable Instant createdAt, Actor actor) {
            touched.add("deleteEnvironment");
            if (createdAt != null && !createdAt.equals(NOW)) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
        }

        @Override
        public TenantEnvironment createEnvironment(TenantId tenant, Environment environment, Actor actor) {
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

        @Override
        public void hold(Transaction act, TenantId tenant, @Nullable Environment environment) {
            touched.add("hold");
        }
    }

    final class FakeMembers implements Members {
        final Map<String, Member> all = new ConcurrentSkipListMap<>();

        @Override
        public Optional<Member> member(TenantId tenant, String principal) {
            touched.add("member");
            return Optional.ofNullable(all.get(principal));
        }

        @Override
        public Page<Member> members(TenantId tenant, PageRequest page) {
            touched.add("members");
            return new Page<>(List.copyOf(all.values()), null);
        }

        @Override
        public Member put(TenantId tenant, String principal, Grant grant, Expected expected, Actor actor) {
            touched.add("putMember");
            Member before = all.get(principal);
            boolean holds = switch (expected) {
                case Expected.Anything anything -> true;
                case Expected.Absence absence -> before == null;
                case Expected.Revision revision -> before != null && before.revision() == revision.value();
            };
            if (!holds) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
            Member after = new Member(tenant, principal, grant, before == null ? 1 : before.revision() + 1, NOW, NOW);
            all.put(principal, after);
            return after;
        }

        @Override
        public Optional<Member> before(TenantId tenant, String principal, @Nullable Grant grant, Expected expected) {
            touched.add("before");
            if (grant == null && !all.containsKey(principal)) {
                throw problem(TenancyProblem.MEMBER_UNKNOWN);
            }
            return Optional.ofNullable(all.get(principal));
        }

        @Override
        public void remove(TenantId tenant, String principal, @Nullable Long revision, Actor actor) {
            touched.add("removeMember " + revision);
            if (all.remove(principal) == null) {
                throw problem(TenancyProblem.MEMBER_UNKNOWN);
            }
        }
    }

    final class FakeOffboarding implements Offboarding {
        final Set<TenantId> leaving = ConcurrentHashMap.newKeySet();

        @Override
        public Departure plan(TenantId tenant) {
            touched.add("plan");
            return departure(tenant, Stage.PLANNED);
        }

        @Override
        public Departure begin(TenantId tenant, String confirmation, Actor actor) {
            touched.add("begin " + confirmation);
            leaving.add(tenant);
            return departure(tenant, Stage.RUNNING);
        }

        @Override
        public Departure departure(TenantId tenant) {
            touched.add("departure");
            return departure(tenant, Stage.FINISHED);
        }

        @Override
        public boolean leaving(TenantId tenant) {
            return leaving.contains(tenant);
        }

        private static Departure departure(TenantId tenant, Stage stage) {
            return new Departure(tenant, stage, List.of(new Part("adapters", false, Map.of("instances", 2L))));
        }
    }

    final class FakeTokens implements Tokens {
        @Override
        public NewToken create(
                String name,
                Set<Role> roles,
                @Nullable TenantId tenant,
                @Nullable Environment environment,
                Duration lifetime,
                Principal creator,
                Actor actor) {
            touched.add("createToken");
            return new NewToken(
                    new Token("t1", name, roles, tenant, environment, NOW, NOW.plus(lifetime), null, null, null, 1),
                    "mst_t1_secret");
        }

        @Override
        public Page<Token> tokens(@Nullable TenantId tenant, PageRequest page) {
            touched.add("tokens");
            return new Page<>(
                    List.of(new Token(
                            "t1", "ci", Set.of(Role.TENANT_DEVELOPER), tenant, null, NOW, NOW, null, null, null, 1)),
                    null);
        }

        @Override
        public NewToken rotate(
                @Nullable TenantId tenant,
                String id,
                Duration grace,
                @Nullable Long revision,
                Principal rotator,
                Actor actor) {
            touched.add("rotateToken " + id + " " + grace + " " + revision);
            return new NewToken(
                    new Token(
                            id,
                            "ci",
                            Set.of(Role.TENANT_DEVELOPER),
                            tenant,
                            null,
                            NOW,
                            NOW,
                            null,
                            null,
                            NOW.plus(grace),
                            2),
                    "mst_t1_another");
        }

        @Override
        public void revoke(
                @Nullable TenantId tenant, String id, @Nullable Long revision, Principal revoker, Actor actor) {
            touched.add("revokeToken");
        }
    }

    final class FakeProviders implements IdentityProviders {
        static final Digest AGREED = new Digest("a".repeat(64));

        /** What the instance of each is now. */
        volatile @Nullable Digest present = AGREED;

        final Map<ProviderName, IdentityProvider> all =
                new ConcurrentSkipListMap<>(Comparator.comparing(ProviderName::value));

        @Override
        public IdentityProvider create(
                @Nullable TenantId tenant, ProviderName name, Settings settings, Principal creator, Actor actor) {
            touched.add("createProvider");
            IdentityProvider made = provider(tenant, name, settings, 1);
            all.put(name, made);
            return made;
        }

        @Override
        public IdentityProvider provider(@Nullable TenantId tenant, ProviderName name) {
            touched.add("provider");
            IdentityProvider found = all.get(name);
            if (found == null) {
                throw problem(IdentityProblem.IDENTITY_PROVIDER_UNKNOWN);
            }
            return found;
        }

        @Override
        public Page<IdentityProvider> providers(@Nullable TenantId tenant, PageRequest page) {
            touched.add("providers");
            return new Page<>(List.copyOf(all.values()), null);
        }

        @Override
        public IdentityProvider change(
                @Nullable TenantId tenant,
                ProviderName name,
                Settings settings,
                @Nullable Digest agreed,
                @Nullable Long revision,
                Principal changer,
                Actor actor) {
            touched.add("changeProvider");
            if (agreed != null) {
                touched.add("agreed " + agreed);
            }
            IdentityProvider before = provider(tenant, name);
            if (revision != null && revision != before.revision()) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
            IdentityProvider after = provider(tenant, name, settings, before.revision() + 1);
            all.put(name, after);
            return after;
        }

        @Override
        public @Nullable Digest present(IdentityProvider provider) {
            return present;
        }

        @Override
        public void remove(@Nullable TenantId tenant, ProviderName name, @Nullable Long revision, Actor actor) {
            touched.add("removeProvider");
            all.remove(name);
        }

        @Override
        public List<IdentityProvider> offered(@Nullable TenantId tenant) {
            touched.add("offered " + tenant);
            return List.copyOf(all.values());
        }

        private static IdentityProvider provider(
                @Nullable TenantId tenant, ProviderName name, Settings settings, long revision) {
            return new IdentityProvider(
                    "0123456789abcdef",
                    tenant,
                    name,
                    settings,
                    new Description("https://idp.example", "maestro", List.of("openid"), List.of("maestro"), true),
                    AGREED,
                    revision,
                    NOW,
                    NOW);
        }
    }

    final class FakeSessions implements Sessions {
        final List<Return> returns = new CopyOnWriteArrayList<>();

        private static final Session ONE = new Session(
                "s1",
                new TenantId("acme"),
                new ProviderName("corp"),
                "user:corp/ada",
                "Ada",
                Set.of(Role.TENANT_ADMIN),
                NOW,
                NOW,
                NOW.plus(Duration.ofHours(24)));

        @Override
        public Begun begin(@Nullable TenantId tenant, ProviderName provider, String returnTo, URI callbacks) {
            touched.add("begin " + tenant + " " + provider + " " + returnTo + " " + callbacks);
            return new Begun(URI.create("https://idp.example/authorize?state=s"), "sealed");
        }

        @Override
        public Completed complete(Return back, URI callbacks, Origin origin) {
            touched.add("complete " + callbacks);
            returns.add(back);
            if (!"sealed".equals(back.cookie())) {
                throw problem(IdentityProblem.LOGIN_REFUSED);
            }
            return new Completed("new-session", ONE, "/console?tab=1");
        }

        @Override
        public Own own(@Nullable String cookie) {
            touched.add("own");
            if (cookie == null) {
                throw problem(IdentityProblem.SESSION_UNKNOWN);
            }
            return new Own(ONE, "csrf");
        }

        @Override
        public void logout(@Nullable String cookie, Actor actor) {
            touched.add("logout " + cookie);
        }

        @Override
        public Page<Session> sessions(@Nullable TenantId tenant, PageRequest page) {
            touched.add("sessions");
            return new Page<>(List.of(ONE), null);
        }

        @Override
        public void end(@Nullable TenantId tenant, String id, Principal ender, Actor actor) {
            touched.add("end " + tenant + " " + id);
        }
    }

    final class FakePublishers implements Publishers {
        @Override
        public PublisherKey trust(PublisherName publisher, String certificate, Actor actor) {
            touched.add("trust");
            if (!certificate.startsWith("-----BEGIN")) {
                throw problem(TrustProblem.CERTIFICATE_INVALID);
            }
            return key(publisher, null);
        }

        @Override
        public PublisherKey revoke(PublisherName publisher, Digest key, String reason, Actor actor) {
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
        volatile long received;

        @Nullable
        ProblemCode refuse;

        /** What happens while the signature is verified. */
        Runnable verifying = () -> {};

        volatile Json schema = new Json("{\"type\":\"object\"}");

        @Override
        public Admitted admit(
                InputStream artifact, String source, @Nullable Digest expected, Actor actor, Verification verification)
                throws IOException {
            touched.add("admit");
            verify(artifact, verification);
            return new Admitted(definition(), received != 5);
        }

        @Override
        public Plan plan(InputStream artifact, Actor actor, Verification verification) throws IOException {
            touched.add("planInstall");
            verify(artifact, verification);
            return acts.plan(
                    new InstanceAct.Create(
                            Scope.of("acme", "prod"),
                            new InstanceId("files"),
                            definition().id(),
                            Json.EMPTY_OBJECT),
                    actor);
        }

        private void verify(InputStream artifact, Verification verification) throws IOException {
            verification.begin(Check.BYTES);
            received = artifact.transferTo(OutputStream.nullOutputStream());
            verification.passed(received + " bytes");
            verification.begin(Check.SIGNATURE);
            verifying.run();
            if (refuse != null) {
                RuntimeException refusal = problem(refuse);
                verification.failed("not signed");
                throw refusal;
            }
            verification.passed("signed by the publisher \"maestro\"");
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
        public Plan planUninstall(DefinitionId id, Actor actor) {
            touched.add("planUninstall " + id);
            return acts.plan(
                    new InstanceAct.Create(
                            Scope.of("acme", "prod"),
                            new InstanceId("files"),
                            definition(id).id(),
                            Json.EMPTY_OBJECT),
                    actor);
        }

        @Override
        public void uninstall(DefinitionId id, @Nullable Digest expected, Actor actor) {
            touched.add("uninstall " + id);
            if (refuse != null) {
                throw problem(refuse);
            }
            var _ = definition(id);
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

        private Definition definition() {
            AdapterManifest manifest = new AdapterManifest(
                    new DefinitionId(new AdapterName("storage-s3"), new AdapterVersion("1.0.0")),
                    new TypeName("storage"),
                    "1.0",
                    "Objects in S3",
                    "storage team",
                    "Apache-2.0",
                    new AdapterManifest.Risk("medium", "confidential", false),
                    schema,
                    new AdapterManifest.Permissions(List.of("${endpoint}"), false, List.of()),
                    Json.EMPTY_OBJECT);
            return new Definition(
                    manifest,
                    DIGEST,
                    5,
                    new PublisherName("maestro"),
                    DIGEST,
                    NOW,
                    "token:admin",
                    List.of(new Setting("/bucket", true, false)));
        }
    }

    final class FakeRegistry implements Registry {
        final List<Object> asked = new CopyOnWriteArrayList<>();
        final List<Finding> findings = new CopyOnWriteArrayList<>();

        @Override
        public List<Type> types() {
            touched.add("types");
            return List.of(new Type(
                    new TypeName("storage"), "1.0", List.of(new TypeOperation(new OperationName("list"), false))));
        }

        @Override
        public Page<Definitions.Definition> definitions(DefinitionQuery query, PageRequest page) {
            touched.add("definitions");
            asked.add(query);
            return new Page<>(List.of(definitions.definition()), null);
        }

        @Override
        public Page<Outdated> outdated(boolean preReleases, PageRequest page) {
            touched.add("outdated");
            asked.add(preReleases);
            return new Page<>(
                    List.of(new Outdated(DefinitionId.parse("storage-s3@1.0.0"), new AdapterVersion("1.1.0"))), null);
        }

        @Override
        public Page<Instances.Instance> instances(TenantId tenant, InstanceQuery query, PageRequest page) {
            touched.add("instances");
            asked.add(query);
            return new Page<>(
                    instances.all.values().stream()
                            .filter(one -> one.scope().tenant().equals(tenant))
                            .filter(one -> query.environment() == null
                                    || one.scope().environment().equals(query.environment()))
                            .toList(),
                    null);
        }

        @Override
        public Page<Instances.Instance> instancesOf(
                DefinitionId definition,
                @Nullable TenantId tenant,
                @Nullable Environment environment,
                PageRequest page) {
            touched.add("instancesOf");
            asked.add(definition + " " + tenant + " " + environment);
            return new Page<>(List.of(), null);
        }

        @Override
        public Page<Installed> installed(
                TenantId tenant, @Nullable Environment environment, @Nullable TypeName type, PageRequest page) {
            touched.add("installed");
            asked.add(tenant + " " + environment + " " + type);
            return new Page<>(
                    List.of(new Installed(
                            new Environment("dev"),
                            DefinitionId.parse("storage-s3@1.0.0"),
                            new TypeName("storage"),
                            3,
                            null)),
                    null);
        }

        @Override
        public Page<Upgradable> upgradable(
                TenantId tenant, @Nullable Environment environment, boolean preReleases, PageRequest page) {
            touched.add("upgradable");
            asked.add(tenant + " " + environment + " " + preReleases);
            return new Page<>(
                    List.of(new Upgradable(
                            new Scope(tenant, new Environment("dev")),
                            new InstanceId("files"),
                            DefinitionId.parse("storage-s3@1.0.0"),
                            new AdapterVersion("1.1.0"))),
                    null);
        }

        @Override
        public List<Dependent> dependents(Scope scope, InstanceId instance) {
            touched.add("dependents");
            return List.of(new Dependent("workflow", "w1", "Onboarding"));
        }

        @Override
        public List<Finding> check(Scope scope, List<Requirement> wanted) {
            touched.add("check");
            asked.addAll(wanted);
            return List.copyOf(findings);
        }
    }

    final class FakeSecrets implements Secrets {
        final List<String> values = new CopyOnWriteArrayList<>();

        @Override
        public KeptSecret put(Scope scope, SecretName name, String value, @Nullable Long version, Actor actor) {
            touched.add("putSecret");
            if (version != null && version != values.size()) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
            values.add(value);
            return kept(scope, name);
        }

        @Override
        public KeptSecret secret(Scope scope, SecretName name) {
            touched.add("secret");
            if (name.value().equals("missing")) {
                throw problem(SecretProblem.SECRET_UNKNOWN);
            }
            return kept(scope, name);
        }

        @Override
        public Page<KeptSecret> secrets(Scope scope, PageRequest page) {
            touched.add("secrets");
            return new Page<>(List.of(kept(scope, new SecretName("shared/database"))), null);
        }

        @Override
        public void delete(Scope scope, SecretName name, @Nullable Long version, Actor actor) {
            touched.add("deleteSecret");
            throw problem(SecretProblem.SECRET_IN_USE);
        }

        @Override
        public Page<Read> reads(Scope scope, PageRequest page) {
            touched.add("reads");
            return new Page<>(
                    List.of(new Read(
                            new SecretName("shared/database"), 2, new InstanceId("files"), Purpose.OPEN, NOW, "-")),
                    null);
        }

        @Override
        public RotatedDataKey rotateDataKey(Scope scope, Actor actor) {
            touched.add("rotateDataKey");
            return new RotatedDataKey(scope, 2, 7);
        }

        @Override
        public RotatedMasterKey rotateMasterKey(Actor actor) {
            touched.add("rotateMasterKey");
            return new RotatedMasterKey("0123456789abcdef", 3);
        }

        private KeptSecret kept(Scope scope, SecretName name) {
            return new KeptSecret(
                    scope,
                    name,
                    values.size(),
                    NOW,
                    NOW,
                    List.of(new Version(values.size(), NOW, "token:acme")),
                    List.of(new InstanceId("files")));
        }
    }

    final class FakeInstances implements Instances {
        Observed outcome = Observed.RUNNING;
        final List<String> configurations = new ArrayList<>();
        final Map<String, Instance> all = new ConcurrentHashMap<>();

        @Override
        public Instance create(Scope scope, InstanceId id, DefinitionId definition, Json configuration, Actor actor) {
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
        public Instance configure(
                Scope scope, InstanceId id, Json configuration, @Nullable Long revision, Actor actor) {
            touched.add("configureInstance");
            Instance before = instance(scope, id);
            if (revision != null && revision != before.revision()) {
                throw problem(CallerProblem.REVISION_CHANGED);
            }
            Instance after =
                    instance(scope, id, configuration, before.wanted(), Observed.PENDING, before.revision() + 1);
            all.put(scope + "/" + id, after);
            return after;
        }

        @Override
        public Instance want(Scope scope, InstanceId id, Wanted wanted, @Nullable Long revision, Actor actor) {
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
        public void delete(Scope scope, InstanceId id, @Nullable Long revision, Actor actor) {
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

    /** Does what {@link #instances} does, and plans it with the same digest for ever. */
    final class FakeActs implements InstanceActs {
        @Override
        public Plan plan(InstanceAct act, Actor actor) {
            touched.add("plan");
            if (!(act instanceof InstanceAct.Create)) {
                var _ = instances.instance(act.scope(), act.instance());
            }
            List<String> switched = List.of(act.scope() + "/" + act.instance());
            return new Plan(
                    "instance.act",
                    act.scope() + "/" + act.instance(),
                    null,
                    DefinitionId.parse("storage-s3@1.0.0"),
                    new Plan.Effects(
                            List.of(),
                            List.of(),
                            List.of(),
                            List.of(),
                            switched,
                            List.of(act.scope().tenant().value())),
                    new Plan.Permissions(List.of("files"), List.of(), List.of(), List.of()),
                    null,
                    new Plan.Policy(Outcome.ALLOW, List.of(), List.of()),
                    new Plan.Undo("instance.undo", "maestro instance undo"),
                    List.of(),
                    DIGEST);
        }

        @Override
        public Optional<Instances.Instance> carryOut(InstanceAct act, @Nullable Digest plan, Actor actor) {
            if (plan != null && !plan.equals(DIGEST)) {
                throw problem(AdapterProblem.PLAN_CHANGED);
            }
            return switch (act) {
                case InstanceAct.Create create ->
                    Optional.of(instances.create(
                            create.scope(), create.instance(), create.definition(), create.configuration(), actor));
                case InstanceAct.Configure configure ->
                    Optional.of(instances.configure(
                            configure.scope(),
                            configure.instance(),
                            configure.configuration(),
                            configure.revision(),
                            actor));
                case InstanceAct.Want want ->
                    Optional.of(instances.want(want.scope(), want.instance(), want.wanted(), want.revision(), actor));
                case InstanceAct.Upgrade upgrade ->
                    Optional.of(instances.want(
                            upgrade.scope(), upgrade.instance(), Instances.Wanted.RUNNING, upgrade.revision(), actor));
                case InstanceAct.Rollback rollback ->
                    Optional.of(instances.want(
                            rollback.scope(),
                            rollback.instance(),
                            Instances.Wanted.RUNNING,
                            rollback.revision(),
                            actor));
                case InstanceAct.Delete delete -> {
                    instances.delete(delete.scope(), delete.instance(), delete.revision(), actor);
                    yield Optional.empty();
                }
            };
        }

        @Override
        public Trial tryOut(InstanceAct.Create act, Actor actor) {
            touched.add("tryOut");
            return new Trial(ProbeState.UP, null, Duration.ofMillis(12), Duration.ofMillis(3));
        }

        @Override
        public Trial tryOut(InstanceAct.Configure act, Actor actor) {
            var _ = instances.instance(act.scope(), act.instance());
            touched.add("tryOut");
            return new Trial(ProbeState.DOWN, "nobody answers", Duration.ofMillis(12), Duration.ofMillis(3));
        }

        @Override
        public Page<InstanceActs.Version> versions(Scope scope, InstanceId instance, PageRequest page) {
            touched.add("versions");
            Instances.Instance now = instances.instance(scope, instance);
            return new Page<>(
                    List.of(new InstanceActs.Version(
                            1, now.definition(), now.configuration(), NOW, "token:acme", "create")),
                    null);
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
        volatile @Nullable String sha256;
        volatile String listed =
                "{\"objects\":[{\"key\":\"a\",\"size\":1,\"etag\":\"1\",\"lastModified\":\"2026-01-02T03:04:05Z\"}],\"next\":null}";
        volatile Function<byte[], InputStream> content = ByteArrayInputStream::new;
        volatile long claimedSize = -1;
        final AtomicLong closed = new AtomicLong();

        @Override
        public Digest fingerprint(Scope scope, InstanceId instance) {
            throw new UnsupportedOperationException();
        }

        @Override
        public byte[] call(Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions how) {
            touched.add("call");
            inputs.add(new String(input, StandardCharsets.UTF_8));
            options.add(how);
            return switch (operation.value()) {
                case "echo" -> input;
                case "list" -> listed.getBytes(StandardCharsets.UTF_8);
                case "head_object" -> object(key(input), stored(key(input)).length, null);
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
            options.add(how);
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
            return object(key, uploaded.get(), null);
        }

        @Override
        public Download download(
                Scope scope, InstanceId instance, OperationName operation, byte[] input, CallOptions how) {
            touched.add("download");
            String key = key(input);
            byte[] bytes = stored(key);
            com.fasterxml.jackson.databind.JsonNode asked = new Wire().tree(input);
            com.fasterxml.jackson.databind.node.ObjectNode range = null;
            if (asked.hasNonNull("offset")) {
                int offset = asked.path("offset").asInt();
                if (offset >= bytes.length) {
                    throw problem(io.maestro.adapter.spi.storage.StorageProblem.STORAGE_RANGE_UNSATISFIABLE);
                }
                int length = Math.min(asked.path("length").asInt(bytes.length), bytes.length - offset);
                range = new Wire().object().put("offset", offset).put("length", length);
                bytes = java.util.Arrays.copyOfRange(bytes, offset, offset + length);
            }
            long size = stored(key).length;
            InputStream in = new java.io.FilterInputStream(content.apply(bytes)) {
                @Override
                public void close() throws IOException {
                    closed.incrementAndGet();
                    super.close();
                }
            };
            return new Download(object(key, claimedSize >= 0 ? claimedSize : size, range), in);
        }

        private byte[] stored(String key) {
            byte[] bytes = objects.get(key);
            if (bytes == null) {
                throw problem(AdapterProblem.OPERATION_UNKNOWN);
            }
            return bytes;
        }

        private static String key(byte[] input) {
            return new Wire().tree(input).path("key").asText();
        }

        private byte[] object(String key, long size, com.fasterxml.jackson.databind.node.@Nullable ObjectNode range) {
            Wire wire = new Wire();
            try {
                com.fasterxml.jackson.databind.node.ObjectNode node = wire.object();
                node.put("key", key).put("size", size).put("etag", "e1").put("contentType", contentType);
                node.put("lastModified", NOW.toString());
                node.set("metadata", wire.tree(metadata.getBytes(StandardCharsets.UTF_8)));
                node.put("sha256", sha256);
                if (range != null) {
                    node.set("range", range);
                }
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
