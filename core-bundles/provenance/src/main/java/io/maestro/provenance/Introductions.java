package io.maestro.provenance;

import io.maestro.model.Digest;
import io.maestro.provenance.format.ChainCheck;
import io.maestro.provenance.format.ChainCheck.Look;
import io.maestro.provenance.format.ReceiptBody;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The introductions of keys as the platform's chain has them. Of each key the first counts, or none when that one does not stand
 * where it was sealed: who could put a later one in its place could give the key before it a longer life.
 */
final class Introductions {
    private final Map<String, StoredReceipt> first = new HashMap<>();

    /** Takes the next, in the order of the chain. */
    void add(StoredReceipt introduction) {
        first.putIfAbsent(introduction.subject(), introduction);
    }

    /** Drops those whose columns or neighbours contradict them. */
    void keepThoseThatFit(Function<Collection<Long>, Map<Long, StoredReceipt>> find) {
        TreeSet<Long> beside = new TreeSet<>();
        for (StoredReceipt each : first.values()) {
            beside.addAll(List.of(each.sequence() - 1, each.sequence() + 1));
        }
        // nothing stands before the first
        beside.remove(0L);
        Map<Long, StoredReceipt> found = beside.isEmpty() ? Map.of() : find.apply(beside);
        first.values().removeIf(each -> !fits(each, found.get(each.sequence() - 1), found.get(each.sequence() + 1)));
    }

    /** The introduction of a key; null when there is none that fits. */
    @Nullable
    StoredReceipt of(Digest key) {
        return first.get(key.toString());
    }

    private static boolean fits(StoredReceipt stored, @Nullable StoredReceipt before, @Nullable StoredReceipt after) {
        Look look = ChainCheck.unsigned(stored.sealed());
        ReceiptBody body = look.body();
        Look previous = look(before);
        return body != null
                && stored.agreesWith(body)
                && Verified.misfit(look, previous, look(after)) == null
                && !datedBack(body, previous);
    }

    /** Who puts one behind the end of the chain cannot date it before what stands there. */
    private static boolean datedBack(ReceiptBody body, @Nullable Look previous) {
        return previous != null
                && (previous.body() == null
                        || body.sealedAt().isBefore(previous.body().sealedAt()));
    }

    private static @Nullable Look look(@Nullable StoredReceipt stored) {
        return stored == null ? null : ChainCheck.unsigned(stored.sealed());
    }
}
