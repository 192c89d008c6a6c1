package io.maestro.provenance.format;

import io.maestro.model.Digest;
import io.maestro.provenance.format.ChainCheck.Look;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Verifies an export: needs neither network nor database, keeps no more than a few hundred lines, and finds every change of
 * it, be it of one bit. Uses all processors. Blocks on the stream; leaves it open.
 */
public final class ExportVerification {
    private static final int LONGEST_HEADER = 4 * 1024 * 1024;
    private static final int LONGEST_LINE = 128 * 1024;
    private static final int AT_ONCE = 256;
    private static final int MOST_BREAKS = 100;

    private final ExportLines lines;
    private final String headerLine;
    private final ExportHeader header;
    private final KeyRing ring;
    private final ChainCheck chain;
    private long count;
    private long first;
    private @Nullable Digest firstHash;
    private @Nullable Digest checkpointHash;
    private @Nullable Checkpoint checkpoint;
    private @Nullable Instant checkpointAt;
    private final List<AcceptedBreak> breaks = new ArrayList<>();

    private ExportVerification(ExportLines lines, String headerLine, ExportHeader header, KeyRing ring) {
        this.lines = lines;
        this.headerLine = headerLine;
        this.header = header;
        this.ring = ring;
        this.chain = new ChainCheck(header.chain());
    }

    /**
     * How a verification ended.
     *
     * @param chain whose receipts; empty when the file has no header
     * @param count how many receipts were read and found good
     * @param first sequence of the first receipt; 0 when there is none
     * @param last sequence of the last; 0 when there is none
     * @param lastHash its hash; null when there is none
     * @param madeAt when the export was made; null unless the file is good
     * @param roots the keys at which trust begins
     * @param checkpoint what the platform's chain had taken down of this chain; null when the file has none
     * @param breaks those that somebody accepted, as far as the receipts tell; the first hundred
     * @param defect the first thing that is wrong; null when the file is good
     */
    public record Report(
            String chain,
            long count,
            long first,
            long last,
            @Nullable Digest lastHash,
            @Nullable Instant madeAt,
            List<Digest> roots,
            @Nullable Checkpoint checkpoint,
            List<AcceptedBreak> breaks,
            @Nullable Defect defect) {
        /** Copies the lists. */
        public Report {
            roots = List.copyOf(roots);
            breaks = List.copyOf(breaks);
        }

        /** Whether everything is as it was signed. */
        public boolean good() {
            return defect == null;
        }
    }

    /**
     * Verifies an export.
     *
     * @param root the key to trust; null for the one in the file that introduced itself, whose fingerprint is then to be
     *     compared by other means
     */
    public static Report verify(InputStream in, @Nullable Digest root) throws IOException {
        ExportLines lines = new ExportLines(in);
        ExportHeader header;
        String line;
        try {
            String read = lines.next(LONGEST_HEADER);
            if (read == null) {
                throw new UnfitJson("the file is empty");
            }
            line = read;
            header = ExportHeader.parse(read);
        } catch (UnfitJson e) {
            return new Report(
                    "",
                    0,
                    0,
                    0,
                    null,
                    null,
                    List.of(),
                    null,
                    List.of(),
                    new Defect(0, "the header: " + e.getMessage()));
        }
        KeyRing ring =
                root == null ? KeyRing.trustingItself(header.keys()) : KeyRing.trusting(header.keys(), Set.of(root));
        ExportVerification verification = new ExportVerification(lines, line, header, ring);
        Instant madeAt = null;
        Defect defect = null;
        if (root != null && ring.key(root) == null) {
            defect = new Defect(0, "the file does not have the key " + root);
        } else if (root == null && ring.roots().size() != 1) {
            defect = new Defect(
                    0,
                    "the file has " + ring.roots().size()
                            + " keys that introduced themselves, so that one has to be named to be trusted");
        } else {
            try {
                madeAt = verification.receipts();
            } catch (Bad e) {
                defect = e.defect;
            } catch (UnfitJson e) {
                defect = new Defect(verification.place(), String.valueOf(e.getMessage()));
            }
        }
        return verification.report(root, madeAt, defect);
    }

    private Report report(@Nullable Digest root, @Nullable Instant madeAt, @Nullable Defect defect) {
        Look last = chain.last();
        return new Report(
                header.chain(),
                count,
                first,
                sequence(),
                last == null ? null : last.hash(),
                madeAt,
                root == null ? ring.roots() : List.of(root),
                checkpoint,
                breaks,
                defect);
    }

    private Instant receipts() throws IOException, UnfitJson, Bad {
        List<SealedReceipt> batch = new ArrayList<>(AT_ONCE);
        String line = next();
        if (ExportWriter.isCheckpoint(line)) {
            checkpoint(line);
            line = next();
        }
        while (!ExportTrailer.looksLike(line)) {
            Optional<SealedReceipt> receipt = SealedReceipt.parse(line);
            if (receipt.isEmpty()) {
                take(batch);
                throw new Bad(new Defect(place(), "a line is neither a receipt nor the end"));
            }
            batch.add(receipt.get());
            if (batch.size() == AT_ONCE) {
                take(batch);
            }
            line = next(batch);
        }
        take(batch);
        Instant madeAt = trailer(line);
        if (lines.next(LONGEST_LINE) != null) {
            throw new Bad(new Defect(0, "something follows the trailer"));
        }
        Checkpoint taken = checkpoint;
        if (taken != null && mustReach() && taken.sequence() > sequence()) {
            throw new Bad(
                    new Defect(0, "the chain reached receipt " + taken.sequence() + ", the last ones are missing"));
        }
        return madeAt;
    }

