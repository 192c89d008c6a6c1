package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.PLACEMENT;
import static io.maestro.residency.tables.residency.Tables.ROUTE;
import static io.maestro.residency.tables.residency.Tables.TRANSFER;

import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Presence;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.residency.StorageRoutes.Route;
import io.maestro.api.store.Transaction;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.residency.tables.residency.tables.records.RouteRecord;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import io.maestro.store.Migrations;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Routes as rows. */
final class JooqRoutes {
    static final Migrations MIGRATIONS = Migrations.of(
            "residency",
            JooqRoutes.class,
            "V001__residency.sql",
            "V002__transfers.sql",
            "V003__transfer_failures.sql",
            "V004__transfers_under_way.sql");

    private static final String LIST = "storage-routes";
    private static final String SUBJECT = "storage-route";
    private static final String PUT = "storage-route.put";
    private static final String DELETE = "storage-route.delete";

    private final Database database;
    private final Tenants tenants;
    private final Presence presence;
    private final InstantSource clock;

    JooqRoutes(Database database, Tenants tenants, Presence presence, InstantSource clock) {
        this.database = database;
        this.tenants = tenants;
        this.presence = presence;
        this.clock = clock;
    }

    /**
     * Leads to an instance.
     *
     * @param seen the instance as it was when this was decided; it has to be there still
     */
    Route put(Scope scope, Region region, Kind kind, Instance seen, Actor actor) {
        InstanceId instance = seen.id();
        return database.act(scope.tenant(), actor, sql -> {
            Transaction act = new JooqTransaction(sql);
            tenants.hold(act, scope.tenant(), scope.environment());
            presence.require(act, List.of(seen));
            JooqScopeLock.change(sql, scope);
            requireRegion(sql, scope, instance, region);
            JooqTransfers.requireStays(sql, scope, instance, kind);
            Optional<Route> before = find(sql, scope, region, kind);
            if (before.isPresent() && before.get().instance().equals(instance)) {
                return Act.unchanged(before.get());
            }
            Route after = set(sql, scope, region, kind, instance, actor, clock.instant());
            return Act.done(after, put(before, after));
        });
    }

    private static Fact put(Optional<Route> before, Route after) {
        return before.map(old -> Fact.changed(PUT, subject(after), json(old), json(after)))
                .orElseGet(() -> Fact.made(PUT, subject(after), json(after)))
                .in(after.scope().environment());
    }

    private static Fact removed(Route route) {
        return Fact.removed(DELETE, subject(route), json(route))
                .in(route.scope().environment());
    }

    private static Subject subject(Route route) {
        return Subject.of(SUBJECT, route.region() + "/" + route.kind());
    }

    /**
     * Has a route lead elsewhere, and be of another region if need be, within an act that has checked it; returns what became of
     * it, and of the one of that region that was there before.
     */
    static List<Fact> lead(DSLContext sql, Route route, Region region, InstanceId target, Actor actor, Instant now) {
        List<Fact> facts = new ArrayList<>();
        Optional<Route> before = find(sql, route.scope(), region, route.kind());
        if (!route.region().equals(region)) {
            removeWithin(sql, route);
            facts.add(removed(route));
        }
        if (before.filter(same -> same.instance().equals(target)).isEmpty()) {
            facts.add(put(before, set(sql, route.scope(), region, route.kind(), target, actor, now)));
        }
        return facts;
    }

    /** Writes a route within an act that has checked it. */
    static Route set(
            DSLContext sql, Scope scope, Region region, Kind kind, InstanceId instance, Actor actor, Instant now) {
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        sql.insertInto(ROUTE)
                .set(ROUTE.TENANT_ID, scope.tenant().value())
                .set(ROUTE.ENVIRONMENT, scope.environment().value())
                .set(ROUTE.REGION, region.value())
                .set(ROUTE.KIND, kind.value())
                .set(ROUTE.INSTANCE, instance.value())
                .set(ROUTE.CREATED_AT, at)
                .set(ROUTE.CREATED_BY, actor.id())
                .onConflict(ROUTE.TENANT_ID, ROUTE.ENVIRONMENT, ROUTE.REGION, ROUTE.KIND)
                .doUpdate()
                .set(ROUTE.INSTANCE, instance.value())
                .set(ROUTE.CREATED_AT, at)
                .set(ROUTE.CREATED_BY, actor.id())
                .execute();
        return find(sql, scope, region, kind).orElseThrow();
    }

    /** Refuses a region other than the one that the instance keeps data of; for whoever holds the {@link JooqScopeLock}. */
    static void requireRegion(DSLContext sql, Scope scope, InstanceId instance, Region region) {
        Optional<String> other = sql.select(ROUTE.REGION)
                .from(ROUTE)
                .where(otherRegion(scope, instance, region))
                .union(sql.select(PLACEMENT.REGION)
                        .from(PLACEMENT)
                        .where(
                                PLACEMENT.TENANT_ID.eq(scope.tenant().value()),
                                PLACEMENT.ENVIRONMENT.eq(scope.environment().value()),
                                PLACEMENT.INSTANCE.eq(instance.value()),
                                PLACEMENT.REGION.ne(region.value())))
                .union(sql.select(TRANSFER.REGION)
                        .from(TRANSFER)
                        .where(
                                TRANSFER.TENANT_ID.eq(scope.tenant().value()),
                                TRANSFER.ENVIRONMENT.eq(scope.environment().value()),
                                TRANSFER.STATE.eq("running"),
                                TRANSFER.TARGET.eq(instance.value()),
                                TRANSFER.REGION.ne(region.value())))
                .limit(1)
                .fetchOptional(ROUTE.REGION);
        other.ifPresent(its -> refuse(scope, instance, its, region));
    }

