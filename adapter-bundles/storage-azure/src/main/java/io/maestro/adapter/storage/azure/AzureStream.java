package io.maestro.adapter.storage.azure;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;

/**
 * The content of an object: exactly so many bytes with the MD5 that the service keeps of them, or an {@link IOException}.
 * Known to its storage until it is closed.
 */
final class AzureStream extends InputStream {
    private final InputStream bytes;
    private final String md5;
    private final MessageDigest digest = Block.newMd5();
    private final Set<AzureStream> open;
    private long remaining;

    /** {@code md5} is in Base64, and empty when the service keeps none. */
    AzureStream(InputStream bytes, long size, String md5, Set<AzureStream> open) {
        this.bytes = bytes;
        this.remaining = size;
        this.md5 = md5;
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
        if (!md5.isEmpty()) {
            digest.update(target, offset, read);
            if (remaining == 0 && !md5.equals(Base64.getEncoder().encodeToString(digest.digest()))) {
                throw new IOException("the content is not what was stored: its MD5 is another one");
            }
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        open.remove(this);
        bytes.close();
    }
}
