package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.model.ProviderName;
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

/** Who may say who somebody is, for the installation. */
@Path("/identity-providers")
@Produces(MediaType.APPLICATION_JSON)
public final class IdentityProvidersResource {
    private final IdentityProviders providers;

    IdentityProvidersResource(IdentityProviders providers) {
        this.providers = providers;
    }

    /** Adds a provider. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed("identity-provider.create")
    @Idempotent
    @Operation(
            operationId = "createPlatformIdentityProvider",
            summary = "Adds an identity provider of the installation: an instance of the type identity",
            description =
                    "The instance is asked how it is configured. The provider grants what the instance maps, as far"
                            + " as it stands in roles.")
    @Answers(value = ProviderBodies.IdentityProviderBody.class, status = 201)
    public Response create(ProviderBodies.NewIdentityProvider wanted, @Context ContainerRequestContext request) {
        return ProviderBodies.created(
                providers,
                providers.create(
                        null,
                        new ProviderName(wanted.name()),
                        wanted.settings(null),
                        Caller.of(request).principal(),
                        Caller.actor(request)),
                request);
    }

    /** Lists providers. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listPlatformIdentityProviders",
            summary = "Lists the identity providers of the installation, by name")
    @Answers(value = ProviderBodies.IdentityProviderBody.class, list = true)
    public Object list(
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        return ListBody.of(
                providers.providers(null, ListBody.request(limit, cursor)),
                found -> ProviderBodies.IdentityProviderBody.of(providers, found, request));
    }

    /** One provider. */
    @GET
    @Path("{provider}")
    @Allows(Action.PLATFORM_AUDIT)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(operationId = "getPlatformIdentityProvider", summary = "Gives one identity provider of the installation")
    @Answers(ProviderBodies.IdentityProviderBody.class)
    public Response provider(@PathParam("provider") String provider, @Context ContainerRequestContext request) {
        IdentityProvider found = providers.provider(null, new ProviderName(provider));
        return ProviderBodies.found(providers, found, request);
    }

    /** Changes a provider. */
    @PUT
    @Path("{provider}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "identity-provider.change", subject = "provider")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "changePlatformIdentityProvider",
            summary = "Changes an identity provider of the installation, or agrees to what its instance is now",
            description = ProviderBodies.CHANGE)
    @Answers(ProviderBodies.IdentityProviderBody.class)
    public Response change(
            @PathParam("provider") String provider,
            ProviderBodies.NewIdentityProviderSettings wanted,
            @Context ContainerRequestContext request) {
        return ProviderBodies.changed(
                providers,
                providers.change(
                        null,
                        new ProviderName(provider),
                        wanted.settings(null),
                        wanted.agreed(),
                        ProviderBodies.expected(request),
                        Caller.of(request).principal(),
                        Caller.actor(request)),
                request);
    }

    /** Removes a provider. */
    @DELETE
    @Path("{provider}")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "identity-provider.remove", subject = "provider")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "removePlatformIdentityProvider",
            summary = "Removes an identity provider of the installation; the sessions of its people end")
    @Answers(value = Void.class, status = 204)
    public void remove(@PathParam("provider") String provider, @Context ContainerRequestContext request) {
        providers.remove(null, new ProviderName(provider), ProviderBodies.expected(request), Caller.actor(request));
    }
}
