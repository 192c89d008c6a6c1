package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells a caller who it is. */
@Path("/whoami")
@Produces(MediaType.APPLICATION_JSON)
public final class WhoAmIResource {
    /** The principal of the token or session. */
    @GET
    @Allows(Action.SELF)
    @Operation(operationId = "whoAmI", summary = "Tells who the caller is and what it may do")
    @Answers(PrincipalBody.class)
    public Object whoAmI(@Context ContainerRequestContext request) {
        return PrincipalBody.of(Caller.of(request).principal());
    }

    record PrincipalBody(
            String id,
            String name,
            List<Role> roles,
            Map<String, List<String>> attributes,
            @Nullable String tenant,
            @Nullable String environment,
            @Nullable Instant expiresAt) {
        static PrincipalBody of(Principal principal) {
            return new PrincipalBody(
                    principal.id(),
                    principal.name(),
                    List.copyOf(principal.roles()),
                    principal.attributes(),
                    principal.tenant() == null ? null : principal.tenant().value(),
                    principal.environment() == null
                            ? null
                            : principal.environment().value(),
                    principal.expiresAt());
        }
    }
}
