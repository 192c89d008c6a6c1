package io.maestro.identity;

import io.maestro.api.adapters.Calls;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.Oversteps;
import io.maestro.api.identity.Persons;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Sessions;
import io.maestro.api.identity.Tokens;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.tenancy.Members;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProviderName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Offers access, tokens, identity providers, sessions, security events and persons; they share what is known of callers, so they
 * are one component. Immediate, so that the first token is there before anybody asks.
 */
@Component(immediate = true)
public final class IdentityComponent
        implements Access, Tokens, IdentityProviders, Sessions, SecurityEvents, Oversteps, Persons {
    private final Identity identity;

    /** Adapters are served later than this, and only providers need them. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    private volatile @Nullable Calls calls;

    @Activate
    public IdentityComponent(
            @Reference NodeSettings settings,
            @Reference Database database,
            @Reference Tenants tenants,
            @Reference Members members,
            @Reference PlatformSeal seal,
            @Reference Metrics metrics) {
        this.identity = new Identity(
                settings,
                database,
                new Identity.Neighbours(tenants, seal, metrics, () -> calls, Memberships.from(members)),
                InstantSource.system(),
                new SecureRandom());
        identity.start();
    }

    @Deactivate
    void close() {
        identity.close();
    }

    @Override
    public Principal authenticate(Credentials shown, Origin origin) {
        return identity.access().authenticate(shown, origin);
    }

    @Override
    public Optional<Principal> presentNow(Credentials shown, Origin origin) {
        return identity.access().presentNow(shown, origin);
    }

    @Override
    public void authorize(
            Principal principal,
            Action action,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Origin origin) {
        identity.access().authorize(principal, action, tenant, environment, origin);
    }

    @Override
    public NewToken create(
            String name,
            Set<Role> roles,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Duration lifetime,
            Principal creator,
            Actor actor) {
        return identity.tokens().create(name, roles, tenant, environment, lifetime, creator, actor);
    }

    @Override
    public Page<Token> tokens(@Nullable TenantId tenant, PageRequest page) {
        return identity.tokens().tokens(tenant, page);
    }

    @Override
    public NewToken rotate(
            @Nullable TenantId tenant,
            String id,
            Duration grace,
            @Nullable Long revision,
            Principal rotator,
            Actor actor) {
        return identity.tokens().rotate(tenant, id, grace, revision, rotator, actor);
    }

    @Override
    public void revoke(@Nullable TenantId tenant, String id, @Nullable Long revision, Principal revoker, Actor actor) {
        identity.tokens().revoke(tenant, id, revision, revoker, actor);
    }

    @Override
    public IdentityProvider create(
            @Nullable TenantId tenant, ProviderName name, Settings settings, Principal creator, Actor actor) {
        return identity.providers().create(tenant, name, settings, creator, actor);
    }

    @Override
    public IdentityProvider provider(@Nullable TenantId tenant, ProviderName name) {
        return identity.providers().provider(tenant, name);
    }

    @Override
    public Page<IdentityProvider> providers(@Nullable TenantId tenant, PageRequest page) {
        return identity.providers().providers(tenant, page);
    }

    @Override
    public IdentityProvider change(
            @Nullable TenantId tenant,
            ProviderName name,
            Settings settings,
            @Nullable Digest agreed,
            @Nullable Long revision,
            Principal changer,
            Actor actor) {
        return identity.providers().change(tenant, name, settings, agreed, revision, changer, actor);
    }

    @Override
    public @Nullable Digest present(IdentityProvider provider) {
        return identity.providers().present(provider);
    }

    @Override
    public void remove(@Nullable TenantId tenant, ProviderName name, @Nullable Long revision, Actor actor) {
        identity.providers().remove(tenant, name, revision, actor);
    }

    @Override
    public List<IdentityProvider> offered(@Nullable TenantId tenant) {
        return identity.providers().offered(tenant);
    }

    @Override
    public Begun begin(@Nullable TenantId tenant, ProviderName provider, String returnTo, URI callbacks) {
        return identity.sessions().begin(tenant, provider, returnTo, callbacks);
    }

    @Override
    public Completed complete(Return back, URI callbacks, Origin origin) {
        return identity.sessions().complete(back, callbacks, origin);
    }

    @Override
    public Own own(@Nullable String cookie) {
        return identity.sessions().own(cookie);
    }

    @Override
    public void logout(@Nullable String cookie, Actor actor) {
        identity.sessions().logout(cookie, actor);
    }

    @Override
    public Page<Session> sessions(@Nullable TenantId tenant, PageRequest page) {
        return identity.sessions().sessions(tenant, page);
    }

    @Override
    public void end(@Nullable TenantId tenant, String id, Principal ender, Actor actor) {
        identity.sessions().end(tenant, id, ender, actor);
    }

    @Override
    public Page<SecurityEvent> events(Filter filter, PageRequest page) {
        return identity.events().events(filter, page);
    }

    @Override
    public void refused(Rule rule, Scope scope, Actor actor, String resource) {
        identity.oversteps().refused(rule, scope, actor, resource);
    }

    @Override
    public String behind(String principal) {
        return identity.persons().behind(principal);
    }
}
