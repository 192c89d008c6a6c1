package io.maestro.rest;

import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.IdentityProviders.Settings;
import io.maestro.api.identity.Role;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Identity providers as they cross the wire. */
final class ProviderBodies {
    static final String CHANGE =
            "What was agreed to stays unless the request names agreedFingerprint, which has to be the present"
                    + " instanceFingerprint: then the instance is asked anew how it is configured, and the provider vouches for people"
                    + " as it does. The sessions of its people end when it is switched off, and when it is something else that is"
                    + " agreed to.";

    private ProviderBodies() {}

    /** Answers with a provider that was just made. */
    static Response created(IdentityProviders providers, IdentityProvider provider, ContainerRequestContext request) {
        String path = request.getUriInfo().getRequestUri().getRawPath();
        IdentityProviderBody body = IdentityProviderBody.of(providers, provider, request);
        return Response.created(URI.create(path + "/" + provider.name()))
                .header("ETag", Tags.quoted(body.tag()))
                .entity(body)
                .build();
    }

    /** Answers with a provider as it now is. */
    static Response changed(IdentityProviders providers, IdentityProvider provider, ContainerRequestContext request) {
        IdentityProviderBody body = IdentityProviderBody.of(providers, provider, request);
        return Response.ok(body).header("ETag", Tags.quoted(body.tag())).build();
    }

    /** Answers with a provider, unless the caller knows it as it is, its instance included. */
    static Response found(IdentityProviders providers, IdentityProvider provider, ContainerRequestContext request) {
        IdentityProviderBody body = IdentityProviderBody.of(providers, provider, request);
        return Tags.answer(request, body.tag(), body);
    }

    /** The revision that {@code If-Match} names, whatever its tag says of the instance; null when any will do. */
    static @Nullable Long expected(ContainerRequestContext request) {
        String tag = Tags.unquoted(request.getHeaderString("If-Match"));
        int end = tag == null ? -1 : tag.indexOf('-');
        return tag == null ? null : Tags.revision(end < 0 ? tag : tag.substring(0, end));
    }

    /** What a request chooses; its instance is one of {@code home} unless it names another tenant. */
    private static Settings settings(
            @Nullable TenantId home,
            @Nullable String displayName,
            String name,
            @Nullable String tenant,
            String environment,
            String instance,
            List<Role> roles,
            @Nullable Boolean enabled) {
        String where = tenant != null ? tenant : Wire.required("/tenant", home == null ? null : home.value());
        return new Settings(
                displayName == null ? name : displayName,
                Scope.of(where, environment),
                new InstanceId(instance),
                Set.copyOf(roles),
                enabled == null || enabled);
    }

    @Schema(
            example =
                    "{\"name\":\"corp\",\"displayName\":\"Acme staff\",\"environment\":\"prod\",\"instance\":\"corp-oidc\",\"roles\":[\"tenant_developer\"]}")
    record NewIdentityProvider(
            String name,
            @Nullable String displayName,
            @Nullable String tenant,
            String environment,
            String instance,
            List<Role> roles,
            @Nullable Boolean enabled) {
        NewIdentityProvider {
            Wire.required("/name", name);
            Wire.required("/environment", environment);
            Wire.required("/instance", instance);
            roles = List.copyOf(Wire.required("/roles", roles));
        }

        Settings settings(@Nullable TenantId home) {
            return ProviderBodies.settings(home, displayName, name, tenant, environment, instance, roles, enabled);
        }
    }

    @Schema(
            example =
                    "{\"displayName\":\"Acme staff\",\"environment\":\"prod\",\"instance\":\"corp-oidc\",\"roles\":[\"tenant_developer\"],\"enabled\":false}")
    record NewIdentityProviderSettings(
            String displayName,
            @Nullable String tenant,
            String environment,
            String instance,
            List<Role> roles,
            @Nullable Boolean enabled,
            @Nullable String agreedFingerprint) {
        NewIdentityProviderSettings {
            Wire.required("/displayName", displayName);
            Wire.required("/environment", environment);
            Wire.required("/instance", instance);
            roles = List.copyOf(Wire.required("/roles", roles));
        }

        /** What the caller agrees to; null when nothing. */
        @Nullable
        Digest agreed() {
            return agreedFingerprint == null ? null : Digest.parse(agreedFingerprint);
        }

        Settings settings(@Nullable TenantId home) {
            return ProviderBodies.settings(
                    home, displayName, displayName, tenant, environment, instance, roles, enabled);
        }
    }

    /**
     * The instance's scope and name, the most that it may grant, what it said of itself, and the address to be registered
     * with it.
     *
     * @param agreedFingerprint what the instance was when somebody agreed to it
     * @param instanceFingerprint what it is now; null while it does not run, or not as it is configured
     * @param confirmed whether both are the same, without which the provider vouches for nobody
     */
    record IdentityProviderBody(
            String name,
            String displayName,
            String tenant,
            String environment,
            String instance,
            List<Role> roles,
            boolean enabled,
            String issuer,
            String clientId,
            List<String> scopes,
            List<String> audiences,
            boolean login,
            String redirectUri,
            @Nullable String agreedFingerprint,
            @Nullable String instanceFingerprint,
            boolean confirmed,
            long revision,
            Instant createdAt,
            Instant updatedAt) {
        static IdentityProviderBody of(
                IdentityProviders providers, IdentityProvider provider, ContainerRequestContext request) {
            Settings settings = provider.settings();
            Digest agreed = provider.agreed();
            Digest present = providers.present(provider);
            return new IdentityProviderBody(
                    provider.name().value(),
                    settings.displayName(),
                    settings.scope().tenant().value(),
                    settings.scope().environment().value(),
                    settings.instance().value(),
                    List.copyOf(settings.roles()),
                    settings.enabled(),
                    provider.description().issuer(),
                    provider.description().clientId(),
                    provider.description().scopes(),
                    provider.description().audiences(),
                    provider.description().login(),
                    provider.redirectUri(Cookies.callbacks(request)).toString(),
                    agreed == null ? null : agreed.toString(),
                    present == null ? null : present.toString(),
                    agreed != null && agreed.equals(present),
                    provider.revision(),
                    provider.createdAt(),
                    provider.updatedAt());
        }

        /** The revision, and what tells the instance as it is now from another; nobody changes the provider by that. */
        String tag() {
            return instanceFingerprint == null
                    ? Long.toString(revision)
                    : revision + "-" + Digest.parse(instanceFingerprint).hex().substring(0, 16);
        }
    }
}
