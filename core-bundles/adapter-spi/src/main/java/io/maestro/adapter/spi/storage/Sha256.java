package io.maestro.adapter.spi.storage;

import io.maestro.adapter.spi.Content;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Compares content with its SHA-256 while it goes by, in constant memory. Adapters call {@link #checked} first in a put and
 * {@link #verified} last in a get of a whole object.
 *
 * <p>The methods may be called by any thread; the streams are for one reader.
 */
public final class Sha256 {
    private Sha256() {}

    /**
     * The content, never to be read to its end when it has another digest than the request says. Then reading it, or this method
     * when there are no bytes to read, throws {@link StorageProblem#STORAGE_DIGEST_MISMATCH}, which names both digests. Of
     * content of known length the last bytes are held back until they are known to be the right ones. The adapter lets the
     * problem pass and leaves the object as it was.
     */
    public static Content checked(PutObject request, Content content) {
        String said = request.sha256();
        if (said == null || (content.bytes() instanceof CheckedContent checked && checked.isFor(said))) {
            return content;
        }
        return new Content(new CheckedContent(content, said), content.length());
    }

    /**
     * The bytes of a whole object, never to be read to their end when the object was stored with another digest: then the last of
     * them are held back and reading is an {@link IOException}, from then on. Closes {@code content} when it is closed.
     */
    public static InputStream verified(StoredObject object, InputStream content) {
        String kept = object.sha256();
        return kept == null ? content : new Verified(content, object.size(), kept);
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static final class Verified extends FilterInputStream {
        private final String kept;
        private final MessageDigest digest = digest();
        private long remaining;
        private boolean compared;
        private @Nullable String other;

        Verified(InputStream content, long size, String kept) {
            super(content);
            this.remaining = size;
            this.kept = kept;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            requireRight();
            int read = super.read(target, offset, length);
            if (read > 0) {
                digest.update(target, offset, read);
                remaining -= read;
            }
            if (compared && read > 0) {
                throw new IOException("the content is longer than the object that was stored");
            }
            if (!compared && (read < 0 || remaining <= 0)) {
                compare();
            }
            return read;
        }

        private void compare() throws IOException {
            compared = true;
            String found = hex(digest);
            if (!found.equals(kept)) {
                other = found;
                requireRight();
            }
        }

        private void requireRight() throws IOException {
            if (other != null) {
                throw new IOException("the content is not what was stored: it has the SHA-256 " + other
                        + " and was stored with " + kept);
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
}
