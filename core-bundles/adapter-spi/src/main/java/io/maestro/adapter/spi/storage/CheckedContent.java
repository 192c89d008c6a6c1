package io.maestro.adapter.spi.storage;

import io.maestro.adapter.spi.Content;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The bytes of a put whose SHA-256 was said. Nobody reads the end of other bytes. One reader. */
final class CheckedContent extends FilterInputStream {
    private final String said;
    private final OptionalLong length;
    private final MessageDigest digest = Sha256.digest();
    private long passed;
    private boolean compared;
    private @Nullable String other;

    CheckedContent(Content content, String said) {
        super(content.bytes());
        this.said = said;
        this.length = content.length();
        if (length.isPresent() && length.getAsLong() == 0) {
            compare(); // nobody would read what has no bytes
        }
    }

    boolean isFor(String sha256) {
        return said.equals(sha256);
    }

    /** What was found out; null as long as nothing speaks against the content. */
    @Nullable
    ProblemException mismatch() {
        return other == null
                ? null
                : Problem.of(
                                StorageProblem.STORAGE_DIGEST_MISMATCH,
                                "the content has the SHA-256 " + other + ", and the request says " + said,
                                "Send the content that has this digest, or its own digest, or none.")
                        .asException();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        requireRight();
        int read = super.read(target, offset, count);
        if (read > 0) {
            digest.update(target, offset, read);
            passed += read;
        }
        if (!compared && isEnd(read)) {
            compare();
        }
        return read;
    }

    /** Content that ends before its announced end is another failure, and the adapter's to name. */
    private boolean isEnd(int read) {
        return length.isPresent() ? passed >= length.getAsLong() : read < 0;
    }

    private void compare() {
        compared = true;
        String found = Sha256.hex(digest);
        if (!found.equals(said)) {
            other = found;
            requireRight();
        }
    }

    private void requireRight() {
        ProblemException mismatch = mismatch();
        if (mismatch != null) {
            throw mismatch;
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
