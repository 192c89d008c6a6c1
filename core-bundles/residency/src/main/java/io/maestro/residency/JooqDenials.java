package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.DENIAL;

import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageLocations.Denials;
import io.maestro.api.residency.StorageLocations.DeniedWrite;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import io.maestro.residency.tables.residency.tables.records.DenialRecord;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Denied writes as rows. */
final class JooqDenials {
    private static final String LIST = "denied-writes";
    private static final int LONGEST_DETAIL = 1000;

    /** At most this many go at once, so that trimming never holds up the denial that caused it for long. */
    private static final int TRIMMED_AT_ONCE = 5_000;

    private final Database database;
    private final InstantSource clock;
    private final int kept;
    private final int betweenTrims;
    private final AtomicLong written = new AtomicLong();

    /**
     * Does nothing yet.
     *
     * @param kept how many of the newest denials of a tenant stay, however many there are
     * @param betweenTrims after how many denials the older ones of the tenant go
     */
    JooqDenials(Database database, InstantSource clock, int kept, int betweenTrims) {
        this.database = database;
        this.clock = clock;
        this.kept = kept;
        this.betweenTrims = betweenTrims;
    }

    void add(Asked asked, Backend backend, @Nullable UUID decision, Problem problem) {
        String detail = problem.detail();
        String keptIn = backend.reported().region().orElse(null);
        database.note(
                asked.scope().tenant(),
                sql -> sql.insertInto(DENIAL)
                        .set(DENIAL.TENANT_ID, asked.scope().tenant().value())
                        .set(DENIAL.ENVIRONMENT, asked.scope().environment().value())
                        .set(DENIAL.DENIED_AT, clock.instant().atOffset(ZoneOffset.UTC))
                        .set(DENIAL.ACTION, asked.action())
                        .set(
                                DENIAL.KIND,
                                asked.kind() == null ? null : asked.kind().value())
                        .set(DENIAL.ITEM_KEY, asked.key())
                        .set(DENIAL.REGION, asked.region().value())
                        .set(DENIAL.INSTANCE, backend.instance().id().value())
                        .set(DENIAL.KEPT_IN, keptIn == null || keptIn.length() <= 63 ? keptIn : keptIn.substring(0, 63))
                        .set(DENIAL.PRINCIPAL, asked.actor().id())
                        .set(DENIAL.CORRELATION_ID, asked.actor().correlationId())
                        .set(DENIAL.DECISION, decision)
                        .set(DENIAL.CODE, problem.code())
                        .set(
                                DENIAL.DETAIL,
                                detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL))
                        .execute());
        if (written.incrementAndGet() % betweenTrims == 0) {
            trim(asked.scope().tenant());
        }
    }

    /** A program that never tires of what it is denied does not fill the disk. */
    private void trim(TenantId tenant) {
        database.note(
                tenant,
                sql -> sql.deleteFrom(DENIAL)
                        .where(
                                DENIAL.TENANT_ID.eq(tenant.value()),
                                DENIAL.ID.in(DSL.select(DENIAL.ID)
                                        .from(DENIAL)
                                        .where(DENIAL.TENANT_ID.eq(tenant.value()))
                                        .orderBy(DENIAL.ID.desc())
                                        .limit(TRIMMED_AT_ONCE)
                                        .offset(kept)))
                        .execute());
    }

    Page<DeniedWrite> list(TenantId tenant, Denials which, PageRequest page) {
        Condition older = Cursor.of(LIST, 1, page)
                .map(after -> DENIAL.ID.lt(after.number(0)))
                .orElseGet(DSL::noCondition);
        List<DeniedWrite> found = database.inTenant(
                tenant,
                sql -> sql.selectFrom(DENIAL)
                        .where(DENIAL.TENANT_ID.eq(tenant.value()), older, matching(which))
                        .orderBy(DENIAL.ID.desc())
                        .limit(page.limit() + 1)
                        .fetch(JooqDenials::denied));
        return Cursor.page(page, found, one -> Cursor.at(LIST, one.id()));
    }

    private static Condition matching(Denials which) {
        Condition condition = DSL.noCondition();
        if (which.environment() != null) {
            condition = condition.and(DENIAL.ENVIRONMENT.eq(which.environment().value()));
        }
        if (which.region() != null) {
            condition = condition.and(DENIAL.REGION.eq(which.region().value()));
        }
        if (which.from() != null) {
            condition = condition.and(DENIAL.DENIED_AT.ge(which.from().atOffset(ZoneOffset.UTC)));
        }
        if (which.until() != null) {
            condition = condition.and(DENIAL.DENIED_AT.lt(which.until().atOffset(ZoneOffset.UTC)));
        }
        return condition;
    }

    /** Drops what is old, a limited number at once. */
    void drop(Instant before, int limit) {
        database.noteAsPlatform(sql -> sql.deleteFrom(DENIAL)
                .where(DENIAL.ID.in(DSL.select(DENIAL.ID)
                        .from(DENIAL)
                        .where(DENIAL.DENIED_AT.lt(before.atOffset(ZoneOffset.UTC)))
                        .orderBy(DENIAL.DENIED_AT)
                        .limit(limit)))
                .execute());
    }

    private static DeniedWrite denied(DenialRecord row) {
        return new DeniedWrite(
                row.getId(),
                row.getDeniedAt().toInstant(),
                new Environment(row.getEnvironment()),
                row.getAction(),
                row.getKind() == null ? null : new Kind(row.getKind()),
                row.getItemKey(),
                new Region(row.getRegion()),
                new InstanceId(row.getInstance()),
                row.getKeptIn(),
                row.getPrincipal(),
                row.getCorrelationId(),
                row.getDecision(),
                row.getCode(),
                row.getDetail());
    }
}
