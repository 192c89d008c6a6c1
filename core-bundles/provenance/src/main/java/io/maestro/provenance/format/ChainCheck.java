package io.maestro.provenance.format;

import io.maestro.model.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks along a chain, receipt by receipt, and stops at the first defect. Not safe for several threads; the costly part,
 * {@link #look}, is static and may run ahead on others.
 */
public final class ChainCheck {
    /** So far may the clocks of two nodes differ. */
    static final Duration CLOCKS_APART = Duration.ofMinutes(5);

    private final String chain;
    private @Nullable Look last;

    /** A walk along this chain, from wherever the first receipt that is given stands. */
    public ChainCheck(String chain) {
        this.chain = chain;
    }

    /** A walk that goes on after a receipt that is known to be good. */
    public static ChainCheck after(String chain, Look last) {
        ChainCheck check = new ChainCheck(chain);
        check.last = last;
        return check;
    }

    /**
     * What one receipt is by itself.
     *
     * @param body what it says; null when it cannot be read
     * @param hash over its bytes
     * @param defect what is wrong with it whatever stands beside it; null when nothing is
     */
    public record Look(
            @Nullable ReceiptBody body,
            Digest hash,
            @Nullable String defect) {}

    /** Looks at one receipt by itself: its form, its key and its signature. Computes for about a fifth of a millisecond. */
    public static Look look(SealedReceipt receipt, KeyRing ring) {
        Look unsigned = unsigned(receipt);
        ReceiptBody body = unsigned.body();
        return body == null ? unsigned : new Look(body, unsigned.hash(), defect(receipt, body, ring));
    }

    /** What a receipt says, with nothing verified. */
    public static Look unsigned(SealedReceipt receipt) {
        try {
            return new Look(ReceiptBody.parse(receipt.body()), receipt.hash(), null);
        } catch (UnfitJson e) {
            return new Look(null, receipt.hash(), "the body is no receipt: " + e.getMessage());
        }
    }

    private static @Nullable String defect(SealedReceipt receipt, ReceiptBody body, KeyRing ring) {
        KnownKey key = ring.key(body.keyId());
        if (key == null) {
            return "it is signed by the key " + body.keyId() + ", which is not known";
        }
        if (!ring.trusts(key.id())) {
            return "it is signed by the key " + key.id() + ", for which no trusted key vouches";
        }
        if (ring.remote(key) != (body.signer() == SignerKind.REMOTE)) {
            return "it names another kind of signer than its key has";
        }
        if (early(ring, key.id(), body.sealedAt())) {
            return "it was sealed before its key was introduced";
        }
        if (ended(ring, key.id(), body.sealedAt())) {
            return "it was sealed after its key was retired";
        }
        return key.key().verifies(receipt.body(), receipt.signature()) ? null : "the signature does not match the body";
    }

    /** Whether a key had ended by this time, clocks apart. */
    static boolean ended(KeyRing ring, Digest key, Instant at) {
        Instant end = ring.end(key);
        return end != null && at.isAfter(end.plus(CLOCKS_APART));
    }

    /** Whether a key could not sign yet at this time, clocks apart. */
    static boolean early(KeyRing ring, Digest key, Instant at) {
        Instant begin = ring.begin(key);
        return begin != null && at.isBefore(begin.minus(CLOCKS_APART));
    }

    /** Takes the next receipt of the chain; the defect, when there is one. */
    public Optional<Defect> next(Look look) {
        Look before = last;
        ReceiptBody body = look.body();
        if (body == null) {
            long place =
                    before == null || before.body() == null ? 0 : before.body().sequence() + 1;
            return Optional.of(new Defect(place, String.valueOf(look.defect())));
        }
        String defect = look.defect() != null ? look.defect() : misplaced(before, body);
        if (defect != null) {
            return Optional.of(new Defect(body.sequence(), defect));
        }
        last = look;
        return Optional.empty();
    }

    /** The last good receipt; null before the first. */
    public @Nullable Look last() {
        return last;
    }

    private @Nullable String misplaced(@Nullable Look before, ReceiptBody body) {
        if (!body.chain().equals(chain)) {
            return "it belongs to the chain " + body.chain();
        }
        if ((body.sequence() == 1) != (body.previousHash() == null)) {
            return "only the first receipt of a chain names none before it";
        }
        if (before == null || before.body() == null) {
            return null;
        }
        if (body.sequence() != before.body().sequence() + 1) {
            return "it follows receipt " + before.body().sequence() + ": "
                    + (body.sequence() > before.body().sequence() ? "receipts are missing" : "the order is wrong");
        }
        if (!before.hash().equals(body.previousHash())) {
            return "the receipt before it is not the one that it names";
        }
        return body.sealedAt().isBefore(before.body().sealedAt()) ? "it was sealed before the receipt before it" : null;
    }
}
