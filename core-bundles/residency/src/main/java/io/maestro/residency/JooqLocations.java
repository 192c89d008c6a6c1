package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.PLACEMENT;

import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageLocations.Location;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.TenantId;
import io.maestro.residency.Placement.State;
import io.maestro.store.Database;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.impl.DSL;

/** Sums of placements. */
final class JooqLocations {
    private final Database database;

    JooqLocations(Database database) {
        this.database = database;
    }

    List<Location> of(TenantId tenant) {
        Condition settled = PLACEMENT.STATE.eq(State.SETTLED.word());
        Field<Integer> items = DSL.count().filterWhere(settled);
        Field<BigDecimal> bytes = DSL.sum(PLACEMENT.SIZE).filterWhere(settled);
        Field<Integer> unsettled = DSL.count().filterWhere(settled.not());
        return database.inTenant(
                tenant,
                sql -> sql.select(PLACEMENT.ENVIRONMENT, PLACEMENT.REGION, PLACEMENT.INSTANCE, PLACEMENT.KIND)
                        .select(items, bytes, unsettled)
                        .from(PLACEMENT)
                        .where(PLACEMENT.TENANT_ID.eq(tenant.value()))
                        .groupBy(PLACEMENT.ENVIRONMENT, PLACEMENT.REGION, PLACEMENT.INSTANCE, PLACEMENT.KIND)
                        .orderBy(PLACEMENT.ENVIRONMENT, PLACEMENT.REGION, PLACEMENT.INSTANCE, PLACEMENT.KIND)
                        .fetch(row -> new Location(
                                new Environment(row.get(PLACEMENT.ENVIRONMENT)),
                                new Region(row.get(PLACEMENT.REGION)),
                                new InstanceId(row.get(PLACEMENT.INSTANCE)),
                                new Kind(row.get(PLACEMENT.KIND)),
                                row.get(items),
                                row.get(bytes) == null ? 0 : row.get(bytes).longValueExact(),
                                row.get(unsettled))));
    }
}
