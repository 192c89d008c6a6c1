package io.maestro.adapters;

import io.maestro.model.Digest;
import java.security.SecureRandom;
import java.util.List;

/**
 * Tells what an instance is from all that it was or may become: a digest of its place, its incarnation, the bytes of its
 * adapter, its configuration, and where the values of its secrets come from. Follows from rows alone, so all nodes agree.
 * Of the values themselves nothing goes in, for a digest of a weak one would give it away.
 */
final class Fingerprints {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private Fingerprints() {}

    /** The fingerprint of an instance of which nobody can tell what it is now; no other is the same. */
    static Digest unknown() {
        byte[] random = new byte[BYTES];
        RANDOM.nextBytes(random);
        return Digest.of(random);
    }

    /** The fingerprint of an instance that is opened as the row says, with secrets of this lineage. */
    static Digest of(InstanceRow row, String lineage) {
        String text = String.join(
                "\n",
                List.of(
                        row.key().toString(),
                        Long.toString(row.incarnation()),
                        row.artifact().hex(),
                        lineage,
                        row.configuration().text()));
        return Digest.sha256(text);
    }
}
