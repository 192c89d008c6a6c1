package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Sessions;
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

/** Who is logged in to the installation. */
@Path("/sessions")
@Produces(MediaType.APPLICATION_JSON)
public final class SessionsResource {
    private final Sessions sessions;

    SessionsResource(Sessions sessions) {
        this.sessions = sessions;
    }

    /** Lists running sessions. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listPlatformSessions",
            summary = "Lists the running sessions of people of the installation, newest first")
    @Answers(value = SessionBody.class, list = true)
    public Object list(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(sessions.sessions(null, ListBody.request(limit, cursor)), SessionBody::of);
    }

    /** Ends a session now. */
    @DELETE
    @Path("{id}")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "session.end", subject = "id")
    @Operation(operationId = "endPlatformSession", summary = "Ends a session of the installation")
    @Answers(value = Void.class, status = 204)
    public void end(@PathParam("id") String id, @Context ContainerRequestContext request) {
        sessions.end(null, id, Caller.of(request).principal(), Caller.actor(request));
    }
}
