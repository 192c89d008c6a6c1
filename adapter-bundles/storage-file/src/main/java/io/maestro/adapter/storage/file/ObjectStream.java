package io.maestro.adapter.storage.file;

import io.maestro.adapter.spi.storage.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.Objects;
import java.util.Set;

/** The content of an object: exactly so many bytes, or an {@link IOException}. Known to its storage until it is closed. */
final class ObjectStream extends InputStream {
    private final FileChannel file;
    private final InputStream bytes;
    private final Set<ObjectStream> open;
    private long remaining;

    ObjectStream(FileChannel file, long size, Set<ObjectStream> open) {
        this.file = file;
        this.bytes = Channels.newInputStream(file);
        this.remaining = size;
        this.open = open;
        open.add(this);
    }

    /** Leaves out what is before and behind the range; before anything is read. */
    void limitTo(ByteRange range) throws IOException {
        file.position(file.position() + range.offset());
        remaining = range.length();
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
            throw new IOException("the file of the object ends early");
        }
        remaining -= read;
        return read;
    }

    @Override
    public int available() {
        return (int) Math.min(remaining, Integer.MAX_VALUE);
    }

    @Override
    public void close() throws IOException {
        open.remove(this);
        file.close();
    }
}