    /**
     * Refuses a copy to an instance that was declared to be of another region meanwhile; for whoever holds the {@link
     * JooqScopeLock}.
     */
    static void requireNoOtherRegion(DSLContext sql, Scope scope, InstanceId instance, Region region) {
        sql.select(ROUTE.REGION)
                .from(ROUTE)
                .where(otherRegion(scope, instance, region))
                .limit(1)
                .fetchOptional(ROUTE.REGION)
                .ifPresent(its -> refuse(scope, instance, its, region));
    }

    private static Condition otherRegion(Scope scope, InstanceId instance, Region region) {
        return in(scope).and(ROUTE.INSTANCE.eq(instance.value())).and(ROUTE.REGION.ne(region.value()));
    }

    private static void refuse(Scope scope, InstanceId instance, String its, Region region) {
        throw Problem.of(
                        ResidencyProblem.INSTANCE_IN_OTHER_REGION,
                        "the instance \"" + instance + "\" in " + scope + " keeps data of " + its + ", so not of "
                                + region,
                        "Use an instance of its own for each region, or move its data and its routes away first.")
                .asException();
    }

    /** Whether the route leads to this instance; stays so for whoever holds the {@link JooqScopeLock}. */
    static boolean leads(DSLContext sql, Scope scope, Region region, Kind kind, InstanceId instance) {
        return find(sql, scope, region, kind)
                .filter(route -> route.instance().equals(instance))
                .isPresent();
    }

    Optional<Route> find(Scope scope, Region region, Kind kind) {
        return database.inTenant(scope.tenant(), sql -> find(sql, scope, region, kind));
    }

    private static Optional<Route> find(DSLContext sql, Scope scope, Region region, Kind kind) {
        return sql.selectFrom(ROUTE)
                .where(in(scope), ROUTE.REGION.eq(region.value()), ROUTE.KIND.eq(kind.value()))
                .fetchOptional(JooqRoutes::route);
    }

    Page<Route> list(Scope scope, PageRequest page) {
        Condition start = Cursor.of(LIST, 2, page)
                .<Condition>map(after -> DSL.row(ROUTE.REGION, ROUTE.KIND).gt(after.text(0), after.text(1)))
                .orElseGet(DSL::noCondition);
        List<Route> found = database.inTenant(
                scope.tenant(),
                sql -> sql.selectFrom(ROUTE)
                        .where(in(scope), start)
                        .orderBy(ROUTE.REGION, ROUTE.KIND)
                        .limit(page.limit() + 1)
                        .fetch(JooqRoutes::route));
        return Cursor.page(page, found, one -> Cursor.at(LIST, one.region(), one.kind()));
    }

    /** The region that an instance keeps data of; empty when it keeps none and no route leads to it. */
    Optional<Region> region(Scope scope, InstanceId instance) {
        return database.inTenant(
                scope.tenant(),
                sql -> sql.select(ROUTE.REGION)
                        .from(ROUTE)
                        .where(in(scope), ROUTE.INSTANCE.eq(instance.value()))
                        .union(sql.select(PLACEMENT.REGION)
                                .from(PLACEMENT)
                                .where(
                                        PLACEMENT.TENANT_ID.eq(scope.tenant().value()),
                                        PLACEMENT.ENVIRONMENT.eq(
                                                scope.environment().value()),
                                        PLACEMENT.INSTANCE.eq(instance.value())))
                        .limit(1)
                        .fetchOptional(row -> new Region(row.value1())));
    }

    /** The routes to an instance. */
    static List<Route> to(DSLContext sql, Scope scope, InstanceId instance, @Nullable Kind kind) {
        return sql.selectFrom(ROUTE)
                .where(
                        in(scope),
                        ROUTE.INSTANCE.eq(instance.value()),
                        kind == null ? DSL.noCondition() : ROUTE.KIND.eq(kind.value()))
                .orderBy(ROUTE.REGION, ROUTE.KIND)
                .fetch(JooqRoutes::route);
    }

    void remove(Scope scope, Region region, Kind kind, Actor actor) {
        database.act(scope.tenant(), actor, sql -> {
            JooqScopeLock.change(sql, scope);
            Route route = find(sql, scope, region, kind).orElseThrow(() -> unknown(scope, region, kind));
            return Act.done(removeWithin(sql, route), removed(route));
        });
    }

    /** Removes a route within an act. */
    static int removeWithin(DSLContext sql, Route route) {
        return sql.deleteFrom(ROUTE)
                .where(
                        in(route.scope()),
                        ROUTE.REGION.eq(route.region().value()),
                        ROUTE.KIND.eq(route.kind().value()))
                .execute();
    }

    static ProblemException unknown(Scope scope, Region region, Kind kind) {
        return Problem.of(
                        ResidencyProblem.STORAGE_ROUTE_UNKNOWN,
                        "no route in " + scope + " says where " + kind + " of " + region + " goes",
                        "Have an admin of the tenant make one, with PUT …/storage-routes/" + region + "/" + kind + ".")
                .asException();
    }

    private static Condition in(Scope scope) {
        return ROUTE.TENANT_ID
                .eq(scope.tenant().value())
                .and(ROUTE.ENVIRONMENT.eq(scope.environment().value()));
    }

    private static Json json(Route route) {
        return Json.object(Map.of("region", route.region(), "kind", route.kind(), "instance", route.instance()));
    }

    private static Route route(RouteRecord row) {
        return new Route(
                Scope.of(row.getTenantId(), row.getEnvironment()),
                new Region(row.getRegion()),
                new Kind(row.getKind()),
                new InstanceId(row.getInstance()),
                row.getCreatedAt().toInstant(),
                row.getCreatedBy());
    }
}
