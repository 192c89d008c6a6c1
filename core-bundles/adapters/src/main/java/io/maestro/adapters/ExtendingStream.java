package io.maestro.adapters;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * The content of an upload as the adapter reads it: as long as bytes arrive, the call's deadline moves on. Once the call
 * has ended nothing can be read, for the connection behind may carry somebody else's request by then.
 */
final class ExtendingStream extends FilterInputStream {
    private final Flight<?> flight;
    private final long patience;

    ExtendingStream(InputStream content, Flight<?> flight, long patience) {
        super(content);
        this.flight = flight;
        this.patience = patience;
    }

    @Override
    public int read() throws IOException {
        requireAwaited();
        int value = super.read();
        extend();
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        requireAwaited();
        int count = super.read(buffer, offset, length);
        extend();
        return count;
    }

    @Override
    public long skip(long count) throws IOException {
        requireAwaited();
        long skipped = super.skip(count);
        extend();
        return skipped;
    }

    @Override
    public int available() throws IOException {
        requireAwaited();
        return super.available();
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    /** Closing is the sender's matter. */
    @Override
    public void close() {}

    private void extend() throws IOException {
        requireAwaited();
        flight.extend(System.nanoTime() + patience);
    }

    private void requireAwaited() throws IOException {
        if (!flight.awaited()) {
            throw new InterruptedIOException("the call has ended, and with it its content");
        }
    }
}
