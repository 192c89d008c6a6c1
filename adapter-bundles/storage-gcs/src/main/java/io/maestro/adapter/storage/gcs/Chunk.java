package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A chunk of content on its way in, filled anew for each request of a put. Knows how much came, whether more comes, and makes
 * sure that it is as much as announced. In small pieces, because a large array is hard to place in a small heap.
 */
final class Chunk {
    /** A multiple of 256 KiB, which the service asks of every chunk but the last. */
    static final int SIZE = 8 * 1024 * 1024;

    private static final int PIECE = 32 * 1024;
    private static final int NONE = -1;

    private final Content content;
    private final Checksums checksums = new Checksums();
    private final List<byte[]> pieces = new ArrayList<>();
    private long total;
    private int size;

    /** The byte behind the chunk, read to know whether there is one. */
    private int next = NONE;

    Chunk(Content content) {
        this.content = content;
    }

    /** How many bytes the chunk has; fewer than {@link #SIZE} only at the end of the content. */
    int size() {
        return size;
    }

    /** How many bytes came with this chunk and those before. */
    long total() {
        return total;
    }

    /** Whether nothing comes behind this chunk. */
    boolean last() {
        return next == NONE;
    }

    /** The bytes of the chunk from this place on. */
    List<byte[]> from(int start) {
        List<byte[]> rest = new ArrayList<>();
        int at = 0;
        for (byte[] piece : pieces) {
            int end = at + piece.length;
            if (at >= start) {
                rest.add(piece);
            } else if (end > start) {
                rest.add(Arrays.copyOfRange(piece, start - at, piece.length));
            }
            at = end;
        }
        return rest;
    }

    /** The checksums of all content; asked for once, when the last chunk has come. */
    Checksums.Value checksums() {
        return checksums.value();
    }

    /** Replaces the bytes by the next ones. */
    void fill() {
        pieces.clear();
        size = 0;
        boolean more = true;
        while (more && size < SIZE) {
            byte[] piece = new byte[PIECE];
            int count = fill(piece);
            more = count == PIECE;
            if (count > 0) {
                byte[] filled = more ? piece : Arrays.copyOf(piece, count);
                pieces.add(filled);
                checksums.update(filled, 0, count);
                size += count;
                total += count;
            }
        }
        next = more ? readOne() : NONE;
        checkLength();
    }

    private void checkLength() {
        long announced = content.length().orElse(total);
        if (total > announced
                || (total == announced && !last() && content.length().isPresent())) {
            throw incomplete("more than the announced " + announced + " bytes came");
        }
        if (last() && total < announced) {
            throw incomplete("only " + total + " of the announced " + announced + " bytes came");
        }
    }

    private int fill(byte[] piece) {
        int length = 0;
        if (next != NONE) {
            piece[length++] = (byte) next;
            next = NONE;
        }
        while (length < piece.length) {
            int count = read(piece, length);
            if (count < 0) {
                break;
            }
            length += count;
        }
        return length;
    }

    private int read(byte[] piece, int offset) {
        try {
            return content.bytes().read(piece, offset, piece.length - offset);
        } catch (IOException e) {
            throw brokenOff();
        }
    }

    private int readOne() {
        try {
            return content.bytes().read();
        } catch (IOException e) {
            throw brokenOff();
        }
    }

    /** The sender's failure, not the service's. */
    private static ProblemException brokenOff() {
        return incomplete("the sender broke off");
    }

    private static ProblemException incomplete(String detail) {
        return Failures.problem(
                StorageProblem.CONTENT_INCOMPLETE, detail, "Send the content again, with its true length or none.");
    }
}
