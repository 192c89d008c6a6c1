package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens instances of {@code storage-azure}. */
@Component(service = AdapterFactory.class)
public final class StorageAzureComponent implements AdapterFactory {
    /** Called by declarative services. */
    @Activate
    public StorageAzureComponent() {}

    @Override
    public AdapterInstance open(AdapterContext context) {
        AzureConfiguration configuration = context.configuration(AzureConfiguration.class);
        Container container = Container.of(configuration);
        SharedKey key = new SharedKey(container, configuration.accountKey());
        Connection connection = new Connection(context.http(), container, key, context.clock());
        return new AzureStorage(container, connection, key, context.clock());
    }
}
