package io.maestro.tenancy;

import static io.maestro.tenancy.tables.tenancy.Tables.ENGINE;
import static io.maestro.tenancy.tables.tenancy.Tables.ENVIRONMENT;
import static io.maestro.tenancy.tables.tenancy.Tables.MEMBER;
import static io.maestro.tenancy.tables.tenancy.Tables.OFFBOARDING;
import static io.maestro.tenancy.tables.tenancy.Tables.OFFBOARDING_PART;
import static io.maestro.tenancy.tables.tenancy.Tables.TENANT;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Offboardings as rows, and what the tenancy itself keeps of tenants. */
final class JooqDepartures implements TenantHoldings {
    private static final String OWN = "tenancy";

    private final Database database;
    private final InstantSource clock;

    JooqDepartures(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /**
     * How far an offboarding is.
     *
     * @param actor who asked for it
     * @param parts whether each engine is done, by name
     */
    record Row(TenantId tenant, Actor actor, boolean finished, Map<String, Boolean> parts) {}

    /** Refuses all access from now on and writes down who has to erase; beginning again changes nothing. */
    void begin(TenantId tenant, Collection<String> engines, Actor actor) {
        OffsetDateTime now = now();
        database.act(tenant, actor, sql -> {
            // before: waits for changes within the tenant that are under way; after: they see that it is leaving
            String state = lock(sql, tenant);
            if (state == null || state.equals(JooqTenants.GONE)) {
                throw JooqTenants.unknown(tenant);
            }
            if (state.equals(JooqTenants.LEAVING)) {
                return Act.unchanged(0);
            }
            sql.update(TENANT)
                    .set(TENANT.STATE, JooqTenants.LEAVING)
                    .set(TENANT.REVISION, TENANT.REVISION.plus(1))
                    .where(TENANT.TENANT_ID.eq(tenant.value()))
                    .execute();
            sql.insertInto(OFFBOARDING)
                    .set(OFFBOARDING.TENANT_ID, tenant.value())
                    .set(OFFBOARDING.REQUESTED_AT, now)
                    .set(OFFBOARDING.REQUESTED_BY, actor.id())
                    .set(OFFBOARDING.CORRELATION_ID, actor.correlationId())
                    .execute();
            addPart(sql, tenant, OWN);
            engines.forEach(engine -> addPart(sql, tenant, engine));
            return Act.done(
                    1,
                    Fact.changed(
                            "tenant.offboard",
                            Subject.of("tenant", tenant),
                            Json.object(Map.of("state", JooqTenants.ACTIVE)),
                            Json.object(Map.of("state", JooqTenants.LEAVING, "engines", engines))));
        });
    }

    /** The state, which stays until the transaction ends; null of a tenant that there is not. */
    private static @Nullable String lock(DSLContext sql, TenantId tenant) {
        return sql.select(TENANT.STATE)
                .from(TENANT)
                .where(TENANT.TENANT_ID.eq(tenant.value()))
                .forUpdate()
                .fetchOne(TENANT.STATE);
    }

    private static void addPart(DSLContext sql, TenantId tenant, String engine) {
        sql.insertInto(OFFBOARDING_PART)
                .set(OFFBOARDING_PART.TENANT_ID, tenant.value())
                .set(OFFBOARDING_PART.PART, engine)
                .onConflictDoNothing()
                .execute();
    }

    Optional<Row> find(TenantId tenant) {
        return database.inTenant(
                tenant,
                sql -> sql.selectFrom(OFFBOARDING)
                        .where(OFFBOARDING.TENANT_ID.eq(tenant.value()))
                        .fetchOptional(row -> new Row(
                                tenant,
                                new Actor(row.getRequestedBy(), row.getCorrelationId()),
                                row.getFinishedAt() != null,
                                parts(sql, tenant))));
    }

    private static Map<String, Boolean> parts(DSLContext sql, TenantId tenant) {
        Map<String, Boolean> parts = new TreeMap<>();
        sql.selectFrom(OFFBOARDING_PART)
                .where(OFFBOARDING_PART.TENANT_ID.eq(tenant.value()))
                .forEach(row -> parts.put(row.getPart(), row.getDoneAt() != null));
        return parts;
    }

    /** Tenants to which access is refused, those that have gone too. */
    Set<TenantId> refused() {
        return database.asPlatform(sql -> Set.copyOf(sql.select(TENANT.TENANT_ID)
                .from(TENANT)
                .where(TENANT.STATE.ne(JooqTenants.ACTIVE))
                .fetch(row -> new TenantId(row.value1()))));
    }

    /** Tenants that are not gone yet. */
    List<TenantId> unfinished() {
        return database.asPlatform(sql -> sql.select(OFFBOARDING.TENANT_ID)
                .from(OFFBOARDING)
                .where(OFFBOARDING.FINISHED_AT.isNull())
                .orderBy(OFFBOARDING.REQUESTED_AT)
                .fetch(row -> new TenantId(row.value1())));
    }

    /** The engines that have ever been there, but for the tenancy itself. */
    Set<String> engines() {
        return database.asPlatform(
                sql -> Set.copyOf(sql.select(ENGINE.NAME).from(ENGINE).fetch(ENGINE.NAME)));
    }

    /** Has these be among the engines that have ever been there. */
    void remember(Set<String> engines) {
        database.noteAsPlatform(sql -> engines.stream()
                .mapToInt(engine -> sql.insertInto(ENGINE)
                        .set(ENGINE.NAME, engine)
                        .onConflictDoNothing()
                        .execute())
                .sum());
    }

    /** Has these be parts too of an offboarding that is not finished, though they came after it began. */
    void join(TenantId tenant, Collection<String> engines) {
        database.note(tenant, sql -> {
            if (!JooqTenants.LEAVING.equals(lock(sql, tenant))) {
                return 0;
            }
            engines.forEach(engine -> addPart(sql, tenant, engine));
            return engines.size();
        });
    }

    /** The engine has nothing left of the tenant. */
    void done(TenantId tenant, String engine) {
        database.note(tenant, sql -> markDone(sql, tenant, engine));
    }

    private int markDone(DSLContext sql, TenantId tenant, String engine) {
        return sql.update(OFFBOARDING_PART)
                .set(OFFBOARDING_PART.DONE_AT, now())
                .where(OFFBOARDING_PART.TENANT_ID.eq(tenant.value()))
                .and(OFFBOARDING_PART.PART.eq(engine))
                .and(OFFBOARDING_PART.DONE_AT.isNull())
                .execute();
    }

    @Override
    public String name() {
        return OWN;
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        return database.inTenant(tenant, sql -> {
            long members = sql.fetchCount(
                    MEMBER,
                    MEMBER.TENANT_ID
                            .eq(tenant.value())
                            .and(environment == null ? DSL.noCondition() : MEMBER.ENVIRONMENT.eq(environment.value())));
            return environment == null
                    ? Map.of("members", members, "environments", (long)
                            sql.fetchCount(ENVIRONMENT, ENVIRONMENT.TENANT_ID.eq(tenant.value())))
                    : Map.of("members", members);
        });
    }

    /** Takes away members, environments and the display name, and finishes, once all other engines are done. */
    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        return database.act(tenant, actor, sql -> {
            if (!JooqTenants.LEAVING.equals(lock(sql, tenant))) {
                // another node was faster
                return Act.unchanged(true);
            }
            if (sql.fetchExists(
                    OFFBOARDING_PART,
                    OFFBOARDING_PART
                            .TENANT_ID
                            .eq(tenant.value())
                            .and(OFFBOARDING_PART.PART.ne(OWN))
                            .and(OFFBOARDING_PART.DONE_AT.isNull()))) {
                // another node knows an engine that this one does not
                return Act.unchanged(false);
            }
            sql.update(TENANT)
                    .set(TENANT.STATE, JooqTenants.GONE)
                    .set(TENANT.DISPLAY_NAME, tenant.value())
                    .set(TENANT.REVISION, TENANT.REVISION.plus(1))
                    .where(TENANT.TENANT_ID.eq(tenant.value()))
                    .execute();
            int members = sql.deleteFrom(MEMBER)
                    .where(MEMBER.TENANT_ID.eq(tenant.value()))
                    .execute();
            int environments = sql.deleteFrom(ENVIRONMENT)
                    .where(ENVIRONMENT.TENANT_ID.eq(tenant.value()))
                    .execute();
            markDone(sql, tenant, OWN);
            sql.update(OFFBOARDING)
                    .set(OFFBOARDING.FINISHED_AT, now())
                    .where(OFFBOARDING.TENANT_ID.eq(tenant.value()))
                    .execute();
            return Act.done(
                    true,
                    Fact.removed(
                            "tenant.erase",
                            Subject.of("tenant", tenant),
                            Json.object(Map.of("members", members, "environments", environments))));
        });
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
