package io.maestro.api.tenancy;

import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import org.osgi.annotation.versioning.ProviderType;

/** The tenants of this installation. Blocks on the database; any thread. */
@ProviderType
public interface Tenants {
    /**
     * Creates a tenant with the environments {@code dev}, {@code staging} and {@code prod}.
     *
     * @throws io.maestro.model.ProblemException {@link TenancyProblem#TENANT_EXISTS}
     */
    Tenant create(TenantId id, String displayName);

    /** The tenant, or {@link TenancyProblem#TENANT_UNKNOWN}. */
    Tenant tenant(TenantId id);

    /** All tenants, by name. */
    Page<Tenant> tenants(PageRequest page);

    /** Creates a further environment; {@link TenancyProblem#ENVIRONMENT_EXISTS}, {@link TenancyProblem#TENANT_UNKNOWN}. */
    TenantEnvironment createEnvironment(TenantId tenant, Environment environment);

    /** The environments of the tenant, by name, or {@link TenancyProblem#TENANT_UNKNOWN}. */
    Page<TenantEnvironment> environments(TenantId tenant, PageRequest page);

    /** Returns if the scope exists; else {@link TenancyProblem#TENANT_UNKNOWN} or {@link TenancyProblem#ENVIRONMENT_UNKNOWN}. */
    void require(Scope scope);
}
