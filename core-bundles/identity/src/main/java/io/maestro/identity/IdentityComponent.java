package io.maestro.identity;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Tokens;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * Offers access, tokens and security events; they share what is known of tokens, so they are one component. Immediate, so
 * that the first token is there before anybody asks.
 */
@Component(immediate = true)
public final class IdentityComponent implements Access, Tokens, SecurityEvents {
    private final Identity identity;

    @Activate
    public IdentityComponent(
            @Reference NodeSettings settings, @Reference Database database, @Reference Tenants tenants) {
        this.identity = new Identity(settings, database, tenants, InstantSource.system(), new SecureRandom());
        identity.start();
    }

    @Deactivate
    void close() {
        identity.close();
    }

    @Override
    public Principal authenticate(@Nullable String bearer, Origin origin) {
        return identity.access().authenticate(bearer, origin);
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
            Role role,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Duration lifetime,
            Principal creator) {
        return identity.tokens().create(name, role, tenant, environment, lifetime, creator);
    }

    @Override
    public Page<Token> tokens(@Nullable TenantId tenant, PageRequest page) {
        return identity.tokens().tokens(tenant, page);
    }

    @Override
    public void revoke(@Nullable TenantId tenant, String id) {
        identity.tokens().revoke(tenant, id);
    }

    @Override
    public Page<SecurityEvent> events(PageRequest page) {
        return identity.events().events(page);
    }
}
