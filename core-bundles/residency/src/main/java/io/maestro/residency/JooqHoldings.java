package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.DENIAL;
import static io.maestro.residency.tables.residency.Tables.ITEM;
import static io.maestro.residency.tables.residency.Tables.PLACEMENT;
import static io.maestro.residency.tables.residency.Tables.ROUTE;
import static io.maestro.residency.tables.residency.Tables.TRANSFER;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a tenant's data: items, the objects that have their bytes, and routes. When a tenant leaves, this goes; the
 * objects at outside storages stay, as everything that adapters have stored outside.
 */
final class JooqHoldings implements TenantHoldings {
    private final Database database;

    JooqHoldings(Database database) {
        this.database = database;
    }

    @Override
    public String name() {
        return "residency";
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        return database.inTenant(tenant, sql -> counts(sql, tenant, environment));
    }

    private static Map<String, Long> counts(DSLContext sql, TenantId tenant, @Nullable Environment environment) {
        return Map.of(
                "items", count(sql, ITEM, ITEM.TENANT_ID, ITEM.ENVIRONMENT, tenant, environment),
                "stored-objects",
                        count(sql, PLACEMENT, PLACEMENT.TENANT_ID, PLACEMENT.ENVIRONMENT, tenant, environment),
                "storage-routes", count(sql, ROUTE, ROUTE.TENANT_ID, ROUTE.ENVIRONMENT, tenant, environment));
    }

    private static long count(
            DSLContext sql,
            Table<?> table,
            Field<String> ofTenant,
            Field<String> ofEnvironment,
            TenantId tenant,
            @Nullable Environment environment) {
        Condition there = environment == null ? DSL.noCondition() : ofEnvironment.eq(environment.value());
        return sql.fetchCount(table, ofTenant.eq(tenant.value()), there);
    }

    /** What was moved and denied in it is of no use without it. */
    @Override
    public void emptied(Scope scope, Actor actor) {
        database.note(scope.tenant(), sql -> {
            sql.deleteFrom(DENIAL)
                    .where(
                            DENIAL.TENANT_ID.eq(scope.tenant().value()),
                            DENIAL.ENVIRONMENT.eq(scope.environment().value()))
                    .execute();
            return sql.deleteFrom(TRANSFER)
                    .where(
                            TRANSFER.TENANT_ID.eq(scope.tenant().value()),
                            TRANSFER.ENVIRONMENT.eq(scope.environment().value()))
                    .execute();
        });
    }

    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        database.note(tenant, sql -> {
            sql.deleteFrom(DENIAL).where(DENIAL.TENANT_ID.eq(tenant.value())).execute();
            return sql.deleteFrom(TRANSFER)
                    .where(TRANSFER.TENANT_ID.eq(tenant.value()))
                    .execute();
        });
        return database.act(tenant, actor, sql -> {
            Map<String, Long> before = counts(sql, tenant, null);
            if (before.values().stream().allMatch(count -> count == 0)) {
                return Act.unchanged(true);
            }
            sql.deleteFrom(ITEM).where(ITEM.TENANT_ID.eq(tenant.value())).execute();
            sql.deleteFrom(PLACEMENT)
                    .where(PLACEMENT.TENANT_ID.eq(tenant.value()))
                    .execute();
            sql.deleteFrom(ROUTE).where(ROUTE.TENANT_ID.eq(tenant.value())).execute();
            return Act.done(
                    true, Fact.removed("tenant.forget-data", Subject.of("tenant", tenant), Json.object(before)));
        });
    }
}
