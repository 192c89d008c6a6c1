package io.maestro.rest;

import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A body that fails once it gives more than it may; the announced length is not believed. */
final class BoundedInput extends FilterInputStream {
    private final long largest;
    private long left;

    BoundedInput(InputStream in, long largest) {
        super(in);
        this.largest = largest;
        this.left = largest;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        count(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        count(Math.max(read, 0));
        return read;
    }

    @Override
    public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw Problem.of(CallerProblem.BODY_TOO_LARGE, "the body is larger than " + largest + " bytes", null)
                    .asException();
        }
    }
}
