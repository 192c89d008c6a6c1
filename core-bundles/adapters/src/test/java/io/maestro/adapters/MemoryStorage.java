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
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Objects in memory, for calls that need something at the other end. */
final class MemoryStorage implements ObjectStorage {
    private static final Instant LONG_AGO = Instant.parse("2001-02-03T04:05:06Z");

    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final AtomicInteger failing = new AtomicInteger();

    /** The next calls find what is outside unavailable for the moment. */
    void failFor(int calls) {
        failing.set(calls);
    }

    private void requireUp() {
        if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw Problem.of(StorageProblem.STORAGE_UNREACHABLE, "down for the moment", null)
                    .with(Retry.after(Duration.ZERO))
                    .asException();
        }
    }

    @Override
    public StoredObject putObject(CallContext context, PutObject request, Content content) {
        requireUp();
        try {
            byte[] bytes = content.bytes().readAllBytes();
            objects.put(request.key(), bytes);
            return stored(request.key(), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public OpenObject getObject(CallContext context, GetObject request) {
        requireUp();
        byte[] bytes = objects.get(request.key());
        if (bytes == null) {
            throw Problem.of(StorageProblem.OBJECT_NOT_FOUND, "no " + request.key(), null)
                    .asException();
        }
        return new OpenObject(stored(request.key(), bytes), new ByteArrayInputStream(bytes));
    }

    @Override
    public ObjectList list(CallContext context, ListObjects request) {
        requireUp();
        return new ObjectList(
                objects.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(e -> new ObjectList.Entry(e.getKey(), e.getValue().length, "etag", LONG_AGO))
                        .toList(),
                null);
    }

    @Override
    public DeletedObject deleteObject(CallContext context, DeleteObject request) {
        requireUp();
        objects.remove(request.key());
        return new DeletedObject(request.key());
    }

    @Override
    public SignedUrl signedUrl(CallContext context, SignUrl request) {
        return new SignedUrl(
                URI.create("https://example.test/" + request.key()),
                request.access().name(),
                LONG_AGO);
    }

    @Override
    public Health health() {
        return new Health.Up();
    }

    @Override
    public void close() {
        objects.clear();
    }

    private static StoredObject stored(String key, byte[] bytes) {
        return new StoredObject(key, bytes.length, "etag", "text/plain", LONG_AGO, Map.of());
    }
}
