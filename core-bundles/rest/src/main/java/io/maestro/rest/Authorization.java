package io.maestro.rest;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.api.tenancy.Offboarding;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.model.Environment;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jspecify.annotations.Nullable;

/** Checks the right that one endpoint needs, before its body is read or any service is touched. */
@Priority(Priorities.AUTHORIZATION)
final class Authorization implements ContainerRequestFilter {
    private final Access access;
    private final Offboarding offboarding;
    private final Action action;
    private final boolean departing;

    /**
     * The check before one endpoint.
     *
     * @param departing whether it serves the installation's own principals while the tenant is leaving
     */
    Authorization(Access access, Offboarding offboarding, Action action, boolean departing) {
        this.access = access;
        this.offboarding = offboarding;
        this.action = action;
        this.departing = departing;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        MultivaluedMap<String, String> path = request.getUriInfo().getPathParameters();
        Caller caller = Caller.of(request);
        @Nullable String tenant = path.getFirst("tenant");
        @Nullable String environment = path.getFirst("environment");
        access.authorize(
                caller.principal(),
                action,
                tenant == null ? null : new TenantId(tenant),
                environment == null ? null : new Environment(environment),
                caller.origin());
        // after the rights: a stranger does not learn who is leaving
        refuseLeaving(caller.principal().tenant());
        if (tenant != null && !departing) {
            refuseLeaving(new TenantId(tenant));
        }
    }

    private void refuseLeaving(@Nullable TenantId tenant) {
        if (tenant != null && offboarding.leaving(tenant)) {
            throw Problem.of(
                            TenancyProblem.TENANT_LEAVING,
                            "the tenant \"" + tenant + "\" is being offboarded, or has gone",
                            "Nothing can be done within it any more.")
                    .asException();
        }
    }
}
