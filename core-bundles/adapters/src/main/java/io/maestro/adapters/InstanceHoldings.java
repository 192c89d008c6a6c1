package io.maestro.adapters;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The instances of a tenant, with their folders. The rows go first; the reconciler then closes what is open and removes the
 * folders, as when a person deletes an instance. Nothing is left when the last folder has gone.
 */
final class InstanceHoldings implements TenantHoldings {
    private final JooqInstances rows;
    private final Reconciler reconciler;

    InstanceHoldings(JooqInstances rows, Reconciler reconciler) {
        this.rows = rows;
        this.reconciler = reconciler;
    }

    @Override
    public String name() {
        return "adapters";
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        return Map.of("instances", rows.count(tenant, environment), "folders", rows.countRemovals(tenant, environment));
    }

    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        rows.deleteAll(tenant, actor).forEach(reconciler::look);
        return rows.count(tenant, null) == 0 && rows.countRemovals(tenant, null) == 0;
    }
}
