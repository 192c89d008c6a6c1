package io.maestro.rest;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.model.Environment;
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
    private final Action action;

    Authorization(Access access, Action action) {
        this.access = access;
        this.action = action;
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
    }
}
