package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_OBSERVATION;
import static io.maestro.adapters.tables.adapters.Tables.NODE;

import io.maestro.api.adapters.Drifts;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.SelectJoinStep;
import org.jooq.impl.DSL;
import org.jooq.types.DayToSecond;
import org.jspecify.annotations.Nullable;

/** Every instance on every node, and which are not as they should be: one query. */
final class JooqDrifts implements Drifts {
    private static final Field<OffsetDateTime> NOW = DSL.currentOffsetDateTime();

    private static final List<SelectField<?>> FIELDS = List.of(
            ADAPTER_INSTANCE.TENANT_ID,
            ADAPTER_INSTANCE.ENVIRONMENT,
            ADAPTER_INSTANCE.INSTANCE,
            ADAPTER_INSTANCE.INCARNATION,
            ADAPTER_INSTANCE.ADAPTER,
            ADAPTER_INSTANCE.VERSION,
            ADAPTER_INSTANCE.WANTED,
            ADAPTER_INSTANCE.REVISION,
            ADAPTER_INSTANCE.UPDATED_AT,
            NODE.NODE_,
            NODE.STARTED_AT,
            NODE.SEEN_AT,
            INSTANCE_OBSERVATION.OBSERVED,
            INSTANCE_OBSERVATION.PROBLEM,
            INSTANCE_OBSERVATION.OBSERVED_AT,
            INSTANCE_OBSERVATION.INCARNATION,
            INSTANCE_OBSERVATION.REVISION,
            NOW);

    private final Database database;
    private final Duration silence;

    /** Takes nodes that said nothing for {@code silence} as silent. */
    JooqDrifts(Database database, Duration silence) {
        this.database = database;
        this.silence = silence;
    }

    @Override
    public Page<Drift> drifts(@Nullable TenantId tenant, PageRequest page) {
        JooqOrder order = new JooqOrder(
                "drifts",
                String.valueOf(tenant),
                false,
                ADAPTER_INSTANCE.TENANT_ID,
                ADAPTER_INSTANCE.ENVIRONMENT,
                ADAPTER_INSTANCE.INSTANCE,
                NODE.NODE_);
        Condition wanted = drifting()
                .and(order.from(page))
                .and(tenant == null ? DSL.noCondition() : ADAPTER_INSTANCE.TENANT_ID.eq(tenant.value()));
        Function<DSLContext, List<? extends Record>> look = sql -> onAllNodes(sql.select(FIELDS))
                .where(wanted)
                .orderBy(order.by())
                .limit(page.limit() + 1)
                .fetch();
        return order.page(
                page, tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look), this::drift);
    }

    /** How many there are in all. */
    long count() {
        return database.asPlatform(sql -> (long)
                sql.fetchCount(onAllNodes(sql.select(ADAPTER_INSTANCE.INSTANCE)).where(drifting())));
    }

    private static <R extends Record> SelectJoinStep<R> onAllNodes(org.jooq.SelectSelectStep<R> select) {
        return select.from(ADAPTER_INSTANCE)
                .crossJoin(NODE)
                .leftJoin(INSTANCE_OBSERVATION)
                .on(INSTANCE_OBSERVATION
                        .TENANT_ID
                        .eq(ADAPTER_INSTANCE.TENANT_ID)
                        .and(INSTANCE_OBSERVATION.ENVIRONMENT.eq(ADAPTER_INSTANCE.ENVIRONMENT))
                        .and(INSTANCE_OBSERVATION.INSTANCE.eq(ADAPTER_INSTANCE.INSTANCE))
                        .and(INSTANCE_OBSERVATION.NODE.eq(NODE.NODE_)));
    }

    private Condition drifting() {
        return NODE.SEEN_AT
                .lt(NOW.minus(DSL.inline(DayToSecond.valueOf(silence))))
                .or(INSTANCE_OBSERVATION.REVISION.isNull())
                .or(INSTANCE_OBSERVATION.INCARNATION.ne(ADAPTER_INSTANCE.INCARNATION))
                .or(INSTANCE_OBSERVATION.REVISION.lt(ADAPTER_INSTANCE.REVISION))
                .or(INSTANCE_OBSERVATION.OBSERVED.ne(ADAPTER_INSTANCE.WANTED))
                .or(INSTANCE_OBSERVATION.PROBLEM.isNotNull());
    }

    private Drift drift(Record row) {
        Instant now = row.get(NOW).toInstant();
        Instant seenAt = row.get(NODE.SEEN_AT).toInstant();
        Instant changed = row.get(ADAPTER_INSTANCE.UPDATED_AT).toInstant();
        long revision = row.get(ADAPTER_INSTANCE.REVISION);
        @Nullable Long incarnation = row.get(INSTANCE_OBSERVATION.INCARNATION);
        @Nullable Long seen = row.get(INSTANCE_OBSERVATION.REVISION);
        boolean silent = Duration.between(seenAt, now).compareTo(silence) > 0;
        boolean known = !silent
                && seen != null
                && incarnation != null
                && incarnation.equals(row.get(ADAPTER_INSTANCE.INCARNATION));
        Kind kind;
        Instant since;
        if (silent) {
            kind = Kind.UNKNOWN;
            since = seenAt;
        } else if (!known) {
            kind = Kind.UNSEEN;
            since = later(changed, row.get(NODE.STARTED_AT).toInstant());
        } else if (seen < revision) {
            kind = Kind.BEHIND;
            since = changed;
        } else {
            kind = row.get(INSTANCE_OBSERVATION.OBSERVED).equals(row.get(ADAPTER_INSTANCE.WANTED))
                    ? Kind.UNCHANGED
                    : Kind.DIFFERENT;
            since = later(changed, row.get(INSTANCE_OBSERVATION.OBSERVED_AT).toInstant());
        }
        return new Drift(
                Scope.of(row.get(ADAPTER_INSTANCE.TENANT_ID), row.get(ADAPTER_INSTANCE.ENVIRONMENT)),
                new InstanceId(row.get(ADAPTER_INSTANCE.INSTANCE)),
                DefinitionId.parse(row.get(ADAPTER_INSTANCE.ADAPTER) + "@" + row.get(ADAPTER_INSTANCE.VERSION)),
                row.get(NODE.NODE_),
                JooqInstances.wanted(row.get(ADAPTER_INSTANCE.WANTED)),
                kind,
                known ? Observed.valueOf(row.get(INSTANCE_OBSERVATION.OBSERVED).toUpperCase(Locale.ROOT)) : null,
                known ? problem(row.get(INSTANCE_OBSERVATION.PROBLEM)) : null,
                revision,
                known ? seen : null,
                since,
                Duration.between(since, now).isNegative() ? Duration.ZERO : Duration.between(since, now));
    }

    private static @Nullable Problem problem(@Nullable JSON document) {
        return document == null ? null : Documents.problem(document.data());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
