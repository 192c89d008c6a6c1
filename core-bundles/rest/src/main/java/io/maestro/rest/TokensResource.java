package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Tokens;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Tokens of the installation. */
@Path("/tokens")
@Produces(MediaType.APPLICATION_JSON)
public final class TokensResource {
    private final Tokens tokens;

    TokensResource(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Creates a token and shows it this once. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Idempotent(secret = true)
    @Operation(
            operationId = "createPlatformToken",
            summary = "Creates a token of the installation; its bearer value is shown this once")
    @Answers(value = TokenBodies.CreatedToken.class, status = 201)
    public Response create(TokenBodies.NewToken wanted, @Context ContainerRequestContext request) {
        return TokenBodies.create(tokens, null, wanted, Caller.of(request).principal(), "/api/tokens");
    }

    /** Lists tokens. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "listPlatformTokens", summary = "Lists the tokens of the installation, newest first")
    @Answers(value = TokenBodies.TokenBody.class, list = true)
    public Object list(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(tokens.tokens(null, ListBody.request(limit, cursor)), TokenBodies.TokenBody::of);
    }

    /** Ends a token now. */
    @DELETE
    @Path("{id}")
    @Allows(Action.PLATFORM_WRITE)
    @Operation(operationId = "revokePlatformToken", summary = "Revokes a token of the installation")
    @Answers(value = Void.class, status = 204)
    public void revoke(@PathParam("id") String id) {
        tokens.revoke(null, id);
    }
}
