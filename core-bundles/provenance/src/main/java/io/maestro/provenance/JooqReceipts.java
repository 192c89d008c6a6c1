package io.maestro.provenance;

import static io.maestro.provenance.tables.provenance.Tables.RECEIPT;

import io.maestro.api.provenance.Receipts.Filter;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.tables.provenance.tables.records.ReceiptRecord;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Facts;
import io.maestro.store.Facts.Pending;
import io.maestro.store.Migrations;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Receipts as rows, for those who read them. */
final class JooqReceipts {
    static final Migrations MIGRATIONS = Migrations.of("provenance", JooqReceipts.class, "V001__provenance.sql");

    private static final String LIST = "receipts";

    /** A fact waits among so many of its chain at most, or it is not found while it waits. */
    private static final int WAITING = 1_000;

    private final Database database;
    private final Facts facts;

    JooqReceipts(Database database, Facts facts) {
        this.database = database;
        this.facts = facts;
    }

    /** Up to one more than the page holds. */
    List<StoredReceipt> page(@Nullable TenantId tenant, Filter filter, PageRequest page) {
        Condition wanted = RECEIPT.CHAIN
                .eq(chain(tenant))
                .and(Cursor.of(LIST, 1, page)
                        .map(after -> filter.oldestFirst()
                                ? RECEIPT.SEQUENCE.gt(after.number(0))
                                : RECEIPT.SEQUENCE.lt(after.number(0)))
                        .orElseGet(DSL::noCondition))
                .and(equal(RECEIPT.ENVIRONMENT, filter.environment()))
                .and(equal(RECEIPT.ACTION, filter.action()))
                .and(equal(RECEIPT.SUBJECT_TYPE, filter.subjectType()))
                .and(equal(RECEIPT.SUBJECT, filter.subject()))
                .and(equal(RECEIPT.ACTOR, filter.actor()))
                .and(filter.from() == null ? DSL.noCondition() : RECEIPT.OCCURRED_AT.ge(utc(filter.from())))
                .and(filter.to() == null ? DSL.noCondition() : RECEIPT.OCCURRED_AT.lt(utc(filter.to())));
        return look(
                tenant,
                sql -> sql.selectFrom(RECEIPT)
                        .where(wanted)
                        .orderBy(filter.oldestFirst() ? RECEIPT.SEQUENCE.asc() : RECEIPT.SEQUENCE.desc())
                        .limit(page.limit() + 1)
                        .fetch(JooqReceipts::receipt));
    }

    static Cursor after(long sequence) {
        return Cursor.at(LIST, sequence);
    }

    Optional<StoredReceipt> byId(@Nullable TenantId tenant, UUID id) {
        return look(
                tenant,
                sql -> sql.selectFrom(RECEIPT)
                        .where(RECEIPT.ID.eq(id))
                        .and(RECEIPT.CHAIN.eq(chain(tenant)))
                        .fetchOptional(JooqReceipts::receipt));
    }

    /** A fact that waits for its receipt. */
    Optional<Pending> waiting(@Nullable TenantId tenant, UUID id) {
        return look(
                tenant,
                sql -> facts.waiting(sql, tenant, WAITING).stream()
                        .filter(pending -> pending.id().equals(id))
                        .findFirst());
    }

    /** The receipts at these places, by place. */
    Map<Long, StoredReceipt> at(@Nullable TenantId tenant, Collection<Long> sequences) {
        Map<Long, StoredReceipt> found = new HashMap<>();
        look(
                        tenant,
                        sql -> sql.selectFrom(RECEIPT)
                                .where(RECEIPT.CHAIN.eq(chain(tenant)))
                                .and(RECEIPT.SEQUENCE.in(sequences))
                                .fetch(JooqReceipts::receipt))
                .forEach(receipt -> found.put(receipt.sequence(), receipt));
        return found;
    }

    /** Receipts behind a place, up to another one, in order. */
    List<StoredReceipt> behind(@Nullable TenantId tenant, long after, long last, int limit) {
        return look(
                tenant,
                sql -> sql.selectFrom(RECEIPT)
                        .where(RECEIPT.CHAIN.eq(chain(tenant)))
                        .and(RECEIPT.SEQUENCE.gt(after))
                        .and(RECEIPT.SEQUENCE.le(last))
                        .orderBy(RECEIPT.SEQUENCE)
                        .limit(limit)
                        .fetch(JooqReceipts::receipt));
    }

    /** The last place among those sealed before a time; 0 when there is none. Of null the last of all. */
    long lastBefore(@Nullable TenantId tenant, @Nullable Instant time) {
        return look(
                tenant,
                sql -> sql.select(RECEIPT.SEQUENCE)
                        .from(RECEIPT)
                        .where(RECEIPT.CHAIN.eq(chain(tenant)))
                        .and(time == null ? DSL.noCondition() : RECEIPT.SEALED_AT.lt(utc(time)))
                        .orderBy(
                                time == null
                                        ? List.of(RECEIPT.SEQUENCE.desc())
                                        : List.of(RECEIPT.SEALED_AT.desc(), RECEIPT.SEQUENCE.desc()))
                        .limit(1)
                        .fetchOptional(RECEIPT.SEQUENCE)
                        .orElse(0L));
    }

    /** How many receipts there are from one place to another. */
    long count(@Nullable TenantId tenant, long first, long last) {
        return look(
                tenant,
                sql -> sql.selectCount()
                        .from(RECEIPT)
                        .where(RECEIPT.CHAIN.eq(chain(tenant)))
                        .and(RECEIPT.SEQUENCE.between(first, last))
                        .fetchSingle(row -> (long) row.value1()));
    }

    static String chain(@Nullable TenantId tenant) {
        return ReceiptBody.chain(tenant == null ? null : tenant.value());
    }

    static StoredReceipt receipt(ReceiptRecord row) {
        return new StoredReceipt(
                row.getChain(),
                row.getSequence(),
                row.getId(),
                row.getTenantId(),
                row.getEnvironment(),
                row.getBody(),
                row.getHash(),
                row.getPreviousHash(),
                row.getSignature(),
                row.getKeyId(),
                row.getSigner(),
                row.getActor(),
                row.getAction(),
                row.getSubjectType(),
                row.getSubject(),
                row.getOccurredAt().toInstant(),
                row.getSealedAt().toInstant());
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private <R> R look(@Nullable TenantId tenant, Function<DSLContext, R> look) {
        return tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look);
    }

    private static Condition equal(org.jooq.Field<String> field, @Nullable Object value) {
        return value == null ? DSL.noCondition() : field.eq(value.toString());
    }
}
