package io.maestro.adapter.identity.oidc;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens instances of {@code identity-oidc}. */
@Component(service = AdapterFactory.class)
public final class IdentityOidcComponent implements AdapterFactory {
    /** Called by declarative services. */
    @Activate
    public IdentityOidcComponent() {}

    @Override
    public AdapterInstance open(AdapterContext context) {
        Settings settings = Settings.of(context.configuration(OidcConfiguration.class));
        return OidcIdentityProvider.open(settings, context.http(), context.clock(), context.logger());
    }
}
