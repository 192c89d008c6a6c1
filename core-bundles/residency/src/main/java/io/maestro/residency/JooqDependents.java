package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.PLACEMENT;
import static io.maestro.residency.tables.residency.Tables.ROUTE;
import static io.maestro.residency.tables.residency.Tables.TRANSFER;

import io.maestro.api.adapters.Dependents;
import io.maestro.api.adapters.Registry.Dependent;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.store.Transaction;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.store.Database;
import io.maestro.store.JooqTransaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** What would be lost with an instance: routes to it, what it keeps, and transfers from or to it. */
final class JooqDependents implements Dependents {
    private final Database database;

    JooqDependents(Database database) {
        this.database = database;
    }

    @Override
    public List<Dependent> of(Scope scope, InstanceId instance, int limit) {
        return database.inTenant(scope.tenant(), sql -> {
            List<Dependent> all = new ArrayList<>(sql.select(ROUTE.REGION, ROUTE.KIND)
                    .from(ROUTE)
                    .where(routes(scope, instance))
                    .orderBy(ROUTE.REGION, ROUTE.KIND)
                    .limit(limit)
                    .fetch(row -> new Dependent(
                            "storage-route", row.value1() + "/" + row.value2(), row.value2() + " of " + row.value1())));
            Field<Integer> objects = DSL.count();
            all.addAll(sql.select(PLACEMENT.REGION, PLACEMENT.KIND, objects)
                    .from(PLACEMENT)
                    .where(placements(scope, instance))
                    .groupBy(PLACEMENT.REGION, PLACEMENT.KIND)
                    .orderBy(PLACEMENT.REGION, PLACEMENT.KIND)
                    .limit(limit)
                    .fetch(row -> new Dependent(
                            "stored-data",
                            row.value1() + "/" + row.value2(),
                            row.value3() + " objects of " + row.value2() + " of " + row.value1())));
            all.addAll(sql.select(TRANSFER.ID, TRANSFER.SOURCE, TRANSFER.TARGET)
                    .from(TRANSFER)
                    .where(transfers(scope, instance))
                    .orderBy(TRANSFER.ID)
                    .limit(limit)
                    .fetch(row -> new Dependent(
                            "transfer", row.value1().toString(), "from " + row.value2() + " to " + row.value3())));
            return List.copyOf(all.subList(0, Math.min(limit, all.size())));
        });
    }

    /** A write or a transfer that begins later finds no way to the instance any more. */
    @Override
    public void requireDeletable(Transaction act, Scope scope, InstanceId instance) {
        DSLContext sql = JooqTransaction.of(act);
        JooqScopeLock.change(sql, scope);
        Condition settled = PLACEMENT.STATE.eq(Placement.State.SETTLED.word());
        Map<String, Object> counts = new LinkedHashMap<>();
        // counted at once: what settles between two statements would be in neither
        Record2<Integer, Integer> kept = sql.select(
                        DSL.count().filterWhere(settled), DSL.count().filterWhere(settled.not()))
                .from(PLACEMENT)
                .where(placements(scope, instance))
                .fetchSingle();
        counts.put("items", kept.value1());
        counts.put("unsettled", kept.value2());
        counts.put("routes", sql.fetchCount(ROUTE, routes(scope, instance)));
        counts.put("transfers", sql.fetchCount(TRANSFER, transfers(scope, instance)));
        if (counts.values().stream().allMatch(count -> count.equals(0))) {
            return;
        }
        throw Problem.of(
                        ResidencyProblem.INSTANCE_KEEPS_DATA,
                        "the instance \"" + instance + "\" in " + scope + " keeps data: items " + counts.get("items")
                                + ", objects being written or about to be deleted " + counts.get("unsettled")
                                + ", routes to it " + counts.get("routes") + ", transfers from or to it that run "
                                + counts.get("transfers"),
                        "Move its data and its routes to another instance with POST …/transfers, wait until the transfer is"
                                + " done, then delete the instance.")
                .with(Map.of("facts", Json.object(counts)))
                .asException();
    }

    private static Condition routes(Scope scope, InstanceId instance) {
        return ROUTE.TENANT_ID
                .eq(scope.tenant().value())
                .and(ROUTE.ENVIRONMENT.eq(scope.environment().value()))
                .and(ROUTE.INSTANCE.eq(instance.value()));
    }

    private static Condition placements(Scope scope, InstanceId instance) {
        return PLACEMENT
                .TENANT_ID
                .eq(scope.tenant().value())
                .and(PLACEMENT.ENVIRONMENT.eq(scope.environment().value()))
                .and(PLACEMENT.INSTANCE.eq(instance.value()));
    }

    private static Condition transfers(Scope scope, InstanceId instance) {
        return TRANSFER.TENANT_ID
                .eq(scope.tenant().value())
                .and(TRANSFER.ENVIRONMENT.eq(scope.environment().value()))
                .and(TRANSFER.STATE.eq("running"))
                .and(TRANSFER.SOURCE.eq(instance.value()).or(TRANSFER.TARGET.eq(instance.value())));
    }
}
