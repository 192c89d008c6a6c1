package io.maestro.provenance;

import static io.maestro.provenance.tables.provenance.Tables.RECEIPT;

import io.maestro.provenance.format.Checkpoint;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.store.Database;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** What the platform's chain says of how far chains reach, as rows. */
final class JooqCheckpoints {
    /** The place that a checkpoint names, as the canonical text has it; null when it has none. Only finds, verifies nothing. */
    private static final Field<Long> PLACE = DSL.field(
            "cast(substring({0} from {1}) as bigint)",
            Long.class, RECEIPT.BODY, DSL.inline("\"sequence\":\\{\"after\":([0-9]{1,18})[,}]"));

    private final Database database;

    JooqCheckpoints(Database database) {
        this.database = database;
    }

    /** A break that was accepted: what stood before {@code behind} in the platform's chain of this place and further is void. */
    record Accepted(long behind, long place) {}

    /** The newest. */
    Optional<StoredReceipt> newest(String chain) {
        return database.asPlatform(sql -> JooqEnds.checkpoint(sql, chain));
    }

    /** How far a chain reached when a node sealed last. */
    long noted(String chain) {
        return database.asPlatform(sql -> JooqEnds.noted(sql, chain));
    }

    /** The receipts by which breaks were accepted. */
    List<StoredReceipt> acceptances(String chain) {
        return database.asPlatform(sql -> sql.selectFrom(RECEIPT)
                .where(of(chain))
                .and(RECEIPT.ACTION.eq(Checkpoint.ACCEPT))
                .orderBy(RECEIPT.SEQUENCE)
                .fetch(JooqReceipts::receipt));
    }

    /**
     * Checkpoints that name no place, one behind {@code after} up to {@code last}, or one beyond {@code end}.
     *
     * @param until the last place in the platform's chain that counts
     */
    List<StoredReceipt> of(
            String chain, long until, long after, long last, long end, Collection<Accepted> accepted, int limit) {
        Condition wanted =
                PLACE.isNull().or(PLACE.gt(after).and(PLACE.le(last))).or(PLACE.gt(end));
        for (Accepted each : accepted) {
            wanted = wanted.and(
                    RECEIPT.SEQUENCE.ge(each.behind()).or(PLACE.isNull()).or(PLACE.lt(each.place())));
        }
        Condition all = wanted;
        return database.asPlatform(sql -> sql.selectFrom(RECEIPT)
                .where(of(chain))
                .and(RECEIPT.ACTION.in(Checkpoint.ACTION, Checkpoint.ACCEPT))
                .and(RECEIPT.SEQUENCE.le(until))
                .and(all)
                .orderBy(RECEIPT.SEQUENCE)
                .limit(limit)
                .fetch(JooqReceipts::receipt));
    }

    private static Condition of(String chain) {
        return RECEIPT.CHAIN
                .eq(ReceiptBody.PLATFORM)
                .and(RECEIPT.SUBJECT_TYPE.eq(Checkpoint.SUBJECT))
                .and(RECEIPT.SUBJECT.eq(chain));
    }
}
