package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.PLACEMENT;
import static io.maestro.residency.tables.residency.Tables.TRANSFER;

import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Presence;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.residency.Transfers.Course;
import io.maestro.api.residency.Transfers.State;
import io.maestro.api.residency.Transfers.Transfer;
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
import io.maestro.model.TenantId;
import io.maestro.residency.tables.residency.tables.records.TransferRecord;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record3;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Transfers as rows. */
final class JooqTransfers {
    private static final String LIST = "transfers";
    private static final String SUBJECT = "transfer";

    private final Database database;
    private final Tenants tenants;
    private final Presence presence;
    private final InstantSource clock;

    JooqTransfers(Database database, Tenants tenants, Presence presence, InstantSource clock) {
        this.database = database;
        this.tenants = tenants;
        this.presence = presence;
        this.clock = clock;
    }

    /**
     * Writes it down, and has the routes to the source lead to the target, in one act.
     *
     * @param ends source and target as they were when this was decided; both have to be there still
     */
    Transfer start(Scope scope, Course course, List<Instance> ends, Actor actor) {
        UUID id = UUID.randomUUID();
        return database.act(scope.tenant(), actor, sql -> {
            Transaction act = new JooqTransaction(sql);
            tenants.hold(act, scope.tenant(), scope.environment());
            presence.require(act, ends);
            JooqScopeLock.change(sql, scope);
            JooqRoutes.requireRegion(sql, scope, course.target(), course.region());
            requireNoOther(sql, scope, course, id);
            OffsetDateTime now = now();
            sql.insertInto(TRANSFER)
                    .set(TRANSFER.TENANT_ID, scope.tenant().value())
                    .set(TRANSFER.ENVIRONMENT, scope.environment().value())
                    .set(TRANSFER.ID, id)
                    .set(TRANSFER.SOURCE, course.source().value())
                    .set(TRANSFER.TARGET, course.target().value())
                    .set(TRANSFER.REGION, course.region().value())
                    .set(
                            TRANSFER.KIND,
                            course.kind() == null ? null : course.kind().value())
                    .set(TRANSFER.STATE, word(State.RUNNING))
                    .set(TRANSFER.MOVED_ITEMS, 0L)
                    .set(TRANSFER.MOVED_BYTES, 0L)
                    .set(TRANSFER.ATTEMPTS, 0)
                    .set(TRANSFER.NOT_BEFORE, now)
                    .set(TRANSFER.STARTED_AT, now)
                    .set(TRANSFER.STARTED_BY, actor.id())
                    .execute();
            List<Fact> facts = new ArrayList<>();
            facts.add(fact("transfer.start", scope, id, null, json(course, State.RUNNING)));
            facts.addAll(lead(sql, scope, course, actor));
            Transfer made = find(sql, scope, id).orElseThrow(() -> unknown(scope, id));
            return new Act<>(made, facts);
        });
    }

    /** Has the routes to the source lead to the target, within an act; returns what became of each that changed. */
    private List<Fact> lead(DSLContext sql, Scope scope, Course course, Actor actor) {
        return JooqRoutes.to(sql, scope, course.source(), course.kind()).stream()
                .flatMap(route ->
                        JooqRoutes.lead(sql, route, course.region(), course.target(), actor, clock.instant()).stream())
                .toList();
    }

    /** Refuses a route to an instance that a transfer is emptying; for whoever holds the {@link JooqScopeLock}. */
    static void requireStays(DSLContext sql, Scope scope, InstanceId instance, Kind kind) {
        boolean leaving = sql.fetchExists(
                TRANSFER,
                in(scope),
                TRANSFER.STATE.eq(word(State.RUNNING)),
                TRANSFER.SOURCE.eq(instance.value()),
                TRANSFER.KIND.isNull().or(TRANSFER.KIND.eq(kind.value())));
        if (leaving) {
            throw Problem.of(
                            ResidencyProblem.TRANSFER_RUNNING,
                            "a transfer in " + scope + " moves what \"" + instance + "\" keeps elsewhere",
                            "Wait for it, or cancel it.")
                    .asException();
        }
    }

    /** For whoever holds the {@link JooqScopeLock}. */
    private static void requireNoOther(DSLContext sql, Scope scope, Course course, UUID self) {
        List<String> both = List.of(course.source().value(), course.target().value());
        boolean running = sql.fetchExists(
                TRANSFER,
                in(scope),
                TRANSFER.ID.ne(self),
                TRANSFER.STATE.eq(word(State.RUNNING)),
                TRANSFER.SOURCE.in(both).or(TRANSFER.TARGET.eq(course.source().value())));
        if (running) {
            throw Problem.of(
                            ResidencyProblem.TRANSFER_RUNNING,
                            "a transfer from \"" + course.source() + "\" or \"" + course.target()
                                    + "\", or to the first, is" + " running in " + scope,
                            "Wait for it, or cancel it.")
                    .asException();
        }
    }

