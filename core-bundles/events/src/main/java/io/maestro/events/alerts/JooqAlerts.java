package io.maestro.events.alerts;

import static io.maestro.events.tables.events.Tables.ALERT;

import io.maestro.api.events.Alerts.Alert;
import io.maestro.api.events.Alerts.Filter;
import io.maestro.api.events.Alerts.Severity;
import io.maestro.events.alerts.Watched.Phase;
import io.maestro.events.tables.events.tables.records.AlertRecord;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Journal;
import io.maestro.store.Migrations;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Alerts as rows, with their events. */
final class JooqAlerts {
    static final Migrations MIGRATIONS = Migrations.of("events", JooqAlerts.class, "V001__alerts.sql");

    private static final String LIST = "alerts";
    private static final int LONGEST_TEXT = 500;

    private final Database database;
    private final Journal journal;
    private final String node;

    JooqAlerts(Database database, Journal journal, String node) {
        this.database = database;
        this.journal = journal;
        this.node = node;
    }

    /** What this node watched when it stopped. */
    List<Watched> own() {
        return database.asPlatform(
                sql -> sql.selectFrom(ALERT).where(ALERT.NODE.eq(node)).fetch(JooqAlerts::watched));
    }

    /** Keeps what has changed, and tells of what was raised by it. */
    void keep(Watched after, boolean tell, Instant now) {
        database.note(after.key().scope().tenant(), sql -> {
            AlertRecord row = row(after, now);
            sql.insertInto(ALERT)
                    .set(row)
                    .onConflict(ALERT.TENANT_ID, ALERT.ENVIRONMENT, ALERT.INSTANCE, ALERT.RULE, ALERT.NODE)
                    .doUpdate()
                    .set(row)
                    .execute();
            if (tell) {
                tell(sql, "alert.raise", after, now);
            }
            return true;
        });
    }

    /** Forgets what is over, and tells of it when it was raised. */
    void drop(Watched before, Instant now) {
        database.note(before.key().scope().tenant(), sql -> {
            int gone = sql.deleteFrom(ALERT)
                    .where(is(before.key()).and(ALERT.NODE.eq(node)))
                    .execute();
            if (gone > 0 && before.phase().raised()) {
                tell(sql, "alert.clear", before, now);
            }
            return gone;
        });
    }

    /** Says that this node still watches what it did; tells of how many rows that was. */
    int stillHere(Instant now) {
        return database.noteAsPlatform(sql -> sql.update(ALERT)
                .set(ALERT.SEEN_AT, at(now))
                .where(ALERT.NODE.eq(node))
                .execute());
    }

    /** Forgets what nodes watched that have gone, and tells of it. */
    int dropOfNodesGone(Instant seenBefore, Instant now) {
        return database.noteAsPlatform(sql -> {
            List<AlertRecord> gone = sql.deleteFrom(ALERT)
                    .where(ALERT.NODE.ne(node).and(ALERT.SEEN_AT.lt(at(seenBefore))))
                    .returning()
                    .fetch();
            gone.stream()
                    .map(JooqAlerts::watched)
                    .filter(one -> one.phase().raised())
                    .forEach(one -> tell(sql, "alert.clear", one, now));
            return gone.size();
        });
    }

    Page<Alert> raised(Filter filter, PageRequest page) {
        TenantId tenant = filter.tenant();
        Environment environment = filter.environment();
        InstanceId instance = filter.instance();
        Condition wanted = ALERT.PHASE
                .ne(word(Phase.PENDING))
                .and(tenant == null ? DSL.noCondition() : ALERT.TENANT_ID.eq(tenant.value()))
                .and(environment == null ? DSL.noCondition() : ALERT.ENVIRONMENT.eq(environment.value()))
                .and(instance == null ? DSL.noCondition() : ALERT.INSTANCE.eq(instance.value()))
                .and(Cursor.of(LIST, 5, page)
                        .map(end -> DSL.row(ALERT.TENANT_ID, ALERT.ENVIRONMENT, ALERT.INSTANCE, ALERT.RULE, ALERT.NODE)
                                .gt(end.text(0), end.text(1), end.text(2), end.text(3), end.text(4)))
                        .orElseGet(DSL::noCondition));
        Function<DSLContext, List<AlertRecord>> look = sql -> sql.selectFrom(ALERT)
                .where(wanted)
                .orderBy(ALERT.TENANT_ID, ALERT.ENVIRONMENT, ALERT.INSTANCE, ALERT.RULE, ALERT.NODE)
                .limit(page.limit() + 1)
                .fetch();
        List<AlertRecord> found = tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look);
        return Cursor.page(
                        page,
                        found,
                        row -> Cursor.at(
                                LIST,
                                row.getTenantId(),
                                row.getEnvironment(),
                                row.getInstance(),
                                row.getRule(),
                                row.getNode()))
                .map(JooqAlerts::alert);
    }

    private void tell(DSLContext sql, String action, Watched one, Instant now) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("rule", one.key().rule());
        detail.put("adapterType", one.type());
        detail.put("severity", word(one.severity()));
        detail.put("text", one.text());
        detail.put("since", one.since());
        journal.add(
                sql,
                new Journal.Entry(
                        one.key().scope().tenant(),
                        one.key().scope().environment(),
                        now,
                        action,
                        Subject.of("adapter-instance", one.key().instance()),
                        Json.object(detail)));
    }

    private static Condition is(Watched.Key key) {
        return ALERT.TENANT_ID
                .eq(key.scope().tenant().value())
                .and(ALERT.ENVIRONMENT.eq(key.scope().environment().value()))
                .and(ALERT.INSTANCE.eq(key.instance().value()))
                .and(ALERT.RULE.eq(key.rule()));
    }

    private AlertRecord row(Watched one, Instant now) {
        AlertRecord row = new AlertRecord();
        row.setTenantId(one.key().scope().tenant().value());
        row.setEnvironment(one.key().scope().environment().value());
        row.setInstance(one.key().instance().value());
        row.setRule(one.key().rule());
        row.setNode(node);
        row.setType(one.type().value());
        row.setSeverity(word(one.severity()));
        row.setPhase(word(one.phase()));
        row.setText(
                one.text().length() <= LONGEST_TEXT ? one.text() : one.text().substring(0, LONGEST_TEXT));
        row.setSince(at(one.since()));
        row.setPhaseSince(at(one.phaseSince()));
        row.setSeenAt(at(now));
        return row;
    }

    private static Watched watched(AlertRecord row) {
        return new Watched(
                new Watched.Key(
                        Scope.of(row.getTenantId(), row.getEnvironment()),
                        new InstanceId(row.getInstance()),
                        row.getRule()),
                new TypeName(row.getType()),
                Severity.valueOf(row.getSeverity().toUpperCase(Locale.ROOT)),
                Phase.valueOf(row.getPhase().toUpperCase(Locale.ROOT)),
                row.getText(),
                row.getSince().toInstant(),
                row.getPhaseSince().toInstant());
    }

    private static Alert alert(AlertRecord row) {
        Watched one = watched(row);
        return new Alert(
                one.key().scope(),
                one.key().instance(),
                one.type(),
                one.key().rule(),
                one.severity(),
                row.getNode(),
                one.text(),
                one.since(),
                one.phaseSince());
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
