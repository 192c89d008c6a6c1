package io.maestro.policy;

import static io.maestro.policy.tables.policy.Tables.APPROVAL;
import static io.maestro.policy.tables.policy.Tables.PACK;
import static io.maestro.policy.tables.policy.Tables.PACK_KEY;
import static io.maestro.policy.tables.policy.Tables.TENANT_DOCUMENT;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant has of policies: packs, keys, settings and requests. Decisions are no holdings: they tell that a tenant was
 * here, and go when their 90 days are over.
 */
final class JooqPolicyHoldings implements TenantHoldings {
    private final Database database;

    JooqPolicyHoldings(Database database) {
        this.database = database;
    }

    @Override
    public String name() {
        return "policy";
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        return environment != null
                ? Map.of()
                : Map.of("policy-packs", database.inTenant(tenant, sql ->
                        (long) sql.fetchCount(PACK, PACK.TENANT_ID.eq(tenant.value()))));
    }

    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        database.act(tenant, actor, sql -> {
            String id = tenant.value();
            int gone = sql.deleteFrom(PACK).where(PACK.TENANT_ID.eq(id)).execute()
                    + sql.deleteFrom(PACK_KEY).where(PACK_KEY.TENANT_ID.eq(id)).execute()
                    + sql.deleteFrom(TENANT_DOCUMENT)
                            .where(TENANT_DOCUMENT.TENANT_ID.eq(id))
                            .execute()
                    + sql.deleteFrom(APPROVAL).where(APPROVAL.TENANT_ID.eq(id)).execute();
            if (gone == 0) {
                return Act.unchanged(0);
            }
            JooqPolicies.changed(sql);
            return Act.done(gone, Fact.removed("tenant.erase-policies", Subject.of("tenant", id), Json.EMPTY_OBJECT));
        });
        return true;
    }
}
