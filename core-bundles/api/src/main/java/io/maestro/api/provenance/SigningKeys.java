package io.maestro.api.provenance;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The keys that sign receipts. A key that stops signing verifies for ever what it signed. Each key is introduced by a
 * receipt in the platform's chain that the key before it signs. Blocks on the database; any thread.
 */
@ProviderType
public interface SigningKeys {
    /** All keys, oldest first. */
    List<SigningKey> keys();

    /**
     * Makes a new key for this node. The old one signs the introduction of the new one and stops then; receipts are sealed
     * all the while.
     */
    SigningKey rotate(Actor actor);

    /**
     * Introduces the key of a signer apart from the server, whose signatures are not accepted before.
     *
     * @param publicKey in PEM form
     * @throws io.maestro.model.ProblemException {@link ReceiptProblem#SIGNING_KEY_INVALID},
     *     {@link ReceiptProblem#SIGNING_KEY_EXISTS}
     */
    SigningKey introduce(String publicKey, Actor actor);

    /**
     * Accepts no more signatures of a signer's key; {@link ReceiptProblem#SIGNING_KEY_UNKNOWN} and, for a key of a node,
     * {@link ReceiptProblem#SIGNING_KEY_LOCAL}.
     */
    SigningKey retire(Digest id, Actor actor);

    /**
     * A key.
     *
     * @param id its fingerprint, the SHA-256 of its public half
     * @param publicKey in PEM form
     * @param origin {@code local} or {@code remote}
     * @param node whose it is; null for one of a signer
     * @param createdAt when it became known
     * @param validFrom when it could first sign; null while its introduction is not sealed
     * @param retiredAt null while it signs
     * @param introducedBy the key that signed its introduction, itself for the first; null while that is not sealed
     */
    record SigningKey(
            Digest id,
            String publicKey,
            String origin,
            @Nullable String node,
            Instant createdAt,
            @Nullable Instant validFrom,
            @Nullable Instant retiredAt,
            @Nullable Digest introducedBy) {}
}
