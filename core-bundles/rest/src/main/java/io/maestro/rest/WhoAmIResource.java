package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Tells a caller who it is. */
@Path("/whoami")
@Produces(MediaType.APPLICATION_JSON)
public final class WhoAmIResource {
    /** The principal of the token. */
    @GET
    @Allows(Action.PLATFORM_READ)
    @Operation(operationId = "whoAmI", summary = "Tells who the token's holder is and what it may do")
    @Answers(PrincipalBody.class)
    public Object whoAmI(@Context ContainerRequestContext request) {
        Principal principal = Caller.of(request).principal();
        return new PrincipalBody(
                principal.id(),
                principal.name(),
                Wire.word(principal.role()),
                principal.tenant() == null ? null : principal.tenant().value(),
                principal.environment() == null ? null : principal.environment().value());
    }

    record PrincipalBody(
            String id,
            String name,
            String role,
            @Nullable String tenant,
            @Nullable String environment) {}
}
