package io.maestro.identity;

import static io.maestro.identity.tables.identity.Tables.PROVIDER;

import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.IdentityProviders.Description;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.IdentityProviders.Settings;
import io.maestro.api.identity.Role;
import io.maestro.api.tenancy.Tenants;
import io.maestro.identity.tables.identity.tables.records.ProviderRecord;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.ProviderName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Identity providers as rows. */
final class JooqProviders {
    /** So many at most of one tenant, or of the installation. */
    static final int MOST = 20;

    private final Database database;
    private final InstantSource clock;

    JooqProviders(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    IdentityProvider insert(
            String id,
            @Nullable TenantId tenant,
            ProviderName name,
            Settings settings,
            ProviderCalls.Described described,
            Tenants tenants,
            Actor actor) {
        return act(tenant, actor, sql -> {
            hold(sql, settings, tenants);
            // one at a time, so that the count and the name hold; few ever come
            sql.execute("select pg_advisory_xact_lock(hashtext({0}))", DSL.val("identity.provider/" + tenant));
            if (sql.fetchExists(PROVIDER, of(tenant), PROVIDER.NAME.eq(name.value()))) {
                throw Problem.of(
                                IdentityProblem.IDENTITY_PROVIDER_EXISTS,
                                "there is an identity provider " + name + " already",
                                "Choose another name, or change the one that is there.")
                        .asException();
            }
            if (sql.fetchCount(PROVIDER, of(tenant)) >= MOST) {
                throw Problem.of(
                                IdentityProblem.IDENTITY_PROVIDER_INVALID,
                                "there are " + MOST + " identity providers already",
                                "Remove one first.")
                        .asException();
            }
            Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            ProviderRecord row = sql.newRecord(PROVIDER);
            row.setId(id);
            row.setTenantId(tenant == null ? null : tenant.value());
            row.setName(name.value());
            row.setRevision(1L);
            row.setCreatedAt(at(now));
            fill(row, settings, now);
            fill(row, described.description());
            row.setInstanceFingerprint(described.fingerprint().hex());
            row.insert();
            IdentityProvider made = provider(row);
            return Act.done(made, Fact.made("identity-provider.create", subject(name), json(made)));
        });
    }

    /**
     * Changes a provider.
     *
     * @param described how its instance says that it is configured; null when it was not asked, and counts as it did
     * @param agreed whether somebody agrees to the instance as described; what was agreed to before stays otherwise
     */
    IdentityProvider update(
            @Nullable TenantId tenant,
            ProviderName name,
            Settings settings,
            ProviderCalls.@Nullable Described described,
            boolean agreed,
            @Nullable Long revision,
            Tenants tenants,
            Actor actor) {
        return act(tenant, actor, sql -> {
            hold(sql, settings, tenants);
            ProviderRecord row = locked(sql, tenant, name);
            IdentityProvider before = provider(row);
            Revision.check(revision, before.revision());
            fill(row, settings, clock.instant().truncatedTo(ChronoUnit.MICROS));
            if (described != null) {
                fill(row, described.description());
            }
            if (described != null && agreed) {
                row.setInstanceFingerprint(described.fingerprint().hex());
            } else if (!isAt(settings, before.settings())) {
                row.setInstanceFingerprint(null);
            }
            IdentityProvider after = provider(row);
            if (after.settings().equals(before.settings())
                    && after.description().equals(before.description())
                    && Objects.equals(after.agreed(), before.agreed())) {
                return Act.unchanged(before);
            }
            row.setRevision(before.revision() + 1);
            row.update();
            IdentityProvider changed = provider(row);
            List<Fact> facts = new ArrayList<>();
            facts.add(Fact.changed("identity-provider.change", subject(name), json(before), json(changed)));
            if (endsSessions(before, changed)) {
                facts.addAll(JooqSessions.endAllOf(sql, row.getId(), clock.instant()));
            }
            return new Act<>(changed, facts);
        });
    }

    /**
     * Whoever was known by a name before need not be who has it now, nor be granted the same by what stands behind the
     * provider now; and who was sent away by switching it off does not come back by itself.
     */
    private static boolean endsSessions(IdentityProvider before, IdentityProvider after) {
        return !before.description().issuer().equals(after.description().issuer())
                || !isAt(before.settings(), after.settings())
                || !Objects.equals(before.agreed(), after.agreed())
                || (before.settings().enabled() && !after.settings().enabled());
    }

    /** Whether both name the same instance. */
    static boolean isAt(Settings settings, Settings others) {
        return settings.scope().equals(others.scope()) && settings.instance().equals(others.instance());
    }

    private static void hold(DSLContext sql, Settings settings, Tenants tenants) {
        tenants.hold(
                new JooqTransaction(sql),
                settings.scope().tenant(),
                settings.scope().environment());
    }

    void delete(@Nullable TenantId tenant, ProviderName name, @Nullable Long revision, Actor actor) {
        act(tenant, actor, sql -> {
            ProviderRecord row = locked(sql, tenant, name);
            IdentityProvider before = provider(row);
            Revision.check(revision, before.revision());
            row.delete();
            List<Fact> facts = new ArrayList<>();
            facts.add(Fact.removed("identity-provider.remove", subject(name), json(before)));
            facts.addAll(JooqSessions.endAllOf(sql, before.id(), clock.instant()));
            return new Act<>(name, facts);
        });
    }

    IdentityProvider find(@Nullable TenantId tenant, ProviderName name) {
        return scoped(
                        tenant,
                        sql -> sql.selectFrom(PROVIDER)
                                .where(of(tenant), PROVIDER.NAME.eq(name.value()))
                                .fetchOptional(JooqProviders::provider))
                .orElseThrow(() -> unknown(name));
    }

    Page<IdentityProvider> list(@Nullable TenantId tenant, PageRequest page) {
        Condition later = Cursor.of("identity-providers", 1, page)
                .map(after -> PROVIDER.NAME.gt(after.text(0)))
                .orElseGet(DSL::noCondition);
        List<IdentityProvider> found = scoped(
                tenant,
                sql -> sql.selectFrom(PROVIDER)
                        .where(of(tenant), later)
                        .orderBy(PROVIDER.NAME)
                        .limit(page.limit() + 1)
                        .fetch(JooqProviders::provider));
        return Cursor.page(page, found, provider -> Cursor.at("identity-providers", provider.name()));
    }

    /** All providers of all tenants, oldest first: whoever presents a token is not known yet. */
    List<IdentityProvider> all() {
        return database.asPlatform(sql -> sql.selectFrom(PROVIDER)
                .orderBy(PROVIDER.CREATED_AT, PROVIDER.ID)
                .fetch(JooqProviders::provider));
    }

    static ProblemException unknown(ProviderName name) {
        return Problem.of(
                        IdentityProblem.IDENTITY_PROVIDER_UNKNOWN,
                        "there is no identity provider " + name + " here",
                        "List the identity providers of this tenant, or of the installation.")
                .asException();
    }

    private static ProviderRecord locked(DSLContext sql, @Nullable TenantId tenant, ProviderName name) {
        return Optional.ofNullable(sql.selectFrom(PROVIDER)
                        .where(of(tenant), PROVIDER.NAME.eq(name.value()))
                        .forUpdate()
                        .fetchOne())
                .orElseThrow(() -> unknown(name));
    }

    private static void fill(ProviderRecord row, Settings settings, Instant now) {
        row.setDisplayName(settings.displayName());
        row.setInstanceTenant(settings.scope().tenant().value());
        row.setInstanceEnvironment(settings.scope().environment().value());
        row.setInstance(settings.instance().value());
        row.setRoles(settings.roles().stream().map(Role::name).toArray(String[]::new));
        row.setEnabled(settings.enabled());
        row.setUpdatedAt(at(now));
    }

    private static void fill(ProviderRecord row, Description description) {
        row.setIssuer(description.issuer());
        row.setClientId(description.clientId());
        row.setScopes(description.scopes().toArray(String[]::new));
        row.setAudiences(description.audiences().toArray(String[]::new));
        row.setLogin(description.login());
    }

    private static IdentityProvider provider(ProviderRecord row) {
        String tenant = row.getTenantId();
        String agreed = row.getInstanceFingerprint();
        return new IdentityProvider(
                row.getId(),
                tenant == null ? null : new TenantId(tenant),
                new ProviderName(row.getName()),
                new Settings(
                        row.getDisplayName(),
                        Scope.of(row.getInstanceTenant(), row.getInstanceEnvironment()),
                        new InstanceId(row.getInstance()),
                        Arrays.stream(row.getRoles()).map(Role::valueOf).collect(Collectors.toSet()),
                        row.getEnabled()),
                new Description(
                        row.getIssuer(),
                        row.getClientId(),
                        List.of(row.getScopes()),
                        List.of(row.getAudiences()),
                        row.getLogin()),
                agreed == null ? null : new Digest(agreed),
                row.getRevision(),
                row.getCreatedAt().toInstant(),
                row.getUpdatedAt().toInstant());
    }

    private static Subject subject(ProviderName name) {
        return Subject.of("identity-provider", name);
    }

    private static Json json(IdentityProvider provider) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("displayName", provider.settings().displayName());
        members.put(
                "instance",
                provider.settings().scope() + "/" + provider.settings().instance());
        members.put("instanceFingerprint", provider.agreed());
        members.put("roles", provider.settings().roles());
        members.put("enabled", provider.settings().enabled());
        members.put("issuer", provider.description().issuer());
        members.put("clientId", provider.description().clientId());
        members.put("audiences", provider.description().audiences());
        members.put("login", provider.description().login());
        members.put("revision", provider.revision());
        return Json.object(members);
    }

    private <R> R act(@Nullable TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return tenant == null ? database.actAsPlatform(actor, change) : database.act(tenant, actor, change);
    }

    private <R> R scoped(@Nullable TenantId tenant, Function<DSLContext, R> work) {
        return tenant == null ? database.asPlatform(work) : database.inTenant(tenant, work);
    }

    private static Condition of(@Nullable TenantId tenant) {
        return tenant == null ? PROVIDER.TENANT_ID.isNull() : PROVIDER.TENANT_ID.eq(tenant.value());
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
