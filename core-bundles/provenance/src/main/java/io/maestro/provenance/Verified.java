package io.maestro.provenance;

import io.maestro.provenance.format.ChainCheck;
import io.maestro.provenance.format.ChainCheck.Look;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.UnfitJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Verifies stored receipts, and remembers which were good by a digest over everything that is stored of them: one that was
 * changed since is computed anew, and all are when the keys that are trusted have changed. Any thread.
 */
final class Verified {
    private static final int REMEMBERED = 10_000;

    private final Map<UUID, String> good = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, String> eldest) {
            return size() > REMEMBERED;
        }
    });

    private @Nullable KeyRing last;

    /** Looks at one receipt by itself: form, key, signature, and that the columns say what the text says. */
    Look look(StoredReceipt stored, KeyRing ring) {
        String fingerprint = stored.fingerprint();
        forgetThoseOfAnother(ring);
        if (fingerprint.equals(good.get(stored.id()))) {
            return remembered(stored);
        }
        Look look = ChainCheck.look(stored.sealed(), ring);
        ReceiptBody body = look.body();
        if (look.defect() == null && (body == null || !stored.agreesWith(body))) {
            return new Look(body, look.hash(), "the columns of the row do not say what the signed text says");
        }
        if (look.defect() == null) {
            good.put(stored.id(), fingerprint);
        }
        return look;
    }

    /** What was good by one ring need not be by the next. */
    private void forgetThoseOfAnother(KeyRing ring) {
        synchronized (good) {
            if (!ring.equals(last)) {
                good.clear();
                last = ring;
            }
        }
    }

    private static Look remembered(StoredReceipt stored) {
        try {
            return new Look(
                    ReceiptBody.parse(stored.sealed().body()), stored.sealed().hash(), null);
        } catch (UnfitJson e) {
            throw new IllegalStateException("the same bytes were good before", e);
        }
    }

    /** What is wrong between a receipt and those beside it; null when nothing is. */
    static @Nullable String misfit(Look look, @Nullable Look before, @Nullable Look after) {
        ReceiptBody body = look.body();
        if (body == null) {
            return null;
        }
        if (body.sequence() > 1 && before == null) {
            return "the receipt before it is missing";
        }
        if (before != null && !before.hash().equals(body.previousHash())) {
            return "the receipt before it is not the one that it names";
        }
        if (after != null
                && after.body() != null
                && !look.hash().equals(after.body().previousHash())) {
            return "the receipt behind it names another one before it";
        }
        return null;
    }
}
