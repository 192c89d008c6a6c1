package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens instances of {@code storage-gcs}. */
@Component(service = AdapterFactory.class)
public final class StorageGcsComponent implements AdapterFactory {
    /** Called by declarative services. */
    @Activate
    public StorageGcsComponent() {}

    @Override
    public AdapterInstance open(AdapterContext context) {
        GcsConfiguration configuration = context.configuration(GcsConfiguration.class);
        Bucket bucket = Bucket.of(configuration);
        Account account = new Account(ServiceAccountKey.parse(configuration.serviceAccountKey()));
        Transport transport = new Transport(context.http(), context.clock());
        AccessTokens tokens =
                new AccessTokens(transport, account, AccessTokens.endpoint(configuration), context.clock());
        return new GcsStorage(
                bucket, new Connection(transport, tokens), account, new UrlSigner(bucket), context.clock());
    }
}
