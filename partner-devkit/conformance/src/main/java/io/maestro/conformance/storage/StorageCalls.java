package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.conformance.Refusal;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Opens an instance for each test and calls it in few words. Extend it for the tests of an adapter that are its own; those
 * that hold for every adapter are in {@link StorageKit}.
 */
public abstract class StorageCalls {
    private final Deque<AutoCloseable> afterwards = new ArrayDeque<>();
    private boolean closed = true;

    @SuppressWarnings("NullAway.Init") // JUnit calls openInstance first
    private ObjectStorage storage;

    /** Opens an instance over a place without objects. Called once per test; the instance is closed after it. */
    protected abstract ObjectStorage openEmpty() throws Exception;

    /** The instance of this test. */
    protected final ObjectStorage storage() {
        return storage;
    }

    /** Opens the instance. */
    @BeforeEach
    final void openInstance() throws Exception {
        storage = openEmpty();
        closed = false;
    }

    /** Closes the instance, unless the test has, and then what was to be closed after it. */
    @AfterEach
    final void closeAll() throws Exception {
        close();
        while (!afterwards.isEmpty()) {
            afterwards.pop().close();
        }
    }

    /** Closes the instance of this test now. The contract says that this happens once. */
    protected final void close() {
        if (!closed) {
            closed = true;
            storage.close();
        }
    }

    /** Closes it after the test and after the instance; what was given last is closed first. */
    protected final <T extends AutoCloseable> T closeAfterwards(T resource) {
        afterwards.push(resource);
        return resource;
    }

    /** What comes along with a call: two minutes. */
    protected static CallContext call() {
        return call(Duration.ofMinutes(2));
    }

    /** What comes along with a call that may take so long. */
    protected static CallContext call(Duration patience) {
        return new CallContext("test", InstantSource.system().instant().plus(patience), null);
    }

    /** Stores a text. */
    protected final StoredObject put(String key, String text) {
        return put(PutObject.of(key), text.getBytes(UTF_8));
    }

    /** Stores some bytes. */
    protected final StoredObject put(PutObject request, byte[] bytes) {
        return storage.putObject(call(), request, content(bytes));
    }

    /** Bytes on their way in, of known length. */
    protected static Content content(byte[] bytes) {
        return new Content(new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length));
    }

    /** Reads an object as text. */
    protected final String read(String key) throws IOException {
        return read(storage, key);
    }

    /** Reads an object of another instance as text. */
    protected static String read(ObjectStorage other, String key) throws IOException {
        try (OpenObject open = other.getObject(call(), new GetObject(key))) {
            return new String(open.content().readAllBytes(), UTF_8);
        }
    }

    /** Lists objects. */
    protected final ObjectList list(@Nullable String prefix, @Nullable Integer limit, @Nullable String cursor) {
        return storage.list(call(), new ListObjects(prefix, limit, cursor));
    }

    /** Expects a problem of this kind, whole: code, category, status, title and what to do about it. */
    protected static Problem refused(ProblemCode code, ThrowingCallable act) {
        return Refusal.of(code, act);
    }

    /** A put for a key without an object. */
    protected static PutObject ifAbsent(String key) {
        return new PutObject(key, null, null, true, null);
    }

    /** A put over this state of an object. */
    protected static PutObject ifMatch(String key, String etag) {
        return new PutObject(key, null, null, null, etag);
    }
}
