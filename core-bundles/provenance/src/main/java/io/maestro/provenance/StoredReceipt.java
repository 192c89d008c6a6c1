package io.maestro.provenance;

import io.maestro.provenance.format.Hashes;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SealedReceipt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A receipt as a row: the signed text, and columns to find it by, which repeat what the text says. Nothing of it is
 * believed before it is verified.
 */
record StoredReceipt(
        String chain,
        long sequence,
        UUID id,
        @Nullable String tenant,
        @Nullable String environment,
        String body,
        String hash,
        @Nullable String previousHash,
        String signature,
        String keyId,
        String signer,
        String actor,
        String action,
        String subjectType,
        String subject,
        Instant occurredAt,
        Instant sealedAt) {
    /** The row of a receipt just signed. */
    static StoredReceipt of(ReceiptBody body, SealedReceipt receipt) {
        String chain = body.chain();
        return new StoredReceipt(
                chain,
                body.sequence(),
                body.id(),
                ReceiptBody.tenant(chain).orElse(null),
                body.environment(),
                receipt.text(),
                receipt.hash().hex(),
                body.previousHash() == null ? null : body.previousHash().hex(),
                Base64.getEncoder().encodeToString(receipt.signature()),
                body.keyId().hex(),
                body.signer().text(),
                body.actor(),
                body.action(),
                body.subject().type(),
                body.subject().name(),
                body.occurredAt(),
                body.sealedAt());
    }

    /** The receipt without the columns. */
    SealedReceipt sealed() {
        byte[] signed;
        try {
            signed = Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            // verifies nothing
            signed = new byte[0];
        }
        return new SealedReceipt(body.getBytes(StandardCharsets.UTF_8), signed);
    }

    /** Whether the columns say what the text says. */
    boolean agreesWith(ReceiptBody said) {
        return equals(of(said, sealed()));
    }

    /** A digest over everything that is stored: when it is the same, nothing was changed. */
    String fingerprint() {
        return Hashes.of(toString()).hex();
    }
}
