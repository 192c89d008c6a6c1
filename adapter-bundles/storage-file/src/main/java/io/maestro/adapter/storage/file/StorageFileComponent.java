package io.maestro.adapter.storage.file;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens instances of {@code storage-file}. */
@Component(service = AdapterFactory.class)
public final class StorageFileComponent implements AdapterFactory {
    /** Called by declarative services. */
    @Activate
    public StorageFileComponent() {}

    @Override
    public AdapterInstance open(AdapterContext context) {
        return FileStorage.open(
                context.folder(), context.configuration(FileStorageConfiguration.class), context.clock());
    }
}
