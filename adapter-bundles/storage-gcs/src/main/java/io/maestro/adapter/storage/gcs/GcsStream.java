package io.maestro.adapter.storage.gcs;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Set;

/**
 * The content of an object: exactly so many bytes with the checksums that the service keeps of them, or an {@link
 * IOException}. Known to its storage until it is closed.
 */
final class GcsStream extends InputStream {
    private final InputStream bytes;
    private final Checksums.Value expected;
    private final Checksums checksums = new Checksums();
    private final Set<GcsStream> open;
    private long remaining;

    GcsStream(InputStream bytes, long size, Checksums.Value expected, Set<GcsStream> open) {
        this.bytes = bytes;
        this.remaining = size;
        this.expected = expected;
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
        checksums.update(target, offset, read);
        if (remaining == 0 && read > 0 && !expected.agreesWith(checksums.value())) {
            throw new IOException("the content is not what was stored: its checksum is another one");
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        open.remove(this);
        bytes.close();
    }
}
