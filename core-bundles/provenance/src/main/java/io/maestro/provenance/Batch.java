package io.maestro.provenance;

import io.maestro.provenance.JooqEnds.End;
import io.maestro.provenance.JooqSealing.Taken;
import io.maestro.provenance.format.Change;
import io.maestro.provenance.format.Hashes;
import io.maestro.provenance.format.KnownKey;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SealedReceipt;
import io.maestro.store.Fact;
import io.maestro.store.Facts.Pending;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Facts on their way to receipts. What can be computed for each alone is computed on all processors. */
final class Batch {
    private final Taken taken;
    private final List<Change> changes;
    private final Instant clock;

    /** A batch sealed at this time, unless the clock of another node was ahead. */
    Batch(Taken taken, Instant clock) {
        this.taken = taken;
        this.clock = clock;
        this.changes = taken.facts().parallelStream()
                .map(pending -> Change.between(
                        text(pending.fact().before()), text(pending.fact().after())))
                .toList();
    }

    /**
     * Gives each fact its place and has it signed.
     *
     * @param begin when the key of the signer could first sign; null when that is not known
     */
    List<StoredReceipt> sealedBy(ReceiptSigner signer, @Nullable Instant begin) throws SignerUnavailable {
        Instant now = JooqKeys.notBefore(begin, clock);
        Map<String, End> ends = new HashMap<>(taken.ends());
        List<ReceiptBody> bodies = new ArrayList<>(taken.facts().size());
        List<byte[]> texts = new ArrayList<>(taken.facts().size());
        for (int i = 0; i < taken.facts().size(); i++) {
            Pending pending = taken.facts().get(i);
            // what was sealed before by a clock that was ahead must not be later than the end of its key
            Instant at =
                    pending.fact().action().equals(KnownKey.INTRODUCE) ? JooqKeys.notBefore(taken.newest(), now) : now;
            for (Place place : places(pending)) {
                ReceiptBody body = body(pending, changes.get(i), place, ends.get(place.chain()), at, signer);
                byte[] text = body.canonical();
                bodies.add(body);
                texts.add(text);
                ends.put(place.chain(), new End(body.sequence(), Hashes.of(text), body.sealedAt()));
            }
        }
        List<byte[]> signatures = signer.sign(texts);
        return IntStream.range(0, bodies.size())
                .mapToObj(i -> StoredReceipt.of(bodies.get(i), new SealedReceipt(texts.get(i), signatures.get(i))))
                .toList();
    }

    /** Where a fact becomes a receipt. */
    private record Place(String chain, UUID id) {}

    /** That a break was accepted is said in the chain that had it too, behind the break: its tenant sees no other. */
    private List<Place> places(Pending pending) {
        Place own = new Place(JooqReceipts.chain(pending.tenant()), pending.id());
        return taken.healed().contains(pending.id())
                ? List.of(own, new Place(pending.fact().subject().name(), UUID.randomUUID()))
                : List.of(own);
    }

    private static ReceiptBody body(
            Pending pending, Change change, Place place, @Nullable End end, Instant at, ReceiptSigner signer) {
        Fact fact = pending.fact();
        return new ReceiptBody(
                place.id(),
                place.chain(),
                end == null ? 1 : end.sequence() + 1,
                end == null ? null : end.hash(),
                text(fact.environment()),
                pending.actor().id(),
                pending.actor().correlationId(),
                fact.action(),
                new ReceiptBody.Subject(
                        fact.subject().type(),
                        fact.subject().name(),
                        fact.subject().digest()),
                change,
                fact.decision(),
                pending.at(),
                JooqKeys.notBefore(end == null ? null : end.sealedAt(), at),
                signer.key(),
                signer.kind());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
