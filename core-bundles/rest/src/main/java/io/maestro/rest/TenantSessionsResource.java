package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Sessions;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Who is logged in to one tenant. */
@Path("/tenants/{tenant}/sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantSessionsResource {
    private final Sessions sessions;

    TenantSessionsResource(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Lists running sessions. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Operation(operationId = "listTenantSessions", summary = "Lists the running sessions of a tenant, newest first")
    @Answers(value = SessionBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(sessions.sessions(new TenantId(tenant), ListBody.request(limit, cursor)), SessionBody::of);
    }

    /** Ends a session now. */
    @DELETE
    @Path("{id}")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "session.end", subject = "id")
    @Operation(operationId = "endTenantSession", summary = "Ends a session of a tenant")
    @Answers(value = Void.class, status = 204)
    public void end(
            @PathParam("tenant") String tenant, @PathParam("id") String id, @Context ContainerRequestContext request) {
        sessions.end(new TenantId(tenant), id, Caller.of(request).principal(), Caller.actor(request));
    }
}
