package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Who may say who somebody is, for one tenant. */
@Path("/tenants/{tenant}/identity-providers")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantIdentityProvidersResource {
    private final IdentityProviders providers;

    TenantIdentityProvidersResource(IdentityProviders providers) {
        this.providers = providers;
    }

    /** Adds a provider. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed("identity-provider.create")
    @Idempotent
    @Operation(
            operationId = "createTenantIdentityProvider",
            summary = "Adds an identity provider of a tenant: an instance of the type identity",
            description =
                    "The instance is asked how it is configured. The provider grants what the instance maps, as far"
                            + " as it stands in roles.")
    @Answers(value = ProviderBodies.IdentityProviderBody.class, status = 201)
    public Response create(
            @PathParam("tenant") String tenant,
            ProviderBodies.NewIdentityProvider wanted,
            @Context ContainerRequestContext request) {
        return ProviderBodies.created(
                providers,
                providers.create(
                        new TenantId(tenant),
                        new ProviderName(wanted.name()),
                        wanted.settings(new TenantId(tenant)),
                        Caller.of(request).principal(),
                        Caller.actor(request)),
                request);
    }

    /** Lists providers. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Operation(
            operationId = "listTenantIdentityProviders",
            summary = "Lists the identity providers of a tenant, by name")
    @Answers(value = ProviderBodies.IdentityProviderBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        return ListBody.of(
                providers.providers(new TenantId(tenant), ListBody.request(limit, cursor)),
                found -> ProviderBodies.IdentityProviderBody.of(providers, found, request));
    }

    /** One provider. */
    @GET
    @Path("{provider}")
    @Allows(Action.TENANT_AUDIT)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(operationId = "getTenantIdentityProvider", summary = "Gives one identity provider of a tenant")
    @Answers(ProviderBodies.IdentityProviderBody.class)
    public Response provider(
            @PathParam("tenant") String tenant,
            @PathParam("provider") String provider,
            @Context ContainerRequestContext request) {
        IdentityProvider found = providers.provider(new TenantId(tenant), new ProviderName(provider));
        return ProviderBodies.found(providers, found, request);
    }

    /** Changes a provider. */
    @PUT
    @Path("{provider}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "identity-provider.change", subject = "provider")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "changeTenantIdentityProvider",
            summary = "Changes an identity provider of a tenant, or agrees to what its instance is now",
            description = ProviderBodies.CHANGE)
    @Answers(ProviderBodies.IdentityProviderBody.class)
    public Response change(
            @PathParam("tenant") String tenant,
            @PathParam("provider") String provider,
            ProviderBodies.NewIdentityProviderSettings wanted,
            @Context ContainerRequestContext request) {
        return ProviderBodies.changed(
                providers,
                providers.change(
                        new TenantId(tenant),
                        new ProviderName(provider),
                        wanted.settings(new TenantId(tenant)),
                        wanted.agreed(),
                        ProviderBodies.expected(request),
                        Caller.of(request).principal(),
                        Caller.actor(request)),
                request);
    }

    /** Removes a provider. */
    @DELETE
    @Path("{provider}")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "identity-provider.remove", subject = "provider")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "removeTenantIdentityProvider",
            summary = "Removes an identity provider of a tenant; the sessions of its people end")
    @Answers(value = Void.class, status = 204)
    public void remove(
            @PathParam("tenant") String tenant,
            @PathParam("provider") String provider,
            @Context ContainerRequestContext request) {
        providers.remove(
                new TenantId(tenant),
                new ProviderName(provider),
                ProviderBodies.expected(request),
                Caller.actor(request));
    }
}
