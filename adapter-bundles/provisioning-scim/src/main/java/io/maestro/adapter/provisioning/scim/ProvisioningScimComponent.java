package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens instances of {@code provisioning-scim}. */
@Component(service = AdapterFactory.class)
public final class ProvisioningScimComponent implements AdapterFactory {
    /** Called by declarative services. */
    @Activate
    public ProvisioningScimComponent() {}

    @Override
    public AdapterInstance open(AdapterContext context) {
        Settings settings = Settings.of(context.configuration(ScimConfiguration.class));
        Connection connection = new Connection(context.http(), settings, context.clock());
        return new ScimDirectory(settings, connection, context.clock());
    }
}
