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
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.Problem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Objects in memory, gone when the instance is closed. One page holds all. */
final class DemoStorage implements ObjectStorage {
    private final InstantSource clock;
    private final Map<String, Held> objects = new TreeMap<>();

    private boolean closed;

    DemoStorage(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized StoredObject putObject(CallContext context, PutObject request, Content content) {
        checkOpen();
        try {
            byte[] bytes = content.bytes().readAllBytes();
            StoredObject stored = new StoredObject(
                    request.key(),
                    bytes.length,
                    Integer.toHexString(java.util.Arrays.hashCode(bytes)),
                    Objects.requireNonNullElse(request.contentType(), "application/octet-stream"),
                    clock.instant(),
                    Objects.requireNonNullElse(request.metadata(), Map.of()));
            objects.put(request.key(), new Held(stored, bytes));
            return stored;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized OpenObject getObject(CallContext context, GetObject request) {
        checkOpen();
        Held held = objects.get(request.key());
        if (held == null) {
            throw Problem.of(StorageProblem.OBJECT_NOT_FOUND, "no object " + request.key(), null)
                    .asException();
        }
        return new OpenObject(held.object, new ByteArrayInputStream(held.bytes));
    }

    @Override
    public synchronized ObjectList list(CallContext context, ListObjects request) {
        checkOpen();
        String prefix = Objects.requireNonNullElse(request.prefix(), "");
        return new ObjectList(
                objects.values().stream()
                        .map(held -> held.object)
                        .filter(object -> object.key().startsWith(prefix))
                        .map(object ->
                                new ObjectList.Entry(object.key(), object.size(), object.etag(), object.lastModified()))
                        .toList(),
                null);
    }

    @Override
    public synchronized DeletedObject deleteObject(CallContext context, DeleteObject request) {
        checkOpen();
        objects.remove(request.key());
        return new DeletedObject(request.key());
    }

    @Override
    public SignedUrl signedUrl(CallContext context, SignUrl request) {
        throw Problem.of(StorageProblem.STORAGE_UNSUPPORTED, "memory has no addresses", null)
                .asException();
    }

    @Override
    public Health health() {
        return new Health.Up();
    }

    @Override
    public synchronized void close() {
        closed = true;
        objects.clear();
    }

    private void checkOpen() {
        if (closed) {
            throw Problem.of(StorageProblem.STORAGE_CLOSED, "the instance is closed", null)
                    .asException();
        }
    }

    private static final class Held {
        private final StoredObject object;
        private final byte[] bytes;

        Held(StoredObject object, byte[] bytes) {
            this.object = object;
            this.bytes = bytes;
        }
    }
}
