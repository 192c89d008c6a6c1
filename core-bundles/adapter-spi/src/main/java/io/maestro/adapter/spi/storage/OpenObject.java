package io.maestro.adapter.spi.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * An object opened for reading.
 *
 * @param object what it is; its size is that of the whole object, also when a part was asked for
 * @param content its bytes, exactly {@code range.length()} of them or, without a range, {@code object.size()}; a broken
 *     connection, or a whole object of another SHA-256 than it was stored with, is an {@link IOException}, never a silent end
 * @param range which part the bytes are; null when they are the whole object, because no range was asked for
 */
public record OpenObject(
        StoredObject object, InputStream content, @Nullable ByteRange range) implements Closeable {
    /** The whole object. */
    public OpenObject(StoredObject object, InputStream content) {
        this(object, content, null);
    }

    /** Ends the reading; releases the connection also when the content was not read to its end. */
    @Override
    public void close() throws IOException {
        content.close();
    }
}
