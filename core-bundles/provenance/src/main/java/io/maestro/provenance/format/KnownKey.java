package io.maestro.provenance.format;

import io.maestro.model.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key with what is known of it.
 *
 * @param key the public half
 * @param remote whether a signer apart from the server holds the private half, as somebody says; see {@link KeyRing#remote}
 * @param validFrom when it could first sign; null while its introduction is not sealed
 * @param retiredAt when it stopped signing, as somebody says; only {@link KeyRing#end} knows. It verifies what it signed before
 *     for ever. Null while it signs
 * @param introduction the receipt by which it was introduced, signed by the key before it, or by itself when it was the
 *     first; null while it is not sealed
 * @param retirements the receipts by which somebody retired it; a key of a node ends by the introduction of the next
 */
public record KnownKey(
        VerifyingKey key,
        boolean remote,
        @Nullable Instant validFrom,
        @Nullable Instant retiredAt,
        @Nullable SealedReceipt introduction,
        List<SealedReceipt> retirements) {
    /** The action of the receipts that introduce keys. */
    public static final String INTRODUCE = "signing-key.introduce";

    /** The action of the receipts that retire keys. */
    public static final String RETIRE = "signing-key.retire";

    /** The type of the subject of such receipts. */
    public static final String SUBJECT = "signing-key";

    /** Copies the list. */
    public KnownKey {
        retirements = List.copyOf(retirements);
    }

    /** Its fingerprint. */
    public Digest id() {
        return key.id();
    }
}
