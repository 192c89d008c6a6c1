package io.maestro.store.postgres;

import static io.maestro.store.tables.store.tables.Event.EVENT;
import static io.maestro.store.tables.store.tables.EventFloor.EVENT_FLOOR;

import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.store.Journal.Entry;
import io.maestro.store.Journal.Position;
import io.maestro.store.Journal.Recorded;
import io.maestro.store.tables.store.tables.records.EventRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStep8;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** The journal as rows. What acts do is written by {@link CommittedFacts}. */
final class JooqJournal {
    /** The oldest transaction that is under way; asked in the statement that reads, and so of the same snapshot. */
    private static final Field<Long> HORIZON =
            DSL.field("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", SQLDataType.BIGINT);

    /** What the next transaction will be called, or more. */
    private static final Field<Long> NEXT =
            DSL.field("pg_snapshot_xmax(pg_current_snapshot())::text::bigint", SQLDataType.BIGINT);

    private static final Duration DAY = Duration.ofDays(1);

    private JooqJournal() {}

    static void add(DSLContext sql, List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        InsertValuesStep8<EventRecord, UUID, String, String, OffsetDateTime, String, String, String, String> insert =
                sql.insertInto(
                        EVENT,
                        EVENT.ID,
                        EVENT.TENANT_ID,
                        EVENT.ENVIRONMENT,
                        EVENT.OCCURRED_AT,
                        EVENT.ACTION,
                        EVENT.SUBJECT_TYPE,
                        EVENT.SUBJECT,
                        EVENT.DETAIL);
        for (Entry entry : entries) {
            TenantId tenant = entry.tenant();
            Environment environment = entry.environment();
            Json detail = entry.detail();
            insert = insert.values(
                    UUID.randomUUID(),
                    tenant == null ? null : tenant.value(),
                    environment == null ? null : environment.value(),
                    entry.at().atOffset(ZoneOffset.UTC),
                    entry.action(),
                    entry.subject().type(),
                    entry.subject().name(),
                    detail == null ? null : detail.text());
        }
        insert.execute();
    }

    static List<Recorded> after(DSLContext sql, Position position, int limit) {
        return sql.selectFrom(EVENT)
                .where(DSL.row(EVENT.TRANSACTION, EVENT.POSITION)
                        .gt(position.transaction(), position.number())
                        .and(EVENT.TRANSACTION.lt(HORIZON)))
                .orderBy(EVENT.TRANSACTION, EVENT.POSITION)
                .limit(limit)
                .fetch(JooqJournal::recorded);
    }

    static Position end(DSLContext sql) {
        return sql.select(HORIZON).fetchSingle(row -> new Position(row.value1(), 0));
    }

    static Position floor(DSLContext sql) {
        return sql.selectFrom(EVENT_FLOOR).fetchSingle(row -> new Position(row.getTransaction(), row.getPosition()));
    }

    static int drop(DSLContext sql, Instant before, int limit) {
        Instant future = sql.select(DSL.currentOffsetDateTime())
                .fetchSingle()
                .value1()
                .toInstant()
                .plus(DAY);
        List<EventRecord> oldest =
                sql.selectFrom(EVENT).orderBy(EVENT.TRANSACTION, EVENT.POSITION).limit(limit).fetch().stream()
                        .takeWhile(row -> {
                            Instant at = row.getOccurredAt().toInstant();
                            // a node whose clock was far ahead wrote it; it must not keep all that came behind it
                            return at.isBefore(before) || at.isAfter(future);
                        })
                        .toList();
        if (oldest.isEmpty()) {
            return 0;
        }
        EventRecord last = oldest.getLast();
        sql.update(EVENT_FLOOR)
                .set(EVENT_FLOOR.TRANSACTION, last.getTransaction())
                .set(EVENT_FLOOR.POSITION, last.getPosition())
                .where(DSL.row(EVENT_FLOOR.TRANSACTION, EVENT_FLOOR.POSITION)
                        .lt(last.getTransaction(), last.getPosition()))
                .execute();
        return sql.deleteFrom(EVENT)
                .where(DSL.row(EVENT.TRANSACTION, EVENT.POSITION).le(last.getTransaction(), last.getPosition()))
                .execute();
    }

    /**
     * Drops everything when it is from another server: where a dump was put back, transactions are counted anew, and what was
     * written before would stand behind all that is to come.
     */
    static void begin(DSLContext sql) {
        boolean foreign = sql.fetchExists(EVENT, EVENT.TRANSACTION.gt(NEXT))
                || sql.fetchExists(EVENT_FLOOR, EVENT_FLOOR.TRANSACTION.gt(NEXT));
        if (foreign) {
            sql.deleteFrom(EVENT).execute();
            sql.update(EVENT_FLOOR)
                    .set(EVENT_FLOOR.TRANSACTION, HORIZON)
                    .set(EVENT_FLOOR.POSITION, 0L)
                    .execute();
        }
    }

    private static Recorded recorded(EventRecord row) {
        String tenant = row.getTenantId();
        String environment = row.getEnvironment();
        String detail = row.getDetail();
        return new Recorded(
                new Position(row.getTransaction(), row.getPosition()),
                row.getId(),
                tenant == null ? null : new TenantId(tenant),
                environment == null ? null : new Environment(environment),
                row.getOccurredAt().toInstant(),
                row.getAction(),
                row.getActor(),
                row.getCorrelationId(),
                row.getSubjectType(),
                row.getSubject(),
                detail == null ? null : new Json(detail));
    }
}
