package io.maestro.adapter.spi.storage;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/**
 * An object opened for reading.
 *
 * @param object what it is
 * @param content its bytes, exactly {@code object.size()} of them; a broken connection is an {@link IOException}, never a
 *     silent early end
 */
public record OpenObject(StoredObject object, InputStream content) implements Closeable {
    /** Ends the reading; releases the connection also when the content was not read to its end. */
    @Override
    public void close() throws IOException {
        content.close();
    }
}
