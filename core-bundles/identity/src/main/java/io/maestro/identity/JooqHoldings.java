package io.maestro.identity;

import static io.maestro.identity.tables.identity.Tables.PROVIDER;
import static io.maestro.identity.tables.identity.Tables.SESSION;
import static io.maestro.identity.tables.identity.Tables.TOKEN;

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
import java.time.ZoneOffset;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The ways in to a tenant: its tokens, identity providers and sessions. They go all at once; nodes that know one of them
 * forget it within seconds, and refuse the tenant anyway.
 */
final class JooqHoldings implements TenantHoldings {
    private final Database database;
    private final InstantSource clock;

    JooqHoldings(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        return database.inTenant(tenant, sql -> environment == null ? all(sql, tenant) : of(sql, tenant, environment));
    }

    private static Map<String, Long> all(DSLContext sql, TenantId tenant) {
        return Map.of(
                "tokens", count(sql, TOKEN, TOKEN.TENANT_ID.eq(tenant.value())),
                "identity-providers", count(sql, PROVIDER, PROVIDER.TENANT_ID.eq(tenant.value())),
                "sessions", count(sql, SESSION, SESSION.TENANT_ID.eq(tenant.value())));
    }

    /** What would be left pointing nowhere: tokens that are still good, and providers whose instance is there. */
    private Map<String, Long> of(DSLContext sql, TenantId tenant, Environment environment) {
        Condition good = TOKEN.REVOKED_AT
                .isNull()
                .and(TOKEN.EXPIRES_AT.gt(clock.instant().atOffset(ZoneOffset.UTC)));
        return Map.of(
                "tokens",
                count(sql, TOKEN, TOKEN.TENANT_ID.eq(tenant.value()), TOKEN.ENVIRONMENT.eq(environment.value()), good),
                "identity-providers",
                count(
                        sql,
                        PROVIDER,
                        PROVIDER.TENANT_ID.eq(tenant.value()),
                        PROVIDER.INSTANCE_ENVIRONMENT.eq(environment.value())));
    }

    private static long count(DSLContext sql, Table<?> table, Condition... conditions) {
        return sql.fetchCount(table, DSL.and(conditions));
    }

    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        return database.act(tenant, actor, sql -> {
            Map<String, Long> before = all(sql, tenant);
            if (before.values().stream().allMatch(count -> count == 0)) {
                return Act.unchanged(true);
            }
            sql.deleteFrom(SESSION).where(SESSION.TENANT_ID.eq(tenant.value())).execute();
            sql.deleteFrom(PROVIDER)
                    .where(PROVIDER.TENANT_ID.eq(tenant.value()))
                    .execute();
            sql.deleteFrom(TOKEN).where(TOKEN.TENANT_ID.eq(tenant.value())).execute();
            return Act.done(
                    true, Fact.removed("tenant.forget-callers", Subject.of("tenant", tenant), Json.object(before)));
        });
    }
}
