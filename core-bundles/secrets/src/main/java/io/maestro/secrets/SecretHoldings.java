package io.maestro.secrets;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a tenant and the data keys that sealed them. Who was given which secret is no holding: it tells that a tenant
 * was here, as receipts do, and goes when its 90 days are over.
 */
final class SecretHoldings implements TenantHoldings {
    private final JooqSecrets rows;

    SecretHoldings(JooqSecrets rows) {
        this.rows = rows;
    }

    @Override
    public String name() {
        return "secrets";
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        return Map.of("secrets", rows.count(tenant, environment));
    }

    @Override
    public void emptied(Scope scope, Actor actor) {
        rows.destroyDataKeys(scope, actor);
    }

    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        rows.eraseAll(tenant, actor);
        return true;
    }
}
