package io.maestro.provenance;

import io.maestro.model.Digest;
import io.maestro.provenance.format.KnownKey;
import io.maestro.provenance.format.VerifyingKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A signing key as a row, with the receipts that introduced and retired it.
 *
 * @param node whose it is; null for the key of a signer apart from the server
 * @param validFrom null while its introduction is not sealed
 * @param retirements the receipts by which somebody retired it, as far as they are sealed
 */
record StoredKey(
        Digest id,
        String publicKey,
        @Nullable String node,
        Instant createdAt,
        @Nullable Instant validFrom,
        @Nullable Instant retiredAt,
        @Nullable StoredReceipt introduction,
        List<StoredReceipt> retirements) {
    boolean remote() {
        return node == null;
    }

    /** Copies the list. */
    StoredKey {
        retirements = List.copyOf(retirements);
    }

    /** Whether it may sign now, as the row says. */
    boolean current() {
        return validFrom != null && retiredAt == null;
    }

    /** As verification knows it; empty when the row was changed so that the key is not that of its id. */
    Optional<KnownKey> known() {
        return VerifyingKey.parse(publicKey)
                .filter(key -> key.id().equals(id))
                .map(key -> new KnownKey(
                        key,
                        remote(),
                        validFrom,
                        retiredAt,
                        introduction == null ? null : introduction.sealed(),
                        retirements.stream().map(StoredReceipt::sealed).toList()));
    }
}
