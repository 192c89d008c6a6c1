package io.maestro.residency;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells the tenancy what a tenant has here. Apart from the other services, which need the tenancy themselves: neither has
 * to wait for the other.
 */
@Component(service = TenantHoldings.class)
public final class ResidencyHoldingsComponent implements TenantHoldings {
    private final TenantHoldings holdings;

    @Activate
    public ResidencyHoldingsComponent(@Reference Database database) {
        database.migrate(JooqRoutes.MIGRATIONS);
        this.holdings = new JooqHoldings(database);
    }

    @Override
    public String name() {
        return holdings.name();
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        return holdings.count(tenant, environment);
    }

    @Override
    public void emptied(Scope scope, Actor actor) {
        holdings.emptied(scope, actor);
    }

    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        return holdings.erase(tenant, actor);
    }
}
