package io.maestro.rest;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.model.CallerProblem;
import io.maestro.model.Environment;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MultivaluedMap;
import org.jspecify.annotations.Nullable;

/**
 * Has the cursors of a list tell whose list it is, and refuses those of others: {@code TENANT~ENVIRONMENT.CURSOR}, without
 * the environment in lists of a whole tenant, and the cursor alone in lists of the installation. Nothing is signed: what a
 * cursor shows is decided by the path, so whoever forges one gets nothing by it. But who follows a cursor of a place where
 * they have no right leaves a security event, as if they had asked for that place.
 */
@Priority(Priorities.AUTHORIZATION + 1)
final class CursorOwner implements ContainerRequestFilter, ContainerResponseFilter {
    private static final char END = '.';
    private static final char WITHIN = '~';

    private final Access access;
    private final Action action;

    /** For one endpoint that needs this right. */
    CursorOwner(Access access, Action action) {
        this.access = access;
        this.action = action;
    }

    /** The cursor as the list itself knows it. */
    static @Nullable String own(@Nullable String cursor) {
        return cursor == null ? null : cursor.substring(cursor.indexOf(END) + 1);
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String cursor = request.getUriInfo().getQueryParameters().getFirst("cursor");
        if (cursor == null) {
            return;
        }
        int end = cursor.indexOf(END);
        String named = end < 0 ? "" : cursor.substring(0, end);
        if (named.equals(owner(request))) {
            return;
        }
        if (end > 0) {
            authorizeThere(request, named);
        }
        throw invalid();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof Paged page) {
            String next = page.next();
            String owner = owner(request);
            if (next != null && !owner.isEmpty()) {
                response.setEntity(page.withNext(owner + END + next));
            }
        }
    }

    /** Returns when the caller could have asked there; else that is on record. */
    private void authorizeThere(ContainerRequestContext request, String named) {
        int within = named.indexOf(WITHIN);
        TenantId tenant;
        Environment environment;
        try {
            tenant = new TenantId(within < 0 ? named : named.substring(0, within));
            environment = within < 0 ? null : new Environment(named.substring(within + 1));
        } catch (ProblemException e) {
            throw invalid();
        }
        Caller caller = Caller.of(request);
        boolean ofTenant = request.getUriInfo().getPathParameters().containsKey("tenant");
        access.authorize(
                caller.principal(), ofTenant ? action : Action.TENANT_READ, tenant, environment, caller.origin());
    }

    /** Whose list is asked for. What belongs to no tenant shows a tenant's principal only what is its tenant's. */
    private static String owner(ContainerRequestContext request) {
        MultivaluedMap<String, String> path = request.getUriInfo().getPathParameters();
        String tenant = path.getFirst("tenant");
        String environment = path.getFirst("environment");
        if (tenant == null) {
            TenantId home = Caller.of(request).principal().tenant();
            return home == null ? "" : home.value();
        }
        return environment == null ? tenant : tenant + WITHIN + environment;
    }

    private static ProblemException invalid() {
        return Problem.of(
                        CallerProblem.INVALID_CURSOR,
                        "the cursor is not one that this list gave",
                        "Take the cursor of the page before as it is, or leave it out to begin again.")
                .asException();
    }
}
