package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Tokens;
import io.maestro.model.TenantId;
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
    @Idempotent(secret = true)
    @Operation(
            operationId = "createTenantToken",
            summary = "Creates a token of a tenant; its bearer value is shown this once")
    @Answers(value = TokenBodies.CreatedToken.class, status = 201)
    public Response create(
            @PathParam("tenant") String tenant, TokenBodies.NewToken wanted, @Context ContainerRequestContext request) {
        return TokenBodies.create(
                tokens,
                new TenantId(tenant),
                wanted,
                Caller.of(request).principal(),
                "/api/tenants/" + tenant + "/tokens");
    }

    /** Lists tokens. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "listTenantTokens", summary = "Lists the tokens of a tenant, newest first")
    @Answers(value = TokenBodies.TokenBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                tokens.tokens(new TenantId(tenant), ListBody.request(limit, cursor)), TokenBodies.TokenBody::of);
    }

    /** Ends a token now. */
    @DELETE
    @Path("{id}")
    @Allows(Action.TENANT_WRITE)
    @Operation(operationId = "revokeTenantToken", summary = "Revokes a token of a tenant")
    @Answers(value = Void.class, status = 204)
    public void revoke(@PathParam("tenant") String tenant, @PathParam("id") String id) {
        tokens.revoke(new TenantId(tenant), id);
    }
}
