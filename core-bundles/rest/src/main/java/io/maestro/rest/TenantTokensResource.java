package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Tokens;
import io.maestro.model.TenantId;
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

/** Tokens of one tenant. */
@Path("/tenants/{tenant}/tokens")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantTokensResource {
    private final Tokens tokens;

    TenantTokensResource(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Creates a token and shows it this once. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed("token.create")
    @Idempotent(secret = true)
    @Operation(
            operationId = "createTenantToken",
            summary = "Creates a token of a tenant; its bearer value is shown this once")
    @Answers(value = TokenBodies.CreatedToken.class, status = 201)
    public Response create(
            @PathParam("tenant") String tenant, TokenBodies.NewToken wanted, @Context ContainerRequestContext request) {
        return TokenBodies.create(tokens, new TenantId(tenant), wanted, request, "/api/tenants/" + tenant + "/tokens");
    }

    /** Lists tokens. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Operation(operationId = "listTenantTokens", summary = "Lists the tokens of a tenant, newest first")
    @Answers(value = TokenBodies.TokenBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                tokens.tokens(new TenantId(tenant), ListBody.request(limit, cursor)), TokenBodies.TokenBody::of);
    }

    /** Gives a token another bearer and shows it this once. */
    @POST
    @Path("{id}/rotate")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "token.rotate", subject = "id")
    @Idempotent(secret = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The revision as last seen, in quotes; another one is refused with 412.")
    @Operation(
            operationId = "rotateTenantToken",
            summary = "Gives a token of a tenant another bearer value, shown this once",
            description = "The value before stays good for graceMinutes, 0 to 1440; 0 when left out.")
    @Answers(TokenBodies.CreatedToken.class)
    public Response rotate(
            @PathParam("tenant") String tenant,
            @PathParam("id") String id,
            TokenBodies.NewRotation wanted,
            @Context ContainerRequestContext request) {
        return TokenBodies.rotate(tokens, new TenantId(tenant), id, wanted, request);
    }

    /** Ends a token now. */
    @DELETE
    @Path("{id}")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "token.revoke", subject = "id")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The revision as last seen, in quotes; another one is refused with 412.")
    @Operation(operationId = "revokeTenantToken", summary = "Revokes a token of a tenant")
    @Answers(value = Void.class, status = 204)
    public void revoke(
            @PathParam("tenant") String tenant, @PathParam("id") String id, @Context ContainerRequestContext request) {
        tokens.revoke(
                new TenantId(tenant),
                id,
                Tags.revision(request),
                Caller.of(request).principal(),
                Caller.actor(request));
    }
}
