package io.maestro.policy;

import static io.maestro.policy.tables.policy.tables.Decision.DECISION;

import io.maestro.api.policy.Decisions.Filter;
import io.maestro.api.policy.Decisions.Recorded;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Outcome;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.policy.tables.policy.tables.records.DecisionRecord;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Decisions as rows. */
final class JooqDecisions {
    static final Migrations MIGRATIONS =
            Migrations.of("policy", JooqDecisions.class, "V001__policy.sql", "V002__approval_use.sql");
    static final String LIST = "decisions";

    private static final int SWEPT_AT_ONCE = 5_000;
    private static final int LONGEST_INPUT = 64 << 10;
    private static final Json TOO_LARGE = new Json("{\"tooLarge\":true}");

    private final Database database;

    JooqDecisions(Database database) {
        this.database = database;
    }

    /** Writes decisions, and how often earlier ones were given again. One that is there already is left as it is. */
    void insert(List<Recorder.Taken> batch, Map<UUID, Long> again) {
        database.noteAsPlatform(sql -> {
            if (!batch.isEmpty()) {
                sql.insertInto(DECISION)
                        .set(batch.stream().map(JooqDecisions::row).toList())
                        .onConflictDoNothing()
                        .execute();
            }
            return sql.batch(again.entrySet().stream()
                            .map(one -> sql.update(DECISION)
                                    .set(DECISION.TIMES, DECISION.TIMES.plus(one.getValue()))
                                    .where(DECISION.ID.eq(one.getKey())))
                            .toList())
                    .execute();
        });
    }

    private static DecisionRecord row(Recorder.Taken taken) {
        var input = taken.input();
        Redaction redaction = Redaction.of(taken.document());
        Json shown = redaction.json();
        DecisionRecord row = new DecisionRecord();
        row.setId(taken.decision().id());
        row.setTenantId(input.tenant() == null ? null : input.tenant().value());
        row.setEnvironment(
                input.environment() == null ? null : input.environment().value());
        row.setDecidedAt(taken.at().atOffset(ZoneOffset.UTC));
        row.setPath(input.entryPoint().path());
        row.setAction(input.action());
        row.setActor(input.actor().id());
        row.setCorrelationId(input.actor().correlationId());
        row.setOutcome(ReasonText.word(taken.decision().outcome()));
        row.setReasons(storable(ReasonText.write(taken.decision().reasons()).text()));
        row.setBundles(Json.object(taken.bundles()).text());
        row.setInput(storable((shown.text().length() > LONGEST_INPUT ? TOO_LARGE : shown).text()));
        row.setErased(text(redaction.erased()));
        row.setTimes(1L);
        row.setNanos(taken.nanos());
        return row;
    }

    private static String text(List<String> texts) {
        List<io.maestro.rego.value.Value> values = new ArrayList<>();
        texts.forEach(text -> values.add(io.maestro.rego.value.StringValue.of(text)));
        return storable(io.maestro.rego.value.ArrayValue.keeping(values).json());
    }

    /** PostgreSQL has no zero in texts; in JSON it stands escaped, and so it can be kept. */
    private static String storable(String json) {
        return json.indexOf('\0') < 0 ? json : json.replace("\0", "\\u0000");
    }

    /** Takes away some that are older; true when none is left. */
    boolean sweep(Instant before) {
        return database.noteAsPlatform(sql -> sql.deleteFrom(DECISION)
                        .where(DECISION.ID.in(DSL.select(DECISION.ID)
                                .from(DECISION)
                                .where(DECISION.DECIDED_AT.lt(before.atOffset(ZoneOffset.UTC)))
                                .orderBy(DECISION.DECIDED_AT)
                                .limit(SWEPT_AT_ONCE)))
                        .execute())
                < SWEPT_AT_ONCE;
    }

    /** One more than the page holds, the newest first. */
    List<Recorded> list(Filter filter, PageRequest page) {
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> DECISION.ID.lt(uuid(after)))
                .orElseGet(DSL::noCondition);
        return scoped(
                filter.tenant(),
                sql -> sql.selectFrom(DECISION)
                        .where(matching(filter).and(start))
                        .orderBy(DECISION.ID.desc())
                        .limit(page.limit() + 1)
                        .fetch(JooqDecisions::recorded));
    }

    private static UUID uuid(Cursor cursor) {
        try {
            return UUID.fromString(cursor.text(0));
        } catch (IllegalArgumentException e) {
            // a cursor of somebody's own making: nothing is before it
            return new UUID(0, 0);
        }
    }

    private static Condition matching(Filter filter) {
        Condition all = filter.tenant() == null
                ? DSL.noCondition()
                : DECISION.TENANT_ID.eq(filter.tenant().value());
        if (filter.path() != null) {
            all = all.and(DECISION.PATH.eq(filter.path().path()));
        }
        if (filter.outcome() != null) {
            all = all.and(DECISION.OUTCOME.eq(ReasonText.word(filter.outcome())));
        }
        if (filter.rule() != null) {
            all = all.and(DECISION.REASONS.contains(
                    Json.object(Map.of("rule", filter.rule())).text().replaceAll("^\\{|}$", "")));
        }
        if (filter.actor() != null) {
            all = all.and(DECISION.ACTOR.eq(filter.actor()));
        }
        if (filter.correlationId() != null) {
            all = all.and(DECISION.CORRELATION_ID.eq(filter.correlationId()));
        }
        return all;
    }

    Optional<Recorded> find(@Nullable TenantId tenant, UUID id) {
        return scoped(
                tenant,
                sql -> sql.selectFrom(DECISION).where(DECISION.ID.eq(id)).fetchOptional(JooqDecisions::recorded));
    }

    /** The first ones of a request. */
    List<Recorded> ofRequest(@Nullable TenantId tenant, String correlationId, int limit) {
        return scoped(
                tenant,
                sql -> sql.selectFrom(DECISION)
                        .where(DECISION.CORRELATION_ID.eq(correlationId))
                        .orderBy(DECISION.ID)
                        .limit(limit)
                        .fetch(JooqDecisions::recorded));
    }

    private <R> R scoped(@Nullable TenantId tenant, Function<DSLContext, R> look) {
        return tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look);
    }

    private static Recorded recorded(DecisionRecord row) {
        return new Recorded(
                row.getId(),
                row.getDecidedAt().toInstant(),
                row.getTenantId() == null ? null : new TenantId(row.getTenantId()),
                row.getEnvironment() == null ? null : new Environment(row.getEnvironment()),
                EntryPoint.of(row.getPath()).orElse(EntryPoint.ACT),
                row.getAction(),
                row.getActor(),
                row.getCorrelationId(),
                Outcome.valueOf(row.getOutcome().toUpperCase(Locale.ROOT)),
                ReasonText.reasons(row.getReasons()),
                ReasonText.map(row.getBundles()),
                new Json(row.getInput()),
                ReasonText.texts(row.getErased()),
                row.getTimes(),
                row.getNanos());
    }
}
