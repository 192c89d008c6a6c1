package io.maestro.provenance.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the platform's chain has taken down of a chain: how far it reached, so that a tail that is dropped later is missed;
 * or how far it reaches since somebody accepted that what came behind is lost.
 *
 * @param chain the other chain
 * @param sequence of its last receipt then; 0 when there was none left
 * @param hash of that receipt; null when there was none left
 * @param accepted whether a break was accepted: what was taken down before of this place and those behind it is void
 */
public record Checkpoint(
        String chain, long sequence, @Nullable Digest hash, boolean accepted) {
    /** The action of the receipts that are checkpoints. */
    public static final String ACTION = "chain.checkpoint";

    /** The action of the receipts by which somebody accepted a break. */
    public static final String ACCEPT = "chain.accept-break";

    /** The type of the subject of such receipts; its name is the chain. */
    public static final String SUBJECT = "chain";

    /** What a receipt of the platform's chain says of another chain; empty when it is no checkpoint. */
    public static Optional<Checkpoint> of(ReceiptBody body) {
        ObjectNode changes = body.change().changes();
        if (changes == null
                || !body.chain().equals(ReceiptBody.PLATFORM)
                || !(body.action().equals(ACTION) || body.action().equals(ACCEPT))
                || !body.subject().type().equals(SUBJECT)) {
            return Optional.empty();
        }
        boolean accepted = body.action().equals(ACCEPT);
        long sequence = changes.path("sequence").path("after").asLong(-1);
        JsonNode hash = changes.path("hash").path("after");
        if (sequence < (accepted ? 0 : 1)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Checkpoint(
                    body.subject().name(), sequence, sequence == 0 ? null : Digest.parse(hash.asText()), accepted));
        } catch (ProblemException e) {
            return Optional.empty();
        }
    }
}
