package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Content on its way in: knows how much came and makes sure that it is as much as announced. */
final class Source implements Chunks {
    static final int CHUNK = 32 * 1024;

    private final InputStream bytes;
    private final OptionalLong announced;
    private long read;

    Source(Content content) {
        this.bytes = content.bytes();
        this.announced = content.length();
    }

    /** How many bytes came so far. */
    long size() {
        return read;
    }

    /**
     * The next chunk, at most {@code most} bytes and never empty. The chunk that reaches the announced end is given only
     * when the content really ends there, so that nobody takes more or less for the whole.
     */
    @Override
    public ByteBuffer next(long most) {
        byte[] chunk = new byte[(int) Math.min(CHUNK, most)];
        int count = fill(chunk);
        if (count == 0) {
            throw incomplete("only " + read + " of the announced " + announced.orElse(read) + " bytes came");
        }
        if (announced.isPresent() && read == announced.getAsLong()) {
            requireEnd();
        }
        return ByteBuffer.wrap(chunk, 0, count);
    }

    /** Makes sure that no more comes than was announced. */
    void requireEnd() {
        if (read(new byte[1], 0, 1) >= 0) {
            throw incomplete("more than the announced " + read + " bytes came");
        }
    }

    /** Fills the chunk; returns fewer bytes than it takes only at the end of the content. */
    int fill(byte[] chunk) {
        int length = 0;
        while (length < chunk.length) {
            int count = read(chunk, length, chunk.length - length);
            if (count < 0) {
                break;
            }
            length += count;
        }
        read += length;
        return length;
    }

    private int read(byte[] target, int offset, int length) {
        try {
            return bytes.read(target, offset, length);
        } catch (IOException e) {
            // the sender's failure, not the store's
            throw incomplete("the sender broke off");
        }
    }

    private static ProblemException incomplete(String detail) {
        return Failures.problem(
                StorageProblem.CONTENT_INCOMPLETE, detail, "Send the content again, with its true length or none.");
    }
}
