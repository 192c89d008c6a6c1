package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A block of content on its way in, filled anew for each block of a put. Knows how much came and makes sure that it is as
 * much as announced. In small pieces, because a large array is hard to place in a small heap.
 */
final class Block {
    static final int SIZE = 4 * 1024 * 1024;

    private static final int PIECE = 32 * 1024;

    private final Content content;
    private final MessageDigest whole = newMd5();
    private final List<byte[]> pieces = new ArrayList<>();
    private String md5 = "";
    private int size;
    private long total;

    Block(Content content) {
        this.content = content;
    }

    /** How many bytes the block has; fewer than {@link #SIZE} only at the end of the content. */
    int size() {
        return size;
    }

    /** How many bytes came so far. */
    long total() {
        return total;
    }

    /** The bytes of the block. */
    List<byte[]> pieces() {
        return List.copyOf(pieces);
    }

    /** The MD5 of the block in Base64, which the service compares. */
    String md5() {
        return md5;
    }

    /** The MD5 of all content, once it has come. */
    String md5OfWhole() {
        return Base64.getEncoder().encodeToString(whole.digest());
    }

    /** Replaces the bytes by the next ones. At the end of the content it checks that there are as many as announced. */
    void fill() {
        MessageDigest digest = newMd5();
        pieces.clear();
        size = 0;
        while (size < SIZE) {
            byte[] piece = new byte[PIECE];
            int count = fill(piece);
            if (count > 0) {
                byte[] filled = count == PIECE ? piece : Arrays.copyOf(piece, count);
                pieces.add(filled);
                digest.update(filled);
                whole.update(filled);
                size += count;
                total += count;
            }
            if (total > content.length().orElse(Long.MAX_VALUE)) {
                throw incomplete("more than the announced " + content.length().getAsLong() + " bytes came");
            }
            if (count < PIECE) {
                if (total < content.length().orElse(0)) {
                    throw incomplete("only " + total + " of the announced "
                            + content.length().getAsLong() + " bytes came");
                }
                break;
            }
        }
        md5 = Base64.getEncoder().encodeToString(digest.digest());
    }

    private int fill(byte[] piece) {
        int length = 0;
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
            // the sender's failure, not the service's
            throw incomplete("the sender broke off");
        }
    }

    private static ProblemException incomplete(String detail) {
        return Failures.problem(
                StorageProblem.CONTENT_INCOMPLETE, detail, "Send the content again, with its true length or none.");
    }

    static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
