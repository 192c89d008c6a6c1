package io.maestro.provenance;

import static io.maestro.provenance.tables.provenance.Tables.CHAIN_END;
import static io.maestro.provenance.tables.provenance.Tables.RECEIPT;

import io.maestro.model.Digest;
import io.maestro.provenance.format.ChainCheck;
import io.maestro.provenance.format.Checkpoint;
import io.maestro.provenance.format.Hashes;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.tables.provenance.tables.records.ChainEndRecord;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Where chains end, beside where they ended when a node sealed last and when the platform's chain took them down: a chain that
 * lost its tail must not grow over the gap. Any thread.
 */
final class JooqEnds {
    /** Checkpoints that the receipts of their chains were compared with already; spares looks, and is believed in nothing else. */
    private final Map<String, Checkpoint> compared = new ConcurrentHashMap<>();

    /** Where a chain ends. */
    record End(long sequence, Digest hash, Instant sealedAt) {}

    /** How a chain was found. */
    sealed interface Found {
        /** It ends where it ended; null when it has no receipts. */
        record Whole(@Nullable End end) implements Found {}

        /**
         * It ends elsewhere.
         *
         * @param end where; null when it has no receipts
         * @param reached how far it is known to have reached
         * @param reason one sentence without a full stop
         */
        record Broken(@Nullable End end, long reached, String reason) implements Found {
            /** The last place that is there; 0 when none is. */
            long last() {
                return end == null ? 0 : end.sequence();
            }
        }
    }

    /** Looks at the ends of chains, within a transaction of the installation. */
    Map<String, Found> find(DSLContext sql, Collection<String> chains) {
        Map<String, ChainEndRecord> notes =
                sql.selectFrom(CHAIN_END).where(CHAIN_END.CHAIN.in(chains)).fetchMap(CHAIN_END.CHAIN);
        Map<String, Found> found = new HashMap<>();
        chains.forEach(chain -> found.put(chain, find(sql, chain, notes.get(chain))));
        return found;
    }

    /** Looks at the end of one chain. */
    Found find(DSLContext sql, String chain) {
        return Objects.requireNonNull(find(sql, List.of(chain)).get(chain));
    }

    private Found find(DSLContext sql, String chain, @Nullable ChainEndRecord note) {
        long noted = note == null ? 0 : note.getSequence();
        // with the note PostgreSQL looks at the end of the chain only, statistics or not
        End end = end(sql, chain, noted).or(() -> end(sql, chain, 0)).orElse(null);
        long last = end == null ? 0 : end.sequence();
        if (last < noted) {
            return missing(end, noted);
        }
        if (last > noted) {
            return new Found.Broken(
                    end, last, "receipt " + last + " is there, and the last that was sealed is " + noted);
        }
        if (end == null || note == null) {
            // neither a note nor a receipt
            return comparedWithPlatform(sql, chain, null);
        }
        if (!end.hash().hex().equals(note.getHash())) {
            return new Found.Broken(end, last, "receipt " + last + " is not the one that was sealed");
        }
        return comparedWithPlatform(sql, chain, end);
    }

    private Found comparedWithPlatform(DSLContext sql, String chain, @Nullable End end) {
        Optional<StoredReceipt> newest = checkpoint(sql, chain);
        if (newest.isEmpty()) {
            return new Found.Whole(end);
        }
        long last = end == null ? 0 : end.sequence();
        Checkpoint taken = taken(newest.get()).orElse(null);
        if (taken == null) {
            return new Found.Broken(
                    end,
                    last,
                    "the platform's receipt " + newest.get().sequence() + ", which takes it down, cannot be read");
        }
        if (taken.sequence() > last) {
            return missing(end, taken.sequence());
        }
        // a chain only grows: what was compared once with this checkpoint is compared for good
        if (taken.hash() != null && !taken.equals(compared.get(chain))) {
            if (!taken.hash().equals(hash(sql, chain, taken.sequence()))) {
                return new Found.Broken(
                        end,
                        last,
                        "receipt " + taken.sequence() + " is not the one that the platform's chain took down");
            }
            compared.put(chain, taken);
        }
        return new Found.Whole(end);
    }

    private static Optional<Checkpoint> taken(StoredReceipt stored) {
        return Optional.ofNullable(ChainCheck.unsigned(stored.sealed()).body()).flatMap(Checkpoint::of);
    }

    /** How far the platform's chain has taken down a chain; 0 when it has not. */
    static long takenDown(DSLContext sql, String chain) {
        return checkpoint(sql, chain)
                .flatMap(JooqEnds::taken)
                .map(Checkpoint::sequence)
                .orElse(0L);
    }

