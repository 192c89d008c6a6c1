package io.maestro.residency;

import io.maestro.model.Digest;
import io.maestro.residency.Placement.Written;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/**
 * Counts and digests what is read through it. With something to compare with, its end is an {@link IOException} when that is
 * not what was read. One thread at a time.
 */
final class MeasuredStream extends FilterInputStream {
    private final MessageDigest sha;
    private final @Nullable Written expected;
    private long size;
    private boolean damaged;
    private @Nullable Written measured;

    /** Measures only. */
    MeasuredStream(InputStream bytes) {
        this(bytes, null);
    }

    MeasuredStream(InputStream bytes, @Nullable Written expected) {
        super(bytes);
        this.expected = expected;
        try {
            this.sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** What was read; to be asked once nothing more is. */
    Written measured() {
        Written all = measured;
        if (all == null) {
            all = new Written(size, Digest.of(sha.digest()));
            measured = all;
        }
        return all;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count > 0) {
            size += count;
            sha.update(buffer, offset, count);
            if (expected != null && size > expected.size()) {
                throw changed();
            }
            if (expected != null && size == expected.size()) {
                // before whoever counts them takes the last of them for success
                compare();
            }
        } else if (count < 0) {
            compare();
        }
        return count;
    }

    private void compare() throws IOException {
        if (expected != null && !expected.equals(measured())) {
            throw changed();
        }
    }

    /** Whether what was read is not what was expected; whoever read it may have made something else of the exception. */
    boolean damaged() {
        return damaged;
    }

    private IOException changed() {
        damaged = true;
        return new IOException("the bytes are not those that were stored");
    }

    @Override
    public long skip(long count) throws IOException {
        // what is passed over has to be measured as well
        byte[] passed = new byte[(int) Math.min(8192, Math.max(0, count))];
        return passed.length == 0 ? 0 : Math.max(0, read(passed, 0, passed.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