    /** Whether what was taken down lies within what was asked for. */
    private boolean mustReach() {
        if (count == 0 && header.from() != null) {
            // it may end before
            return false;
        }
        Instant at = checkpointAt;
        return header.to() == null
                || (at != null && at.plus(ChainCheck.CLOCKS_APART).isBefore(header.to()));
    }

    private void take(List<SealedReceipt> batch) throws Bad {
        List<Look> looks = batch.parallelStream()
                .map(receipt -> ChainCheck.look(receipt, ring))
                .toList();
        batch.clear();
        for (Look look : looks) {
            Optional<Defect> defect = chain.next(look);
            if (defect.isPresent()) {
                throw new Bad(defect.get());
            }
            if (count == 0 && look.body() != null) {
                if (header.from() == null && look.body().sequence() != 1) {
                    throw new Bad(new Defect(1, "it is missing, and the export claims to begin with it"));
                }
                first = look.body().sequence();
                firstHash = look.hash();
            }
            if (look.body() != null) {
                inRange(look.body());
            }
            count++;
            Checkpoint taken = checkpoint;
            if (taken != null && taken.sequence() == sequence() && !look.hash().equals(taken.hash())) {
                throw new Bad(new Defect(sequence(), "it is not the one that the platform's chain took down"));
            }
        }
    }

    private void inRange(ReceiptBody body) throws Bad {
        boolean before = header.from() != null && body.sealedAt().isBefore(header.from());
        boolean behind = header.to() != null && !body.sealedAt().isBefore(header.to());
        if (before || behind) {
            throw new Bad(new Defect(body.sequence(), "it was not sealed in the time that the export claims to be of"));
        }
        if (breaks.size() < MOST_BREAKS) {
            AcceptedBreak.of(body).ifPresent(breaks::add);
        }
    }

    private void checkpoint(String line) throws Bad {
        SealedReceipt receipt = ExportWriter.checkpoint(line);
        Look look = receipt == null ? null : ChainCheck.look(receipt, ring);
        if (look == null || look.body() == null || look.defect() != null) {
            throw new Bad(new Defect(
                    0, "the checkpoint: " + (look == null ? "it is no receipt" : String.valueOf(look.defect()))));
        }
        Checkpoint taken = Checkpoint.of(look.body())
                .filter(found -> found.chain().equals(header.chain()))
                .orElseThrow(() -> new Bad(new Defect(0, "the checkpoint is none of this chain")));
        checkpointHash = look.hash();
        checkpointAt = look.body().sealedAt();
        checkpoint = taken;
    }

    private Instant trailer(String line) throws UnfitJson, Bad {
        ExportTrailer.Signed signed;
        try {
            signed = ExportTrailer.parse(line);
        } catch (UnfitJson e) {
            throw new UnfitJson("the trailer: " + e.getMessage());
        }
        ExportTrailer trailer = signed.trailer();
        KnownKey key = ring.key(trailer.keyId());
        if (key == null || !ring.trusts(key.id())) {
            throw new Bad(
                    new Defect(0, "the trailer is signed by the key " + trailer.keyId() + ", which is not trusted"));
        }
        if (!key.key().verifies(signed.signed(), signed.signature())) {
            throw new Bad(new Defect(0, "the signature of the trailer does not match it"));
        }
        if (ChainCheck.ended(ring, key.id(), trailer.madeAt())) {
            throw new Bad(new Defect(0, "the trailer is signed by the key " + key.id() + ", which had ended"));
        }
        if (ChainCheck.early(ring, key.id(), trailer.madeAt())) {
            throw new Bad(
                    new Defect(0, "the trailer is signed by the key " + key.id() + ", which was not introduced yet"));
        }
        Look last = chain.last();
        if (last != null
                && last.body() != null
                && ChainCheck.ended(ring, key.id(), last.body().sealedAt())) {
            throw new Bad(new Defect(
                    0, "the trailer is signed by the key " + key.id() + ", which had ended before the last receipt"));
        }
        ExportTrailer seen = new ExportTrailer(
                header.chain(),
                Hashes.of(headerLine),
                checkpointHash,
                count,
                first,
                firstHash,
                sequence(),
                last == null ? null : last.hash(),
                trailer.madeAt(),
                trailer.keyId());
        if (!seen.equals(trailer)) {
            throw new Bad(new Defect(0, "the lines are not those that the trailer was signed for"));
        }
        return trailer.madeAt();
    }

    private String next(List<SealedReceipt> batch) throws IOException, UnfitJson, Bad {
        try {
            return next();
        } catch (UnfitJson e) {
            // the first defect is the one to tell of
            take(batch);
            throw e;
        }
    }

    private String next() throws IOException, UnfitJson {
        String line = lines.next(LONGEST_LINE);
        if (line == null) {
            throw new UnfitJson("the file ends without its trailer");
        }
        return line;
    }

    /** Where the next receipt would stand. */
    private long place() {
        return sequence() == 0 ? 0 : sequence() + 1;
    }

    /** Of the last good receipt; 0 before the first. */
    private long sequence() {
        Look last = chain.last();
        return last == null || last.body() == null ? 0 : last.body().sequence();
    }

    /** Ends the reading. */
    private static final class Bad extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Defect defect;

        Bad(Defect defect) {
            super(defect.toString());
            this.defect = defect;
        }
    }
}
