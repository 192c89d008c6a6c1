package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_OBSERVATION;

import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.store.Database;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Journal;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.Record2;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** What this node observed, written down for people and other nodes. */
final class JooqObservations {
    private final Database database;
    private final Journal journal;
    private final String node;
    private final InstantSource clock;

    JooqObservations(Database database, Journal journal, String node, InstantSource clock) {
        this.database = database;
        this.journal = journal;
        this.node = node;
        this.clock = clock;
    }

    /** Forgets what an earlier life of this node observed. */
    void forgetAll() {
        database.noteAsPlatform(sql -> sql.deleteFrom(INSTANCE_OBSERVATION)
                .where(INSTANCE_OBSERVATION.NODE.eq(node))
                .execute());
    }

    /** Writes down an observation; nothing when the instance has been deleted meanwhile. */
    void write(InstanceKey key, Observation observation) {
        Problem problem = observation.problem();
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        JSON document = problem == null ? null : JSON.valueOf(Documents.text(problem));
        String state = observation.observed().name().toLowerCase(Locale.ROOT);
        database.note(key.scope().tenant(), sql -> {
            boolean present = sql.select(ADAPTER_INSTANCE.INSTANCE)
                    .from(ADAPTER_INSTANCE)
                    .where(ADAPTER_INSTANCE
                            .TENANT_ID
                            .eq(key.scope().tenant().value())
                            .and(ADAPTER_INSTANCE.ENVIRONMENT.eq(
                                    key.scope().environment().value()))
                            .and(ADAPTER_INSTANCE.INSTANCE.eq(key.instance().value())))
                    .forShare()
                    .fetchOptional()
                    .isPresent();
            if (!present) {
                return 0;
            }
            tell(sql, key, observation.observed(), problem);
            return sql.insertInto(INSTANCE_OBSERVATION)
                    .set(INSTANCE_OBSERVATION.TENANT_ID, key.scope().tenant().value())
                    .set(
                            INSTANCE_OBSERVATION.ENVIRONMENT,
                            key.scope().environment().value())
                    .set(INSTANCE_OBSERVATION.INSTANCE, key.instance().value())
                    .set(INSTANCE_OBSERVATION.NODE, node)
                    .set(INSTANCE_OBSERVATION.INCARNATION, observation.incarnation())
                    .set(INSTANCE_OBSERVATION.REVISION, observation.revision())
                    .set(INSTANCE_OBSERVATION.OBSERVED, state)
                    .set(INSTANCE_OBSERVATION.PROBLEM, document)
                    .set(INSTANCE_OBSERVATION.OBSERVED_AT, now)
                    .onConflict(
                            INSTANCE_OBSERVATION.TENANT_ID,
                            INSTANCE_OBSERVATION.ENVIRONMENT,
                            INSTANCE_OBSERVATION.INSTANCE,
                            INSTANCE_OBSERVATION.NODE)
                    .doUpdate()
                    .set(INSTANCE_OBSERVATION.INCARNATION, observation.incarnation())
                    .set(INSTANCE_OBSERVATION.REVISION, observation.revision())
                    .set(INSTANCE_OBSERVATION.OBSERVED, state)
                    .set(INSTANCE_OBSERVATION.PROBLEM, document)
                    .set(INSTANCE_OBSERVATION.OBSERVED_AT, now)
                    .execute();
        });
    }

    /** Tells those who follow what happens, once it says something new; that a node has begun to look is nothing new. */
    private void tell(DSLContext sql, InstanceKey key, Observed observed, @Nullable Problem problem) {
        if (observed == Observed.PENDING) {
            return;
        }
        String state = observed.name().toLowerCase(Locale.ROOT);
        String code = problem == null ? null : problem.code();
        Record2<String, String> before = sql.select(
                        INSTANCE_OBSERVATION.OBSERVED, DSL.jsonGetAttributeAsText(INSTANCE_OBSERVATION.PROBLEM, "code"))
                .from(INSTANCE_OBSERVATION)
                .where(INSTANCE_OBSERVATION
                        .TENANT_ID
                        .eq(key.scope().tenant().value())
                        .and(INSTANCE_OBSERVATION.ENVIRONMENT.eq(
                                key.scope().environment().value()))
                        .and(INSTANCE_OBSERVATION.INSTANCE.eq(key.instance().value()))
                        .and(INSTANCE_OBSERVATION.NODE.eq(node)))
                .fetchOne();
        if (before != null && before.value1().equals(state) && Objects.equals(before.value2(), code)) {
            return;
        }
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("node", node);
        detail.put("observed", state);
        detail.put("problem", code);
        journal.add(
                sql,
                new Journal.Entry(
                        key.scope().tenant(),
                        key.scope().environment(),
                        clock.instant(),
                        "instance.observe",
                        Subject.of("adapter-instance", key.instance()),
                        Json.object(detail)));
    }
}