    private static Found missing(@Nullable End end, long reached) {
        return new Found.Broken(end, reached, "the chain reached receipt " + reached + ", the last ones are missing");
    }

    /** A batch put these receipts behind the ends that were found. */
    void sealed(DSLContext sql, List<StoredReceipt> receipts) {
        Map<String, StoredReceipt> last = new HashMap<>();
        receipts.forEach(receipt -> last.put(receipt.chain(), receipt));
        var insert = sql.insertInto(CHAIN_END, CHAIN_END.CHAIN, CHAIN_END.SEQUENCE, CHAIN_END.HASH);
        for (StoredReceipt end : last.values()) {
            insert = insert.values(end.chain(), end.sequence(), end.hash());
        }
        insert.onConflict(CHAIN_END.CHAIN)
                .doUpdate()
                .set(CHAIN_END.SEQUENCE, DSL.excluded(CHAIN_END.SEQUENCE))
                .set(CHAIN_END.HASH, DSL.excluded(CHAIN_END.HASH))
                .execute();
    }

    /** From now on this is the end, wherever it was before. */
    void accept(DSLContext sql, String chain, @Nullable End end) {
        long last = end == null ? 0 : end.sequence();
        String hash = end == null ? null : end.hash().hex();
        sql.insertInto(CHAIN_END, CHAIN_END.CHAIN, CHAIN_END.SEQUENCE, CHAIN_END.HASH)
                .values(chain, last, hash)
                .onConflict(CHAIN_END.CHAIN)
                .doUpdate()
                .setAllToExcluded()
                .execute();
    }

    /** How far a chain reached when a node sealed last. */
    static long noted(DSLContext sql, String chain) {
        return sql.select(CHAIN_END.SEQUENCE)
                .from(CHAIN_END)
                .where(CHAIN_END.CHAIN.eq(chain))
                .fetchOptional(CHAIN_END.SEQUENCE)
                .orElse(0L);
    }

    /** When anything was last sealed in any chain; null when nothing was. */
    static @Nullable Instant newest(DSLContext sql) {
        OffsetDateTime newest = sql.select(DSL.max(RECEIPT.SEALED_AT))
                .from(CHAIN_END)
                .join(RECEIPT)
                .on(RECEIPT.CHAIN.eq(CHAIN_END.CHAIN).and(RECEIPT.SEQUENCE.eq(CHAIN_END.SEQUENCE)))
                .fetchSingle()
                .value1();
        return newest == null ? null : newest.toInstant();
    }

    /** The newest receipt in the platform's chain that says how far this chain reaches. */
    static Optional<StoredReceipt> checkpoint(DSLContext sql, String chain) {
        return sql.selectFrom(RECEIPT)
                .where(RECEIPT.CHAIN.eq(ReceiptBody.PLATFORM))
                .and(RECEIPT.SUBJECT_TYPE.eq(Checkpoint.SUBJECT))
                .and(RECEIPT.SUBJECT.eq(chain))
                .and(RECEIPT.ACTION.in(Checkpoint.ACTION, Checkpoint.ACCEPT))
                .orderBy(RECEIPT.SEQUENCE.desc())
                .limit(1)
                .fetchOptional(JooqReceipts::receipt);
    }

    private static @Nullable Digest hash(DSLContext sql, String chain, long sequence) {
        return sql.select(RECEIPT.HASH)
                .from(RECEIPT)
                .where(RECEIPT.CHAIN.eq(chain))
                .and(RECEIPT.SEQUENCE.eq(sequence))
                .fetchOptional(row -> digest(row.value1()))
                .orElse(null);
    }

    private static Optional<End> end(DSLContext sql, String chain, long atLeast) {
        return sql.select(RECEIPT.SEQUENCE, RECEIPT.HASH, RECEIPT.SEALED_AT)
                .from(RECEIPT)
                .where(RECEIPT.CHAIN.eq(chain))
                .and(RECEIPT.SEQUENCE.ge(atLeast))
                .orderBy(RECEIPT.SEQUENCE.desc())
                .limit(1)
                .fetchOptional(row ->
                        new End(row.value1(), digest(row.value2()), row.value3().toInstant()));
    }

    /** What somebody wrote in the place of a digest must fit no other, and keep no other chain from being sealed. */
    private static Digest digest(String column) {
        return column.matches("[0-9a-f]{64}") ? new Digest(column) : Hashes.of(column);
    }
}
