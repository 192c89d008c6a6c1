package io.maestro.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * A request body whose sender must keep a pace. Only time spent waiting for the sender counts, not time in which we were
 * slow ourselves; so a trickling sender cannot hold a request open by one byte a minute.
 */
final class PacedInput extends InputStream {
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long BYTES_PER_SECOND = 1024;

    private final InputStream in;
    private final LongSupplier nanos;
    private long waitedNanos;
    private long bytes;

    /** Reads from {@code in}; {@code nanos} tells the time. */
    PacedInput(InputStream in, LongSupplier nanos) {
        this.in = in;
        this.nanos = nanos;
    }

    static InputStream of(Request request) {
        return request.getLength() == 0
                ? InputStream.nullInputStream()
                : new PacedInput(Content.Source.asInputStream(request), System::nanoTime);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        long before = nanos.getAsLong();
        int count = in.read(buffer, offset, length);
        waitedNanos += nanos.getAsLong() - before;
        bytes += Math.max(count, 0);
        if (waitedNanos > GRACE_NANOS && bytes < TimeUnit.NANOSECONDS.toSeconds(waitedNanos) * BYTES_PER_SECOND) {
            throw new IOException("the sender is slower than " + BYTES_PER_SECOND + " bytes a second");
        }
        return count;
    }

    @Override
    public int available() throws IOException {
        return in.available();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
