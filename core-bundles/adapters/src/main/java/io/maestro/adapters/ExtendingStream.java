package io.maestro.adapters;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The content of an upload as the adapter reads it: as long as bytes arrive, the call's deadline moves on. */
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
        int value = super.read();
        flight.extend(System.nanoTime() + patience);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        flight.extend(System.nanoTime() + patience);
        return count;
    }

    /** Closing is the sender's matter. */
    @Override
    public void close() {}
}
