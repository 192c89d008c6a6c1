package io.maestro.policy;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Offers what tenants have of policies; apart from the engine, which needs tenants while these need holdings. */
@Component
public final class PolicyHoldingsComponent implements TenantHoldings {
    private final JooqPolicyHoldings holdings;

    /** Brings the schema up to date; whichever component of this bundle comes first does. */
    @Activate
    public PolicyHoldingsComponent(@Reference Database database) {
        database.migrate(JooqDecisions.MIGRATIONS);
        this.holdings = new JooqPolicyHoldings(database);
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
    public boolean erase(TenantId tenant, Actor actor) {
        return holdings.erase(tenant, actor);
    }
}
