package io.maestro.adapter.storage.s3;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;

/** The content of an object: exactly so many bytes, or an {@link IOException}. Known to its storage until it is closed. */
final class S3Stream extends InputStream {
    private final InputStream bytes;
    private final Set<S3Stream> open;
    private long remaining;

    S3Stream(InputStream bytes, long size, Set<S3Stream> open) {
        this.bytes = bytes;
        this.remaining = size;
        this.open = open;
        open.add(this);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (remaining == 0) {
            return -1;
        }
        int read = bytes.read(target, offset, (int) Math.min(length, remaining));
        if (read < 0) {
            throw new IOException("the connection ended " + remaining + " bytes before the end of the object");
        }
        remaining -= read;
        return read;
    }

    @Override
    public void close() throws IOException {
        open.remove(this);
        bytes.close();
    }
}
