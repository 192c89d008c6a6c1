package io.maestro.tenancy;

import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.time.InstantSource;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Offers tenants once their schema is up to date. */
@Component
public final class TenantsComponent implements Tenants {
    private final Tenants tenants;

    @Activate
    public TenantsComponent(@Reference Database database) {
        database.migrate(JooqTenants.MIGRATIONS);
        this.tenants = new JooqTenants(database, InstantSource.system());
    }

    @Override
    public Tenant create(TenantId id, String displayName) {
        return tenants.create(id, displayName);
    }

    @Override
    public Tenant tenant(TenantId id) {
        return tenants.tenant(id);
    }

    @Override
    public Page<Tenant> tenants(PageRequest page) {
        return tenants.tenants(page);
    }

    @Override
    public TenantEnvironment createEnvironment(TenantId tenant, Environment environment) {
        return tenants.createEnvironment(tenant, environment);
    }

    @Override
    public Page<TenantEnvironment> environments(TenantId tenant, PageRequest page) {
        return tenants.environments(tenant, page);
    }

    @Override
    public void require(Scope scope) {
        tenants.require(scope);
    }
}
