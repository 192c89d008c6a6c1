package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.Secret;
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
import org.jspecify.annotations.Nullable;

/** Stores nothing; its health says what it was given. */
public class EchoStorage implements ObjectStorage {
    private final AdapterContext context;
    private volatile Settings settings;
    private volatile boolean closed;

    /** What the tests configure. */
    public record Settings(
            @Nullable String behaviour,
            @Nullable String greeting,
            @Nullable Secret password) {}

    EchoStorage(AdapterContext context, Settings settings) {
        this.context = context;
        this.settings = settings;
    }

    /** From now on it was configured so. */
    void configured(Settings changed) {
        settings = changed;
    }

    @Override
    public Health health() {
        if (closed) {
            return new Health.Down("closed");
        }
        Secret password = settings.password();
        return new Health.Degraded(context.scope() + "/" + context.instance() + " " + settings.greeting() + " "
                + (password == null ? "-" : password.reveal()));
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public StoredObject putObject(CallContext call, PutObject request, Content content) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OpenObject getObject(CallContext call, GetObject request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ObjectList list(CallContext call, ListObjects request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public DeletedObject deleteObject(CallContext call, DeleteObject request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public SignedUrl signedUrl(CallContext call, SignUrl request) {
        throw new UnsupportedOperationException();
    }
}
