package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Opens instances of {@code storage-s3}. */
@Component(service = AdapterFactory.class)
public final class StorageS3Component implements AdapterFactory {
    /** Called by declarative services. */
    @Activate
    public StorageS3Component() {}

    @Override
    public AdapterInstance open(AdapterContext context) {
        Bucket bucket = Bucket.of(context.configuration(S3Configuration.class));
        Signer signer = new Signer(bucket, context.clock());
        Connection connection = new Connection(context.http(), signer, context.clock());
        return new S3Storage(bucket, connection, signer, context.clock(), context.logger());
    }
}
