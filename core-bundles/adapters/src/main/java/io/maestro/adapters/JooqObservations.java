package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_OBSERVATION;

import io.maestro.adapters.Observations.Observation;
import io.maestro.adapters.tables.adapters.tables.records.InstanceObservationRecord;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.store.Database;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Journal;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStep9;
import org.jooq.JSON;
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

    /** Writes down observations; those of instances that have been deleted meanwhile are left out. */
    void write(Map<InstanceKey, Observation> observations) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        database.noteAsPlatform(sql -> {
            List<InstanceKey> present = held(sql, observations.keySet());
            if (present.isEmpty()) {
                return 0;
            }
            tell(sql, present, observations);
            InsertValuesStep9<
                            InstanceObservationRecord,
                            String,
                            String,
                            String,
                            String,
                            Long,
                            Long,
                            String,
                            JSON,
                            OffsetDateTime>
                    insert = sql.insertInto(
                            INSTANCE_OBSERVATION,
                            INSTANCE_OBSERVATION.TENANT_ID,
                            INSTANCE_OBSERVATION.ENVIRONMENT,
                            INSTANCE_OBSERVATION.INSTANCE,
                            INSTANCE_OBSERVATION.NODE,
                            INSTANCE_OBSERVATION.INCARNATION,
                            INSTANCE_OBSERVATION.REVISION,
                            INSTANCE_OBSERVATION.OBSERVED,
                            INSTANCE_OBSERVATION.PROBLEM,
                            INSTANCE_OBSERVATION.OBSERVED_AT);
            for (InstanceKey key : present) {
                Observation observation = of(observations, key);
                Problem problem = observation.problem();
                insert = insert.values(
                        key.scope().tenant().value(),
                        key.scope().environment().value(),
                        key.instance().value(),
                        node,
                        observation.incarnation(),
                        observation.revision(),
                        text(observation.observed()),
                        problem == null ? null : JSON.valueOf(Documents.text(problem)),
                        now);
            }
            return insert.onConflict(
                            INSTANCE_OBSERVATION.TENANT_ID,
                            INSTANCE_OBSERVATION.ENVIRONMENT,
                            INSTANCE_OBSERVATION.INSTANCE,
                            INSTANCE_OBSERVATION.NODE)
                    .doUpdate()
                    .set(INSTANCE_OBSERVATION.INCARNATION, DSL.excluded(INSTANCE_OBSERVATION.INCARNATION))
                    .set(INSTANCE_OBSERVATION.REVISION, DSL.excluded(INSTANCE_OBSERVATION.REVISION))
                    .set(INSTANCE_OBSERVATION.OBSERVED, DSL.excluded(INSTANCE_OBSERVATION.OBSERVED))
                    .set(INSTANCE_OBSERVATION.PROBLEM, DSL.excluded(INSTANCE_OBSERVATION.PROBLEM))
                    .set(INSTANCE_OBSERVATION.OBSERVED_AT, DSL.excluded(INSTANCE_OBSERVATION.OBSERVED_AT))
                    .execute();
        });
    }

    /** Those that are there, and stay until the transaction ends; locked in one order, as whoever deletes many does. */
    private static List<InstanceKey> held(DSLContext sql, Set<InstanceKey> keys) {
        return sql.select(ADAPTER_INSTANCE.TENANT_ID, ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE)
                .from(ADAPTER_INSTANCE)
                .where(JooqInstances.isOneOf(
                        keys, ADAPTER_INSTANCE.TENANT_ID, ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE))
                .orderBy(ADAPTER_INSTANCE.TENANT_ID, ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE)
                .forShare()
                .of(ADAPTER_INSTANCE)
                .fetch(JooqInstances::key);
    }

    /** What was written of an instance last. */
    private record Told(String state, @Nullable String code) {}

    /** Tells those who follow what happens, once it says something new; that a node has begun to look is nothing new. */
    private void tell(DSLContext sql, List<InstanceKey> present, Map<InstanceKey, Observation> observations) {
        Map<InstanceKey, Told> before = told(sql, present);
        List<Journal.Entry> news = new ArrayList<>();
        for (InstanceKey key : present) {
            Observation observation = of(observations, key);
            Problem problem = observation.problem();
            Told now = new Told(text(observation.observed()), problem == null ? null : problem.code());
            if (observation.observed() != Observed.PENDING && !now.equals(before.get(key))) {
                news.add(entry(key, now));
            }
        }
        journal.add(sql, news);
    }

    private Map<InstanceKey, Told> told(DSLContext sql, List<InstanceKey> present) {
        Field<String> code = DSL.jsonGetAttributeAsText(INSTANCE_OBSERVATION.PROBLEM, "code");
        return sql.select(
                        INSTANCE_OBSERVATION.TENANT_ID,
                        INSTANCE_OBSERVATION.ENVIRONMENT,
                        INSTANCE_OBSERVATION.INSTANCE,
                        INSTANCE_OBSERVATION.OBSERVED,
                        code)
                .from(INSTANCE_OBSERVATION)
                .where(JooqInstances.isOneOf(
                                present,
                                INSTANCE_OBSERVATION.TENANT_ID,
                                INSTANCE_OBSERVATION.ENVIRONMENT,
                                INSTANCE_OBSERVATION.INSTANCE)
                        .and(INSTANCE_OBSERVATION.NODE.eq(node)))
                .fetchMap(
                        row -> new InstanceKey(Scope.of(row.value1(), row.value2()), new InstanceId(row.value3())),
                        row -> new Told(row.value4(), row.value5()));
    }

    private Journal.Entry entry(InstanceKey key, Told now) {
        Map<String, @Nullable Object> detail = new LinkedHashMap<>();
        detail.put("node", node);
        detail.put("observed", now.state());
        detail.put("problem", now.code());
        return new Journal.Entry(
                key.scope().tenant(),
                key.scope().environment(),
                clock.instant(),
                "instance.observe",
                Subject.of("adapter-instance", key.instance()),
                Json.object(detail));
    }

    private static Observation of(Map<InstanceKey, Observation> observations, InstanceKey key) {
        return Objects.requireNonNull(observations.get(key));
    }

    private static String text(Observed observed) {
        return observed.name().toLowerCase(Locale.ROOT);
    }
}
