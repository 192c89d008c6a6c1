package io.maestro.adapter.storage.s3;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of content of unknown length, held until the store has it. Filled anew for each part of an upload; in small
 * pieces, because a large array is hard to place in a small heap.
 */
final class Part implements Chunks {
    private final int largest;
    private final List<byte[]> pieces = new ArrayList<>();
    private int size;
    private int given;

    Part(int largest) {
        this.largest = largest;
    }

    /** How many bytes there are; fewer than the largest part only at the end of the content. */
    int size() {
        return size;
    }

    boolean isFull() {
        return size == largest;
    }

    /** Replaces the bytes by the next ones of the content. */
    void fill(Source content) {
        size = 0;
        given = 0;
        int piece = 0;
        while (size < largest) {
            if (piece == pieces.size()) {
                pieces.add(new byte[Source.CHUNK]);
            }
            int count = content.fill(pieces.get(piece++));
            size += count;
            if (count < Source.CHUNK) {
                return;
            }
        }
    }

    @Override
    public ByteBuffer next(long most) {
        byte[] piece = pieces.get(given / Source.CHUNK);
        int length = Math.min(Source.CHUNK, size - given);
        given += length;
        return ByteBuffer.wrap(piece, 0, length);
    }
}
