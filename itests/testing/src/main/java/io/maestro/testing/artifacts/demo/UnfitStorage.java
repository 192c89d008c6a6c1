package io.maestro.testing.artifacts.demo;

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

/** A version that should not have been released. */
final class UnfitStorage implements ObjectStorage {
    @Override
    public StoredObject putObject(CallContext context, PutObject request, Content content) {
        throw broken();
    }

    @Override
    public OpenObject getObject(CallContext context, GetObject request) {
        throw broken();
    }

    @Override
    public ObjectList list(CallContext context, ListObjects request) {
        throw broken();
    }

    @Override
    public DeletedObject deleteObject(CallContext context, DeleteObject request) {
        throw broken();
    }

    @Override
    public SignedUrl signedUrl(CallContext context, SignUrl request) {
        throw broken();
    }

    @Override
    public Health health() {
        return new Health.Up();
    }

    @Override
    public void close() {
        // nothing is held
    }

    private static IllegalStateException broken() {
        return new IllegalStateException("this version fails at every call");
    }
}
