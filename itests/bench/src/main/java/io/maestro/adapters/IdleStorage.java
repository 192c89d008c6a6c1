package io.maestro.adapters;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.DeletedObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.SignedUrl;
import io.maestro.adapter.spi.storage.StoredObject;

/** An adapter that does next to nothing, so that what is around the call is all there is to measure. */
final class IdleStorage implements ObjectStorage {
    @Override
    public DeletedObject deleteObject(CallContext context, DeleteObject request) {
        return new DeletedObject(request.key());
    }

    @Override
    public StoredObject putObject(CallContext context, PutObject request, Content content) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OpenObject getObject(CallContext context, GetObject request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectList list(CallContext context, ListObjects request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SignedUrl signedUrl(CallContext context, SignUrl request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Health health() {
        return new Health.Up();
    }

    @Override
    public void close() {}
}
