package io.maestro.provenance.format;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What a receipt says of a break that somebody accepted. It stands in the platform's chain, and in the chain that had the break
 * as the first receipt behind it.
 *
 * @param place of the receipt
 * @param chain which had the break
 * @param last the last receipt that was left; 0 when none was
 * @param reached how far the chain is known to have reached
 * @param at when it was accepted
 * @param actor by whom
 * @param reason why, as that one said
 */
public record AcceptedBreak(
        long place, String chain, long last, long reached, Instant at, String actor, String reason) {
    /** What a receipt says of it; empty when it says something else. */
    public static Optional<AcceptedBreak> of(ReceiptBody body) {
        ObjectNode changes = body.change().changes();
        if (changes == null
                || !body.action().equals(Checkpoint.ACCEPT)
                || !body.subject().type().equals(Checkpoint.SUBJECT)) {
            return Optional.empty();
        }
        return Optional.of(new AcceptedBreak(
                body.sequence(),
                body.subject().name(),
                changes.path("sequence").path("after").asLong(),
                changes.path("reached").path("after").asLong(),
                body.occurredAt(),
                body.actor(),
                changes.path("reason").path("after").asText()));
    }

    @Override
    public String toString() {
        return "receipt " + place + ": at " + at + " " + actor + " accepted that the chain " + chain
                + ", which had reached receipt " + reached + ", goes on behind receipt " + last + ": " + reason;
    }
}
