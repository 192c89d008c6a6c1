package io.maestro.testing.tenancy;

import io.maestro.api.store.Transaction;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Acme and globex, each with dev and prod; for the tests of engines that only ask who is there. */
public final class KnownTenants implements Tenants {
    private static final Set<String> TENANTS = Set.of("acme", "globex");
    private static final Set<String> ENVIRONMENTS = Set.of("dev", "prod");

    /** Scopes that begin to go once they were found to be there. */
    public final Set<Scope> vanishing = ConcurrentHashMap.newKeySet();

    /** Tenants that are there as well, with the same environments. */
    public final Set<TenantId> others = ConcurrentHashMap.newKeySet();

    private final Set<Scope> vanished = ConcurrentHashMap.newKeySet();

    @Override
    public Tenant create(TenantId id, String displayName, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tenant tenant(TenantId id) {
        if (!TENANTS.contains(id.value()) && !others.contains(id)) {
            throw unknown(id);
        }
        return new Tenant(id, id.value(), Tenant.State.ACTIVE, 1, Instant.EPOCH);
    }

    @Override
    public Page<Tenant> tenants(String prefix, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Tenant rename(TenantId id, String displayName, @Nullable Long revision, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TenantEnvironment environment(Scope scope) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void deleteEnvironment(Scope scope, @Nullable Instant createdAt, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public TenantEnvironment createEnvironment(TenantId tenant, Environment environment, Actor actor) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<TenantEnvironment> environments(TenantId tenant, PageRequest page) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void require(Scope scope) {
        if (vanished.contains(scope)) {
            throw unknown(scope.tenant());
        }
        tenant(scope.tenant());
        if (!ENVIRONMENTS.contains(scope.environment().value())) {
            throw Problem.of(TenancyProblem.ENVIRONMENT_UNKNOWN, "no environment " + scope, null)
                    .asException();
        }
        if (vanishing.contains(scope)) {
            vanished.add(scope);
        }
    }

    @Override
    public void hold(Transaction act, TenantId tenant, @Nullable Environment environment) {
        tenant(tenant);
        if (environment != null) {
            require(new Scope(tenant, environment));
        }
    }

    private static ProblemException unknown(TenantId tenant) {
        return Problem.of(TenancyProblem.TENANT_UNKNOWN, "no tenant " + tenant, null)
                .asException();
    }
}
