package io.maestro.rest;

import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.Sessions;
import io.maestro.api.identity.Sessions.Begun;
import io.maestro.api.identity.Sessions.Completed;
import io.maestro.model.Problem;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How people log in with a browser, and what a program needs to know to log its user in. */
@Path("/login")
@Produces(MediaType.APPLICATION_JSON)
public final class LoginResource {
    private final Sessions sessions;
    private final IdentityProviders providers;

    LoginResource(Sessions sessions, IdentityProviders providers) {
        this.sessions = sessions;
        this.providers = providers;
    }

    /** Sends a browser to its identity provider. */
    @GET
    @Open
    @Operation(
            operationId = "beginLogin",
            summary = "Sends a browser to an identity provider",
            description = "Without tenant the provider is one of the installation. Afterwards the browser has a session"
                    + " cookie and goes to returnTo, a path of this server. A browser that a page of another site sends"
                    + " is refused.")
    @Answers(value = Void.class, status = 303)
    public Response begin(
            @QueryParam("tenant") @Nullable String tenant,
            @QueryParam("provider") @Nullable String provider,
            @QueryParam("returnTo") @Nullable String returnTo,
            @Context ContainerRequestContext request) {
        // else any page could log its visitors in, as whom their provider takes them for, and without their will
        if ("cross-site".equals(request.getHeaderString("Sec-Fetch-Site"))) {
            throw Problem.of(
                            IdentityProblem.CROSS_SITE_REFUSED,
                            "a page of another site sent the browser here to log in",
                            "Begin at a page of this server, or type its address.")
                    .asException();
        }
        if (provider == null) {
            throw Wire.invalid(
                    "the query parameter provider is missing", "Name one of /api/login/providers.", List.of());
        }
        Begun begun = sessions.begin(
                tenant(tenant),
                new ProviderName(provider),
                returnTo == null ? "/" : returnTo,
                Cookies.callbacks(request));
        return Response.seeOther(begun.address())
                .header("Set-Cookie", Cookies.LOGIN.set(begun.cookie(), Sessions.LOGIN_LIMIT, request))
                .build();
    }

    /** Takes a browser back from its identity provider. */
    @GET
    @Path("callback/{id}")
    @Open
    @Operation(
            operationId = "completeLogin",
            summary = "Takes a browser back from its identity provider and gives it a session",
            description =
                    "Each provider has an address of its own to be registered with it: its redirectUri. A login that"
                            + " was begun at another provider is refused.")
    @Answers(value = Void.class, status = 303)
    public Response complete(
            @PathParam("id") String id,
            @QueryParam("state") @Nullable String state,
            @QueryParam("code") @Nullable String code,
            @QueryParam("iss") @Nullable String issuer,
            @QueryParam("error") @Nullable String error,
            @Context ContainerRequestContext request) {
        Sessions.Return back = new Sessions.Return(id, Cookies.LOGIN.of(request), state, code, issuer, error);
        Completed done = sessions.complete(back, Cookies.callbacks(request), Caller.origin(request));
        Duration age =
                Duration.between(done.session().createdAt(), done.session().expiresAt());
        return Response.seeOther(URI.create(done.returnTo()))
                .header("Set-Cookie", Cookies.LOGIN.clear(request))
                .header("Set-Cookie", Cookies.SESSION.set(done.cookie(), age, request))
                .build();
    }

    /** Where people can log in. */
    @GET
    @Path("providers")
    @Open
    @Operation(
            operationId = "listLoginProviders",
            summary = "Lists the identity providers at which people of a tenant, or of the installation, can log in",
            description =
                    "Open to everybody, and the same for a tenant without providers and for one that is not there.")
    @Answers(value = LoginProvider.class, list = true)
    public Object offered(@QueryParam("tenant") @Nullable String tenant) {
        return new ListBody<>(
                providers.offered(tenant(tenant)).stream()
                        .map(provider -> new LoginProvider(
                                provider.name().value(), provider.settings().displayName()))
                        .toList(),
                null);
    }

    /** What a program needs to log its user in by itself (RFC 8252). */
    @GET
    @Path("providers/{provider}")
    @Open
    @Operation(
            operationId = "getLoginProvider",
            summary = "Tells a program what it needs to log its user in at an identity provider")
    @Answers(LoginProviderDetails.class)
    public Object offered(@PathParam("provider") String provider, @QueryParam("tenant") @Nullable String tenant) {
        ProviderName name = new ProviderName(provider);
        IdentityProvider found = providers.offered(tenant(tenant)).stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                IdentityProblem.IDENTITY_PROVIDER_UNKNOWN,
                                "nobody can log in at " + name + " here",
                                "See /api/login/providers?tenant=TENANT for those there are.")
                        .asException());
        return new LoginProviderDetails(
                found.name().value(),
                found.settings().displayName(),
                found.description().issuer(),
                found.description().clientId(),
                found.description().scopes(),
                found.description().audiences());
    }

    private static @Nullable TenantId tenant(@Nullable String tenant) {
        return tenant == null || tenant.isEmpty() ? null : new TenantId(tenant);
    }

    record LoginProvider(String name, String displayName) {}

    record LoginProviderDetails(
            String name,
            String displayName,
            String issuer,
            String clientId,
            List<String> scopes,
            List<String> audiences) {}
}
