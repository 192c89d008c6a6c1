package io.maestro.provenance.format;

import io.maestro.model.Digest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys that may have signed, which of them can be trusted, and when they ended: a key is trusted when it is one of those
 * that were asked for, or when its introduction is signed by a trusted key. When it ended is told by receipts: its
 * retirement, or the introduction of the key that its node had next.
 */
public final class KeyRing {
    private final Map<Digest, KnownKey> keys = new HashMap<>();
    private final Map<Digest, ReceiptBody> introductions = new HashMap<>();
    private final Map<Digest, Instant> ends = new HashMap<>();
    private final Set<Digest> trusted = new HashSet<>();
    private final List<Digest> roots = new ArrayList<>();

    private KeyRing(Collection<KnownKey> known, @Nullable Set<Digest> wanted) {
        known.forEach(key -> keys.put(key.id(), key));
        known.forEach(key -> {
            ReceiptBody body = said(key, key.introduction(), KnownKey.INTRODUCE);
            if (body != null) {
                introductions.put(key.id(), body);
                if (body.keyId().equals(key.id())) {
                    roots.add(key.id());
                }
            }
        });
        do {
            trusted.clear();
            ends.clear();
            trusted.addAll(wanted == null ? roots : wanted);
            trusted.retainAll(keys.keySet());
            spread();
            known.forEach(this::end);
        } while (introductions.entrySet().removeIf(each -> untimely(each.getKey(), each.getValue())));
    }

    /**
     * A key that has ended vouches for no other, nor one that was not introduced yet. Ends are told in the chain of the
     * introductions, so that no clocks are apart.
     */
    private boolean untimely(Digest id, ReceiptBody introduction) {
        Digest by = introduction.keyId();
        Instant end = end(by);
        return trusts(by)
                && !by.equals(id)
                && ((end != null && introduction.sealedAt().isAfter(end))
                        || ChainCheck.early(this, by, introduction.sealedAt()));
    }

    /** A ring that trusts the keys that introduced themselves. */
    public static KeyRing trustingItself(Collection<KnownKey> known) {
        return new KeyRing(known, null);
    }

    /** A ring that trusts these keys, as far as it has them. */
    public static KeyRing trusting(Collection<KnownKey> known, Set<Digest> roots) {
        return new KeyRing(known, roots);
    }

    /** The key of this fingerprint; null when it is not in the ring. */
    public @Nullable KnownKey key(Digest id) {
        return keys.get(id);
    }

    /** Whether the key of this fingerprint is trusted. */
    public boolean trusts(Digest id) {
        return trusted.contains(id);
    }

    /** The keys that introduced themselves, which is where trust begins. */
    public List<Digest> roots() {
        return List.copyOf(roots);
    }

    /** Which key signed the introduction of this one; null when that is not known or the introduction is no good. */
    public @Nullable Digest introducer(Digest id) {
        ReceiptBody body = introductions.get(id);
        return body == null ? null : body.keyId();
    }

    /** When a key could first sign; null when its introduction is not known or no good. */
    public @Nullable Instant begin(Digest id) {
        ReceiptBody body = introductions.get(id);
        return body == null ? null : body.sealedAt();
    }

    /** Whether a signer apart from the server holds the private half of a key, as its introduction says. */
    public boolean remote(KnownKey key) {
        ReceiptBody body = introductions.get(key.id());
        String origin = body == null ? null : after(body, "origin");
        return origin == null ? key.remote() : origin.equals("remote");
    }

    /** When a key stopped signing; null while it signs. */
    public @Nullable Instant end(Digest id) {
        return ends.get(id);
    }

    private void spread() {
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<Digest, ReceiptBody> introduced : introductions.entrySet()) {
                if (trusts(introduced.getValue().keyId())) {
                    grown |= trusted.add(introduced.getKey());
                }
            }
        }
    }

    private void end(KnownKey key) {
        for (SealedReceipt each : key.retirements()) {
            ReceiptBody retirement = said(key, each, KnownKey.RETIRE);
            if (retirement != null && trusts(retirement.keyId())) {
                ends(key.id(), retiredAt(retirement));
            }
        }
        ReceiptBody introduction = introductions.get(key.id());
        if (introduction != null) {
            endByNext(key.id(), introduction);
        }
    }

    private void endByNext(Digest id, ReceiptBody introduction) {
        String node = node(introduction);
        introductions.forEach((next, body) -> {
            if (trusts(next) && body.sequence() > introduction.sequence() && node != null && node.equals(node(body))) {
                ends(id, body.sealedAt());
            }
        });
    }

    private void ends(Digest id, Instant at) {
        ends.merge(id, at, (one, other) -> one.isBefore(other) ? one : other);
    }

    /** Later than it was done when something had been sealed by a clock that was ahead. */
    private static Instant retiredAt(ReceiptBody retirement) {
        String said = after(retirement, "retiredAt");
        try {
            Instant at = said == null ? retirement.occurredAt() : Instant.parse(said);
            return at.isBefore(retirement.occurredAt()) ? retirement.occurredAt() : at;
        } catch (DateTimeException e) {
            return retirement.occurredAt();
        }
    }

    private static @Nullable String node(ReceiptBody introduction) {
        return after(introduction, "node");
    }

    private static @Nullable String after(ReceiptBody body, String member) {
        return body.change().changes() == null
                ? null
                : body.change().changes().path(member).path("after").textValue();
    }

    /** What a receipt says of a key; null when it does not, or the signature is none of this ring. */
    private @Nullable ReceiptBody said(KnownKey key, @Nullable SealedReceipt receipt, String action) {
        if (receipt == null) {
            return null;
        }
        try {
            ReceiptBody body = ReceiptBody.parse(receipt.body());
            KnownKey by = keys.get(body.keyId());
            boolean says = body.chain().equals(ReceiptBody.PLATFORM)
                    && body.action().equals(action)
                    && body.subject().type().equals(KnownKey.SUBJECT)
                    && body.subject().name().equals(key.id().toString());
            return says && by != null && by.key().verifies(receipt.body(), receipt.signature()) ? body : null;
        } catch (UnfitJson e) {
            return null;
        }
    }
}