    Optional<Transfer> find(Scope scope, UUID id) {
        return database.inTenant(scope.tenant(), sql -> find(sql, scope, id));
    }

    private static Optional<Transfer> find(DSLContext sql, Scope scope, UUID id) {
        return sql.selectFrom(TRANSFER).where(is(scope, id)).fetchOptional(row -> transfer(sql, row));
    }

    Page<Transfer> list(Scope scope, PageRequest page) {
        Condition older = Cursor.of(LIST, 2, page)
                .<Condition>map(after -> DSL.row(TRANSFER.STARTED_AT, TRANSFER.ID)
                        .lt(after.instant(0).atOffset(ZoneOffset.UTC), uuid(after.text(1))))
                .orElseGet(DSL::noCondition);
        List<Transfer> found = database.inTenant(
                scope.tenant(),
                sql -> sql.selectFrom(TRANSFER)
                        .where(in(scope), older)
                        .orderBy(TRANSFER.STARTED_AT.desc(), TRANSFER.ID.desc())
                        .limit(page.limit() + 1)
                        .fetch(row -> transfer(sql, row)));
        return Cursor.page(page, found, one -> Cursor.at(LIST, one.startedAt(), one.id()));
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0);
        }
    }

    /**
     * Changes the state of one that somebody asks about. One that goes on again needs what one that starts needs, and has the
     * routes lead to the target once more: they may lead to the source by now.
     *
     * @param ends source and target, when both have to be there still; empty when it does not matter
     */
    Transfer change(Scope scope, UUID id, State wanted, List<Instance> ends, Actor actor) {
        return database.act(scope.tenant(), actor, sql -> {
            if (wanted == State.RUNNING) {
                Transaction act = new JooqTransaction(sql);
                tenants.hold(act, scope.tenant(), scope.environment());
                presence.require(act, ends);
            }
            JooqScopeLock.change(sql, scope);
            TransferRecord row = sql.selectFrom(TRANSFER)
                    .where(is(scope, id))
                    .forUpdate()
                    .fetchOptional()
                    .orElseThrow(() -> unknown(scope, id));
            State before = state(row);
            Course course = course(row);
            boolean fits = wanted == State.CANCELLED ? before == State.RUNNING : before != State.DONE;
            if (!fits) {
                throw Problem.of(
                                ResidencyProblem.TRANSFER_ENDED,
                                "the transfer " + id + " in " + scope + " is " + word(before),
                                "Start another one for what is still to be moved.")
                        .asException();
            }
            if (before == wanted) {
                return Act.unchanged(transfer(sql, row));
            }
            List<Fact> facts = new ArrayList<>();
            String action = wanted == State.RUNNING ? "transfer.resume" : "transfer.cancel";
            facts.add(fact(action, scope, id, json(course, before), json(course, wanted)));
            if (wanted == State.RUNNING) {
                JooqRoutes.requireRegion(sql, scope, course.target(), course.region());
                requireNoOther(sql, scope, course, id);
                facts.addAll(lead(sql, scope, course, actor));
                JooqFailures.forget(sql, scope, id);
            }
            sql.update(TRANSFER)
                    .set(TRANSFER.STATE, word(wanted))
                    .set(TRANSFER.ATTEMPTS, 0)
                    .set(TRANSFER.NOT_BEFORE, now())
                    .setNull(TRANSFER.LEASE)
                    .set(TRANSFER.ENDED_AT, wanted == State.RUNNING ? null : now())
                    .where(is(scope, id))
                    .execute();
            Transfer after = find(sql, scope, id).orElseThrow(() -> unknown(scope, id));
            return new Act<>(after, facts);
        });
    }

    /**
     * A transfer that somebody has to himself.
     *
     * @param lease by which it is renewed and given back; another one for each taking
     */
    record Taken(Transfer transfer, UUID lease) {}

    /**
     * Those that are to go on now, one of each tenant; nobody else takes them up for the time of the lease.
     *
     * @param taken but for these
     * @param tenants and for those of these tenants
     */
    List<Taken> take(Set<UUID> taken, Set<TenantId> tenants, int limit, Duration lease) {
        Condition ready = TRANSFER.STATE
                .eq(word(State.RUNNING))
                .and(TRANSFER.NOT_BEFORE.le(now()))
                .and(TRANSFER.ID.notIn(taken))
                .and(TRANSFER.TENANT_ID.notIn(
                        tenants.stream().map(TenantId::value).toList()));
        Field<Integer> turn = DSL.rowNumber()
                .over(DSL.partitionBy(TRANSFER.TENANT_ID).orderBy(TRANSFER.NOT_BEFORE, TRANSFER.ID))
                .as("turn");
        return database.noteAsPlatform(sql -> {
            Table<?> turns =
                    sql.select(TRANSFER.ID, turn).from(TRANSFER).where(ready).asTable("turns");
            List<TransferRecord> due = sql.selectFrom(TRANSFER)
                    .where(
                            ready,
                            TRANSFER.ID.in(DSL.select(turns.field(TRANSFER.ID))
                                    .from(turns)
                                    .where(turns.field(turn).eq(1))))
                    .orderBy(TRANSFER.NOT_BEFORE)
                    .limit(limit)
                    .forUpdate()
                    .skipLocked()
                    .fetch();
            return due.stream().map(row -> taken(sql, row, now().plus(lease))).toList();
        });
    }

    private static Taken taken(DSLContext sql, TransferRecord row, OffsetDateTime until) {
        UUID lease = UUID.randomUUID();
        sql.update(TRANSFER)
                .set(TRANSFER.NOT_BEFORE, until)
                .set(TRANSFER.LEASE, lease)
                .where(is(scope(row), row.getId()))
                .execute();
        return new Taken(transfer(sql, row), lease);
    }

    /**
     * This node still works on what it has these leases of: nobody else takes it up for the time of the lease. One that has ended,
     * was given back or is somebody else's by now goes on when it was to.
     */
    void renew(Set<UUID> leases, Duration lease) {
        if (!leases.isEmpty()) {
            database.noteAsPlatform(sql -> sql.update(TRANSFER)
                    .set(TRANSFER.NOT_BEFORE, now().plus(lease))
                    .where(TRANSFER.LEASE.in(leases), TRANSFER.STATE.eq(word(State.RUNNING)))
                    .execute());
        }
    }

    /** It is given back, unless somebody else has it by now: it goes on at this time, on any node. */
    void goOn(Taken taken, Instant at) {
        Transfer transfer = taken.transfer();
        database.note(
                transfer.scope().tenant(),
                sql -> sql.update(TRANSFER)
                        .set(TRANSFER.NOT_BEFORE, at.atOffset(ZoneOffset.UTC))
                        .setNull(TRANSFER.LEASE)
                        .where(is(transfer.scope(), transfer.id()), TRANSFER.LEASE.eq(taken.lease()))
                        .execute());
    }

    /**
     * An attempt has failed, and it is given back; that of one that somebody else has by now counts for nothing.
     *
     * @param most attempts in a row after which it is given up
     * @param again when it goes on otherwise
     */
    void failed(Taken taken, String problem, int most, Instant again, Actor actor) {
        Transfer transfer = taken.transfer();
        Scope scope = transfer.scope();
        int attempts = database.note(
                scope.tenant(),
                sql -> sql.update(TRANSFER)
                        .set(TRANSFER.ATTEMPTS, TRANSFER.ATTEMPTS.plus(1))
                        .set(TRANSFER.PROBLEM, problem.length() <= 1000 ? problem : problem.substring(0, 1000))
                        .set(TRANSFER.NOT_BEFORE, again.atOffset(ZoneOffset.UTC))
                        .setNull(TRANSFER.LEASE)
                        .where(
                                is(scope, transfer.id()),
                                TRANSFER.STATE.eq(word(State.RUNNING)),
                                TRANSFER.LEASE.eq(taken.lease()))
                        .returning(TRANSFER.ATTEMPTS)
                        .fetchOptional(TRANSFER.ATTEMPTS)
                        .orElse(0));
        if (attempts >= most) {
            end(transfer, State.FAILED, actor);
        }
    }

    /** Ends one that runs. */
    void end(Transfer transfer, State state, Actor actor) {
        Scope scope = transfer.scope();
        database.act(scope.tenant(), actor, sql -> {
            int ended = sql.update(TRANSFER)
                    .set(TRANSFER.STATE, word(state))
                    .set(TRANSFER.ENDED_AT, now())
                    .where(is(scope, transfer.id()), TRANSFER.STATE.eq(word(State.RUNNING)))
                    .execute();
            if (state == State.DONE) {
                JooqFailures.forget(sql, scope, transfer.id());
            }
            return ended == 0
                    ? Act.unchanged(false)
                    : Act.done(
                            true,
                            fact(
                                    state == State.DONE ? "transfer.finish" : "transfer.fail",
                                    scope,
                                    transfer.id(),
                                    json(transfer.course(), State.RUNNING),
                                    json(transfer.course(), state)));
        });
    }

    /** Counts an item of a transfer that runs, within an act; false when it does not run. */
    static boolean count(DSLContext sql, Scope scope, UUID id, long bytes) {
        return sql.update(TRANSFER)
                        .set(TRANSFER.MOVED_ITEMS, TRANSFER.MOVED_ITEMS.plus(1))
                        .set(TRANSFER.MOVED_BYTES, TRANSFER.MOVED_BYTES.plus(bytes))
                        .set(TRANSFER.ATTEMPTS, 0)
                        .setNull(TRANSFER.PROBLEM)
                        .where(is(scope, id), TRANSFER.STATE.eq(word(State.RUNNING)))
                        .execute()
                == 1;
    }

    /** Whether it runs, within a transaction. */
    static boolean runs(DSLContext sql, Scope scope, UUID id) {
        return sql.fetchExists(TRANSFER, is(scope, id), TRANSFER.STATE.eq(word(State.RUNNING)));
    }

    static ProblemException unknown(Scope scope, UUID id) {
        return Problem.of(
                        ResidencyProblem.TRANSFER_UNKNOWN,
                        "there is no transfer " + id + " in " + scope,
                        "List the transfers of the environment.")
                .asException();
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Condition in(Scope scope) {
        return TRANSFER.TENANT_ID
                .eq(scope.tenant().value())
                .and(TRANSFER.ENVIRONMENT.eq(scope.environment().value()));
    }

    private static Condition is(Scope scope, UUID id) {
        return in(scope).and(TRANSFER.ID.eq(id));
    }

    private static String word(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static State state(TransferRecord row) {
        return State.valueOf(row.getState().toUpperCase(Locale.ROOT));
    }

    private static Scope scope(TransferRecord row) {
        return Scope.of(row.getTenantId(), row.getEnvironment());
    }

    private static Course course(TransferRecord row) {
        return new Course(
                new InstanceId(row.getSource()),
                new InstanceId(row.getTarget()),
                new Region(row.getRegion()),
                row.getKind() == null ? null : new Kind(row.getKind()));
    }

    private static Fact fact(String action, Scope scope, UUID id, @Nullable Json before, Json after) {
        return new Fact(action, scope.environment(), Subject.of(SUBJECT, id), before, after, null);
    }

    private static Json json(Course course, State state) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("source", course.source());
        members.put("target", course.target());
        members.put("region", course.region());
        members.put("kind", course.kind());
        members.put("state", word(state));
        return Json.object(members);
    }

    /** With what is still at the source, as this transaction sees it. */
    private static Transfer transfer(DSLContext sql, TransferRecord row) {
        Course course = course(row);
        Scope scope = scope(row);
        Condition there = PLACEMENT
                .TENANT_ID
                .eq(scope.tenant().value())
                .and(PLACEMENT.ENVIRONMENT.eq(scope.environment().value()))
                .and(PLACEMENT.INSTANCE.eq(course.source().value()))
                .and(
                        course.kind() == null
                                ? DSL.noCondition()
                                : PLACEMENT.KIND.eq(course.kind().value()));
        Condition settled = PLACEMENT.STATE.eq(Placement.State.SETTLED.word());
        // counted at once: what settles between two statements would be in neither
        Record3<Integer, @Nullable BigDecimal, Integer> left = sql.select(
                        DSL.count().filterWhere(settled),
                        DSL.sum(PLACEMENT.SIZE).filterWhere(settled),
                        DSL.count().filterWhere(settled.not()))
                .from(PLACEMENT)
                .where(there)
                .fetchSingle();
        BigDecimal bytes = left.value2();
        return new Transfer(
                row.getId(),
                scope,
                course,
                state(row),
                row.getMovedItems(),
                row.getMovedBytes(),
                left.value1(),
                bytes == null ? 0 : bytes.longValueExact(),
                left.value3(),
                JooqFailures.unmoved(sql, scope, row.getId())
                        .map(some -> some.told(row.getProblem()))
                        .orElse(row.getProblem()),
                row.getStartedAt().toInstant(),
                row.getStartedBy(),
                row.getEndedAt() == null ? null : row.getEndedAt().toInstant());
    }
}
