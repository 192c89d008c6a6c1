package io.maestro.adapters;

import io.maestro.model.Digest;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.OptionalLong;

/**
 * The content of an upload of which it was said before what its digest is. Whoever reads it never gets the end of another
 * content: an adapter that is told the length stops reading there, so the last bytes are held back until they are known to
 * be the right ones. One reader.
 */
final class DeclaredContent extends FilterInputStream {
    private final Digest declared;
    private final OptionalLong length;
    private final MessageDigest sha;
    private long passed;
    private volatile boolean other;

    /**
     * Content that is compared as it is read.
     *
     * @param length how long it was said to be, if it was
     */
    DeclaredContent(InputStream content, Digest declared, OptionalLong length) {
        super(content);
        this.declared = declared;
        this.length = length;
        try {
            this.sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        // nobody would read what has no bytes
        this.other = length.isPresent() && length.getAsLong() == 0 && !isDeclared();
    }

    /** What it is and what it was said to be. */
    String difference() {
        return "its SHA-256 is " + found().hex() + " and not " + declared.hex();
    }

    /** Whether it turned out to be another content. */
    boolean isOther() {
        return other;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int count) throws IOException {
        requireRight();
        int read = super.read(buffer, offset, count);
        if (read > 0) {
            sha.update(buffer, offset, read);
            passed += read;
        }
        boolean ended = read < 0 || (length.isPresent() && passed >= length.getAsLong());
        if (ended && !isDeclared()) {
            other = true;
            requireRight();
        }
        return read;
    }

    private boolean isDeclared() {
        return declared.equals(found());
    }

    /** The digest of what has passed so far. */
    private Digest found() {
        try {
            MessageDigest so = (MessageDigest) sha.clone();
            return Digest.of(so.digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the digests of the JDK can be cloned", e);
        }
    }

    /** Throws when it is known to be another content. */
    void requireRight() throws IOException {
        if (other) {
            throw new IOException("the content is not what it was said to be");
        }
    }

    /** Skipped bytes count, too. */
    @Override
    public long skip(long count) throws IOException {
        byte[] passedOver = new byte[(int) Math.min(Math.max(count, 0), 8 << 10)];
        return passedOver.length == 0 ? 0 : Math.max(0, read(passedOver, 0, passedOver.length));
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
