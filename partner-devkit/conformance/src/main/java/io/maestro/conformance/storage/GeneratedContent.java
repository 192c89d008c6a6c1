package io.maestro.conformance.storage;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.SequenceInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** Bytes made while they are read: as many as wanted, held nowhere, the same for the same seed. */
public final class GeneratedContent extends InputStream {
    private final long seed;
    private final long size;
    private final long stopsAt;
    private final Runnable atStop;
    private long given;
    private boolean stopped;
    private long wordAt = -1;
    private long word;

    private GeneratedContent(long seed, long size, long stopsAt, Runnable atStop) {
        this.seed = seed;
        this.size = size;
        this.stopsAt = stopsAt;
        this.atStop = atStop;
    }

    /** So many bytes. */
    public static GeneratedContent of(long seed, long size) {
        return new GeneratedContent(seed, size, Long.MAX_VALUE, () -> {});
    }

    /** So many bytes; {@code act} is run once, on the reader's thread, after {@code stopsAt} of them were given. */
    public static GeneratedContent with(long seed, long size, long stopsAt, Runnable act) {
        return new GeneratedContent(seed, size, stopsAt, act);
    }

    /** A sender that breaks off after so many bytes. */
    public static InputStream broken(long seed, long size) {
        return new SequenceInputStream(of(seed, size), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new InterruptedIOException("the sender broke off");
            }

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return read();
            }
        });
    }

    /** The SHA-256 of a stream, read to its end, in hexadecimal digits. */
    public static String digest(InputStream stream) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] chunk = new byte[64 * 1024];
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                digest.update(chunk, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (given >= stopsAt && !stopped) {
            stopped = true;
            atStop.run();
        }
        if (given >= size) {
            return -1;
        }
        long until = given < stopsAt ? Math.min(size, stopsAt) : size;
        int count = (int) Math.min(length, until - given);
        for (int i = 0; i < count; i++) {
            target[offset + i] = at(given + i);
        }
        given += count;
        return count;
    }

    /** The byte depends on its place only, so that the content is the same however it is read. */
    private byte at(long place) {
        if (place >>> 3 != wordAt) {
            wordAt = place >>> 3;
            word = mixed(seed * 31 + wordAt);
        }
        return (byte) (word >>> ((place & 7) * 8));
    }

    /** The mixing of SplitMix64: as good as random, and made in no time. */
    private static long mixed(long number) {
        long word = (number + 1) * 0x9e3779b97f4a7c15L;
        word = (word ^ (word >>> 30)) * 0xbf58476d1ce4e5b9L;
        word = (word ^ (word >>> 27)) * 0x94d049bb133111ebL;
        return word ^ (word >>> 31);
    }
}
