package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Sessions;
import io.maestro.api.identity.Sessions.Own;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The caller's own session. */
@Path("/")
@Produces(MediaType.APPLICATION_JSON)
public final class OwnSessionResource {
    private final Sessions sessions;

    OwnSessionResource(Sessions sessions) {
        this.sessions = sessions;
    }

    /** The session, its principal, and what writes have to bring along. */
    @GET
    @Path("session")
    @Allows(Action.SELF)
    @Operation(
            operationId = "getSession",
            summary = "Gives the caller's own session, and the CSRF token that its writes have to bring along",
            description =
                    "A write with a session cookie needs the header X-CSRF-Token with this token. A request with a"
                            + " bearer token has no session.")
    @Answers(OwnSession.class)
    public Object own(@Context ContainerRequestContext request) {
        Own own = sessions.own(Cookies.SESSION.of(request));
        return new OwnSession(
                SessionBody.of(own.session()),
                WhoAmIResource.PrincipalBody.of(Caller.of(request).principal()),
                own.csrfToken());
    }

    /** Ends the session. */
    @POST
    @Path("logout")
    @Allows(Action.SELF)
    @Governed("session.end")
    @Operation(operationId = "logout", summary = "Ends the caller's own session")
    @Answers(value = Void.class, status = 204)
    public Response logout(@Context ContainerRequestContext request) {
        sessions.logout(Cookies.SESSION.of(request), Caller.actor(request));
        return Response.noContent()
                .header("Set-Cookie", Cookies.SESSION.clear(request))
                .build();
    }

    record OwnSession(SessionBody session, WhoAmIResource.PrincipalBody principal, String csrfToken) {
        @Override
        public String toString() {
            return "OwnSession[" + session.id() + "]";
        }
    }
}
