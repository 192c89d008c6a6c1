package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_OBSERVATION;

import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.Problem;
import io.maestro.store.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jooq.JSON;
import org.jspecify.annotations.Nullable;

/** What this node observed, written down for people and other nodes. */
final class JooqObservations {
    private final Database database;
    private final String node;
    private final InstantSource clock;

    JooqObservations(Database database, String node, InstantSource clock) {
        this.database = database;
        this.node = node;
        this.clock = clock;
    }

    /** Forgets what an earlier life of this node observed. */
    void forgetAll() {
        database.asPlatform(sql -> sql.deleteFrom(INSTANCE_OBSERVATION)
                .where(INSTANCE_OBSERVATION.NODE.eq(node))
                .execute());
    }

    /** Writes down an observation; nothing when the instance has been deleted meanwhile. */
    void write(InstanceKey key, Observed observed, @Nullable Problem problem) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        JSON document = problem == null ? null : JSON.valueOf(Documents.text(problem));
        String state = observed.name().toLowerCase(Locale.ROOT);
        database.inTenant(key.scope().tenant(), sql -> {
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
            return sql.insertInto(INSTANCE_OBSERVATION)
                    .set(INSTANCE_OBSERVATION.TENANT_ID, key.scope().tenant().value())
                    .set(
                            INSTANCE_OBSERVATION.ENVIRONMENT,
                            key.scope().environment().value())
                    .set(INSTANCE_OBSERVATION.INSTANCE, key.instance().value())
                    .set(INSTANCE_OBSERVATION.NODE, node)
                    .set(INSTANCE_OBSERVATION.OBSERVED, state)
                    .set(INSTANCE_OBSERVATION.PROBLEM, document)
                    .set(INSTANCE_OBSERVATION.OBSERVED_AT, now)
                    .onConflict(
                            INSTANCE_OBSERVATION.TENANT_ID,
                            INSTANCE_OBSERVATION.ENVIRONMENT,
                            INSTANCE_OBSERVATION.INSTANCE,
                            INSTANCE_OBSERVATION.NODE)
                    .doUpdate()
                    .set(INSTANCE_OBSERVATION.OBSERVED, state)
                    .set(INSTANCE_OBSERVATION.PROBLEM, document)
                    .set(INSTANCE_OBSERVATION.OBSERVED_AT, now)
                    .execute();
        });
    }
}
