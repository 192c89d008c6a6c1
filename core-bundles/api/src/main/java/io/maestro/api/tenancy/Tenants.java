package io.maestro.api.tenancy;

import io.maestro.api.store.Transaction;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** The tenants of this installation. Blocks on the database; any thread. */
@ProviderType
public interface Tenants {
    /**
     * Creates a tenant with the environments {@code dev}, {@code staging} and {@code prod}.
     *
     * @throws io.maestro.model.ProblemException {@link TenancyProblem#TENANT_EXISTS}; {@link
     *     TenancyProblem#TENANT_NAME_RETIRED} when a tenant of this name has gone
     */
    Tenant create(TenantId id, String displayName, Actor actor);

    /** The tenant, or {@link TenancyProblem#TENANT_UNKNOWN}. */
    Tenant tenant(TenantId id);

    /** All tenants, by name. */
    default Page<Tenant> tenants(PageRequest page) {
        return tenants("", page);
    }

    /**
     * The tenants whose id begins so, by name.
     *
     * @param prefix any text; empty for all
     */
    Page<Tenant> tenants(String prefix, PageRequest page);

    /**
     * Changes what people call the tenant.
     *
     * @param revision the revision that must still be current, or null for any; else {@code revision-changed}
     */
    Tenant rename(TenantId id, String displayName, @Nullable Long revision, Actor actor);

    /** Creates a further environment; {@link TenancyProblem#ENVIRONMENT_EXISTS}, {@link TenancyProblem#TENANT_UNKNOWN}. */
    TenantEnvironment createEnvironment(TenantId tenant, Environment environment, Actor actor);

    /** The environments of the tenant, by name, or {@link TenancyProblem#TENANT_UNKNOWN}. */
    Page<TenantEnvironment> environments(TenantId tenant, PageRequest page);

    /** The environment, or {@link TenancyProblem#ENVIRONMENT_UNKNOWN}, {@link TenancyProblem#TENANT_UNKNOWN}. */
    TenantEnvironment environment(Scope scope);

    /**
     * Deletes an environment that holds nothing, as all {@link TenantHoldings} tell.
     *
     * @param createdAt of the environment that is meant, or null for any; else {@code revision-changed}, as when somebody
     *     else begins to delete it meanwhile
     * @throws io.maestro.model.ProblemException {@link TenancyProblem#ENVIRONMENT_IN_USE}, {@link
     *     TenancyProblem#ENVIRONMENT_UNKNOWN}
     */
    void deleteEnvironment(Scope scope, @Nullable Instant createdAt, Actor actor);

    /**
     * Returns if the scope exists and its tenant is not leaving; else {@link TenancyProblem#TENANT_UNKNOWN}, {@link
     * TenancyProblem#ENVIRONMENT_UNKNOWN} or {@link TenancyProblem#TENANT_LEAVING}. It may go at the next moment: who makes
     * something that belongs to it also calls {@link #hold}.
     */
    void require(Scope scope);

    /**
     * As {@link #require}, and holds on to what it found until the act ends: offboarding and the deletion of the environment
     * wait for it, and then find what the act made. Every act that makes something which belongs to a tenant calls it, before
     * it locks anything else.
     *
     * @param act within which something is made
     * @param environment to which it belongs; null when to the tenant as a whole
     */
    void hold(Transaction act, TenantId tenant, @Nullable Environment environment);
}
