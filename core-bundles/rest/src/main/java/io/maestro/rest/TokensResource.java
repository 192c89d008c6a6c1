package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Tokens;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
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
    @Governed("token.create")
    @Idempotent(secret = true)
    @Operation(
            operationId = "createPlatformToken",
            summary = "Creates a token of the installation; its bearer value is shown this once")
    @Answers(value = TokenBodies.CreatedToken.class, status = 201)
    public Response create(TokenBodies.NewToken wanted, @Context ContainerRequestContext request) {
        return TokenBodies.create(tokens, null, wanted, request, "/api/tokens");
    }

    /** Lists tokens. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "listPlatformTokens", summary = "Lists the tokens of the installation, newest first")
    @Answers(value = TokenBodies.TokenBody.class, list = true)
    public Object list(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(tokens.tokens(null, ListBody.request(limit, cursor)), TokenBodies.TokenBody::of);
    }

    /** Gives a token another bearer and shows it this once. */
    @POST
    @Path("{id}/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "token.rotate", subject = "id")
    @Idempotent(secret = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The revision as last seen, in quotes; another one is refused with 412.")
    @Operation(
            operationId = "rotatePlatformToken",
            summary = "Gives a token of the installation another bearer value, shown this once",
            description = "The value before stays good for graceMinutes, 0 to 1440; 0 when left out.")
    @Answers(TokenBodies.CreatedToken.class)
    public Response rotate(
            @PathParam("id") String id, TokenBodies.NewRotation wanted, @Context ContainerRequestContext request) {
        return TokenBodies.rotate(tokens, null, id, wanted, request);
    }

    /** Ends a token now. */
    @DELETE
    @Path("{id}")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "token.revoke", subject = "id")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The revision as last seen, in quotes; another one is refused with 412.")
    @Operation(operationId = "revokePlatformToken", summary = "Revokes a token of the installation")
    @Answers(value = Void.class, status = 204)
    public void revoke(@PathParam("id") String id, @Context ContainerRequestContext request) {
        tokens.revoke(null, id, Tags.revision(request), Caller.of(request).principal(), Caller.actor(request));
    }
}
