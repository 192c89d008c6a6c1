package io.maestro.residency;

import static io.maestro.residency.tables.residency.Tables.ITEM;
import static io.maestro.residency.tables.residency.Tables.PLACEMENT;
import static io.maestro.residency.tables.residency.Tables.TRANSFER;
import static io.maestro.residency.tables.residency.Tables.TRANSFER_FAILURE;

import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Items.Item;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.residency.Transfers.Transfer;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.residency.Placement.State;
import io.maestro.residency.Placement.Written;
import io.maestro.residency.Sweeper.Place;
import io.maestro.residency.tables.residency.tables.records.PlacementRecord;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertSetMoreStep;
import org.jooq.Record;
import org.jooq.Result;
import org.jooq.Row3;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * What lies where, as rows. Whoever locks rows of several tables does so in this order: the tenant and its environment
 * ({@code hold}), the instances that have to stay, the {@link JooqScopeLock}, the transfer, the placement that it has written, the item, the placement that the item had.
 */
final class JooqLedger {
    private static final String LIST = "items";
    private static final String SUBJECT = "data";

    private final Database database;
    private final Tenants tenants;
    private final InstantSource clock;

    JooqLedger(Database database, Tenants tenants, InstantSource clock) {
        this.database = database;
        this.tenants = tenants;
        this.clock = clock;
    }

    /** An item with the placement that has its bytes. */
    record Entry(Item item, Placement placement, Written written) {}

    /**
     * An item that is to be moved.
     *
     * @param tried whether that was tried before, and failed
     */
    record Next(Entry entry, boolean tried) {}

    /**
     * A placement whose bytes are to be deleted.
     *
     * @param unwritten since when it is to go without that its write ever ended, so that its bytes may still come; null when they were
     *     there
     */
    record Leaving(Placement placement, @Nullable Instant unwritten) {}

    /**
     * Notes that an object is about to be written to the instance that the route of its region and kind leads to; empty when
     * that leads elsewhere by now, or nowhere.
     */
    Optional<Placement> intend(Scope scope, ItemName name, Region region, InstanceId instance, String contentType) {
        Placement placement = new Placement(scope, UUID.randomUUID(), name, region, instance, contentType);
        return database.note(scope.tenant(), sql -> {
            tenants.hold(new JooqTransaction(sql), scope.tenant(), scope.environment());
            JooqScopeLock.rely(sql, scope);
            if (!JooqRoutes.leads(sql, scope, region, name.kind(), instance)) {
                return Optional.empty();
            }
            intended(sql, placement);
            return Optional.of(placement);
        });
    }

    /** Notes that a transfer is about to write a copy to its target; empty when it runs no longer. */
    Optional<Placement> intendCopy(Transfer transfer, ItemName name, String contentType) {
        Scope scope = transfer.scope();
        Region region = transfer.course().region();
        InstanceId target = transfer.course().target();
        Placement copy = new Placement(scope, UUID.randomUUID(), name, region, target, contentType);
        return database.note(scope.tenant(), sql -> {
            tenants.hold(new JooqTransaction(sql), scope.tenant(), scope.environment());
            JooqScopeLock.rely(sql, scope);
            if (!JooqTransfers.runs(sql, scope, transfer.id())) {
                return Optional.empty();
            }
            JooqRoutes.requireNoOtherRegion(sql, scope, target, region);
            intended(sql, copy);
            return Optional.of(copy);
        });
    }

    private int intended(DSLContext sql, Placement placement) {
        requireRegion(sql, placement.scope(), placement.name(), placement.region(), placement.instance());
        return insert(sql, placement, State.INTENDED, now()).execute();
    }

    private static InsertSetMoreStep<PlacementRecord> insert(
            DSLContext sql, Placement placement, State state, OffsetDateTime now) {
        return sql.insertInto(PLACEMENT)
                .set(PLACEMENT.TENANT_ID, placement.scope().tenant().value())
                .set(PLACEMENT.ENVIRONMENT, placement.scope().environment().value())
                .set(PLACEMENT.ID, placement.id())
                .set(PLACEMENT.KIND, placement.name().kind().value())
                .set(PLACEMENT.ITEM_KEY, placement.name().key())
                .set(PLACEMENT.REGION, placement.region().value())
                .set(PLACEMENT.INSTANCE, placement.instance().value())
                .set(PLACEMENT.CONTENT_TYPE, placement.contentType())
                .set(PLACEMENT.STATE, state.word())
                .set(PLACEMENT.SIZE, 0L)
                .set(PLACEMENT.STATE_SINCE, now)
                .set(PLACEMENT.NOT_BEFORE, now);
    }

    /** The item changes over to what was written; what it had before begins to leave. */
    Item settle(Placement placement, Written written, Actor actor) {
        Scope scope = placement.scope();
        return database.act(scope.tenant(), actor, sql -> {
            tenants.hold(new JooqTransaction(sql), scope.tenant(), scope.environment());
            settled(sql, placement, written);
            Optional<Entry> before = lockedOrMade(sql, placement, actor);
            before.ifPresent(old -> {
                requireRegion(sql, scope, placement.name(), placement.region(), placement.instance());
                sql.update(ITEM)
                        .set(ITEM.PLACEMENT, placement.id())
                        .set(ITEM.STORED_AT, now())
                        .set(ITEM.STORED_BY, actor.id())
                        .where(is(scope, placement.name()))
                        .execute();
                leave(sql, old.placement(), State.SETTLED);
            });
            Entry after = find(sql, scope, placement.name()).orElseThrow(() -> unknown(scope, placement.name()));
            Subject subject = subject(placement.name(), written);
            Fact fact = before.map(old -> Fact.changed("data.put", subject, json(old), json(after)))
                    .orElseGet(() -> Fact.made("data.put", subject, json(after)));
            return Act.done(after.item(), fact.in(scope.environment()));
        });
    }

    /** What is there under the name, locked; empty when it is new, and then refers to this placement already. */
    private Optional<Entry> lockedOrMade(DSLContext sql, Placement placement, Actor actor) {
        while (true) {
            Optional<Entry> present = locked(sql, placement.scope(), placement.name());
            if (present.isPresent()) {
                return present;
            }
            int made = sql.insertInto(ITEM)
                    .set(ITEM.TENANT_ID, placement.scope().tenant().value())
                    .set(ITEM.ENVIRONMENT, placement.scope().environment().value())
                    .set(ITEM.KIND, placement.name().kind().value())
                    .set(ITEM.ITEM_KEY, placement.name().key())
                    .set(ITEM.PLACEMENT, placement.id())
                    .set(ITEM.STORED_AT, now())
                    .set(ITEM.STORED_BY, actor.id())
                    .onConflictDoNothing()
                    .execute();
            if (made == 1) {
                return Optional.empty();
            }
            // somebody else has just made it, or is about to take it away again
        }
    }

    private void settled(DSLContext sql, Placement placement, Written written) {
        int settled = sql.update(PLACEMENT)
                .set(PLACEMENT.STATE, State.SETTLED.word())
                .set(PLACEMENT.STATE_SINCE, now())
                .set(PLACEMENT.SIZE, written.size())
                .set(PLACEMENT.DIGEST, written.digest().hex())
                .where(is(placement), PLACEMENT.STATE.eq(State.INTENDED.word()))
                .execute();
        if (settled == 0) {
            throw Problem.of(
                            ResidencyProblem.DATA_WRITE_GIVEN_UP,
                            "the write of " + placement.name() + " took so long that it was taken for lost",
                            "Store it again.")
                    .asException();
        }
    }

    /**
     * An item changes over from one placement to the copy of it that a transfer has made.
     *
     * @return false when it has meanwhile other bytes than those that were copied, or the transfer runs no longer: then
     *     nothing was changed
     */
    boolean move(UUID transfer, Entry from, Placement copy, Written written, Actor actor) {
        Scope scope = copy.scope();
        return database.act(scope.tenant(), actor, sql -> {
            tenants.hold(new JooqTransaction(sql), scope.tenant(), scope.environment());
            boolean counted = JooqTransfers.count(sql, scope, transfer, written.size());
            Optional<Entry> now = counted ? locked(sql, scope, copy.name()) : Optional.empty();
            if (now.filter(entry ->
                            entry.placement().id().equals(from.placement().id()))
                    .isEmpty()) {
                // rolls back what was counted
                return Act.unchanged(false);
            }
            settled(sql, copy, written);
            sql.update(ITEM)
                    .set(ITEM.PLACEMENT, copy.id())
                    .where(is(scope, copy.name()))
                    .execute();
            leave(sql, from.placement(), State.SETTLED);
            Entry after = find(sql, scope, copy.name()).orElseThrow(() -> unknown(scope, copy.name()));
            return Act.done(
                    true,
                    Fact.changed("data.move", subject(copy.name(), written), json(from), json(after))
                            .in(scope.environment()));
        });
    }

    /** Removes an item; its bytes begin to leave. */
    void delete(Scope scope, ItemName name, Actor actor) {
        database.act(scope.tenant(), actor, sql -> {
            Entry entry = locked(sql, scope, name).orElseThrow(() -> unknown(scope, name));
            sql.deleteFrom(ITEM).where(is(scope, name)).execute();
            leave(sql, entry.placement(), State.SETTLED);
            return Act.done(
                    true,
                    Fact.removed("data.delete", subject(name, entry.written()), json(entry))
                            .in(scope.environment()));
        });
    }

    /**
     * Gives up a write that did not get as far as {@link #settle}.
     *
     * @return false when it was given up before, and its object came after that: somebody may have looked for it already. It is
     *     noted once more that it has to go
     */
    boolean giveUp(Placement placement) {
        return database.note(placement.scope().tenant(), sql -> {
            if (leave(sql, placement, State.INTENDED) == 1) {
                return true;
            }
            OffsetDateTime now = now();
            int late = insert(sql, placement, State.LEAVING, now)
                    .onConflict(PLACEMENT.TENANT_ID, PLACEMENT.ENVIRONMENT, PLACEMENT.ID)
                    .doUpdate()
                    .set(PLACEMENT.STATE_SINCE, now)
                    .set(PLACEMENT.NOT_BEFORE, now)
                    .where(PLACEMENT.STATE.eq(State.LEAVING.word()))
                    .execute();
            // none when it is settled: whoever was to hear of it has not
            return late == 0;
        });
    }

    private int leave(DSLContext sql, Placement placement, State from) {
        return sql.update(PLACEMENT)
                .set(PLACEMENT.STATE, State.LEAVING.word())
                .set(PLACEMENT.STATE_SINCE, now())
                .set(PLACEMENT.NOT_BEFORE, now())
                .where(is(placement), PLACEMENT.STATE.eq(from.word()))
                .execute();
    }

    Optional<Entry> find(Scope scope, ItemName name) {
        return database.inTenant(scope.tenant(), sql -> find(sql, scope, name));
    }

    /** The items of a scope; one more than the page holds tells that there is a next one. */
    Page<Item> list(Scope scope, @Nullable Kind kind, PageRequest page) {
        Condition start = Cursor.of(LIST, 2, page)
                .<Condition>map(after -> DSL.row(ITEM.KIND, ITEM.ITEM_KEY).gt(after.text(0), after.text(1)))
                .orElseGet(DSL::noCondition);
        List<Item> found = database.inTenant(
                scope.tenant(),
                sql -> entries(sql, scope, start.and(of(kind)), page.limit() + 1).stream()
                        .map(Entry::item)
                        .toList());
        return Cursor.page(
                page,
                found,
                item -> Cursor.at(LIST, item.name().kind(), item.name().key()));
    }

    /** The next item that a transfer is to move: the first that it has not tried yet, else the one that it has tried least. */
    Optional<Next> next(Transfer transfer) {
        Scope scope = transfer.scope();
        Condition there = PLACEMENT
                .INSTANCE
                .eq(transfer.course().source().value())
                .and(of(transfer.course().kind()));
        Condition tried = JooqFailures.of(scope, transfer.id()).and(TRANSFER_FAILURE.PLACEMENT.eq(ITEM.PLACEMENT));
        return database.inTenant(scope.tenant(), sql -> {
            Condition untried =
                    there.andNotExists(DSL.selectOne().from(TRANSFER_FAILURE).where(tried));
            List<Entry> first = entries(sql, scope, untried, 1);
            if (!first.isEmpty()) {
                return Optional.of(new Next(first.getFirst(), false));
            }
            return sql.select()
                    .from(ITEM)
                    .join(PLACEMENT)
                    .on(placementOfItem())
                    .join(TRANSFER_FAILURE)
                    .on(tried)
                    .where(in(scope), there)
                    .orderBy(TRANSFER_FAILURE.FAILURES, ITEM.KIND, ITEM.ITEM_KEY)
                    .limit(1)
                    .fetchOptional(row -> new Next(entry(row), true));
        });
    }

    private static Condition of(@Nullable Kind kind) {
        return kind == null ? DSL.noCondition() : ITEM.KIND.eq(kind.value());
    }

    private static List<Entry> entries(DSLContext sql, Scope scope, Condition wanted, int limit) {
        Result<Record> rows = sql.select()
                .from(ITEM)
                .join(PLACEMENT)
                .on(placementOfItem())
                .where(in(scope), wanted)
                .orderBy(ITEM.KIND, ITEM.ITEM_KEY)
                .limit(limit)
                .fetch();
        return rows.map(JooqLedger::entry);
    }

    private static Optional<Entry> find(DSLContext sql, Scope scope, ItemName name) {
        return sql.select()
                .from(ITEM)
                .join(PLACEMENT)
                .on(placementOfItem())
                .where(is(scope, name))
                .fetchOptional(JooqLedger::entry);
    }

    private static Optional<Entry> locked(DSLContext sql, Scope scope, ItemName name) {
        Optional<UUID> row = sql.select(ITEM.PLACEMENT)
                .from(ITEM)
                .where(is(scope, name))
                .forUpdate()
                .fetchOptional(ITEM.PLACEMENT);
        return row.isEmpty() ? Optional.empty() : find(sql, scope, name);
    }

    /** An item stays in its region, unless somebody moves it to this very instance. */
    private static void requireRegion(DSLContext sql, Scope scope, ItemName name, Region region, InstanceId instance) {
        Optional<Entry> present = find(sql, scope, name);
        if (present.isEmpty() || present.get().item().region().equals(region)) {
            return;
        }
        boolean moved = sql.fetchExists(
                TRANSFER,
                TRANSFER.TENANT_ID.eq(scope.tenant().value()),
                TRANSFER.ENVIRONMENT.eq(scope.environment().value()),
                TRANSFER.STATE.eq("running"),
                TRANSFER.SOURCE.eq(present.get().item().instance().value()),
                TRANSFER.TARGET.eq(instance.value()),
                TRANSFER.KIND.isNull().or(TRANSFER.KIND.eq(name.kind().value())));
        if (!moved) {
            throw Problem.of(
                            ResidencyProblem.DATA_IN_OTHER_REGION,
                            name + " in " + scope + " stays in "
                                    + present.get().item().region() + ", not in " + region,
                            "Store it with its own region, under another key, or move it with a transfer.")
                    .asException();
        }
    }

    /** Writes that somebody began before this time and never ended: they begin to leave. */
    int giveUpBegunBefore(Instant time) {
        return database.noteAsPlatform(sql -> sql.update(PLACEMENT)
                .set(PLACEMENT.STATE, State.LEAVING.word())
                .set(PLACEMENT.STATE_SINCE, now())
                .set(PLACEMENT.NOT_BEFORE, now())
                .where(
                        PLACEMENT.STATE.eq(State.INTENDED.word()),
                        PLACEMENT.STATE_SINCE.lt(time.atOffset(ZoneOffset.UTC)))
                .execute());
    }

    /**
     * Placements whose bytes are to be deleted now, of all tenants.
     *
     * @param places but for those of these instances
     * @param tenants and of these tenants
     * @param ofAnInstance at most so many of one instance
     */
    List<Leaving> leaving(Set<Place> places, Set<TenantId> tenants, int ofAnInstance, int limit) {
        Condition due = PLACEMENT
                .STATE
                .eq(State.LEAVING.word())
                .and(PLACEMENT.NOT_BEFORE.le(now()))
                .and(PLACEMENT.TENANT_ID.notIn(
                        tenants.stream().map(TenantId::value).toList()))
                .and(DSL.row(PLACEMENT.TENANT_ID, PLACEMENT.ENVIRONMENT, PLACEMENT.INSTANCE)
                        .notIn(places.stream().map(JooqLedger::row).toList()));
        Field<Integer> turn = DSL.rowNumber()
                .over(DSL.partitionBy(PLACEMENT.TENANT_ID, PLACEMENT.ENVIRONMENT, PLACEMENT.INSTANCE)
                        .orderBy(PLACEMENT.NOT_BEFORE, PLACEMENT.ID))
                .as("turn");
        return database.asPlatform(sql -> {
            Table<?> turns = sql.select(PLACEMENT.TENANT_ID, PLACEMENT.ENVIRONMENT, PLACEMENT.ID, turn)
                    .from(PLACEMENT)
                    .where(due)
                    .asTable("turns");
            return sql.select(PLACEMENT.asterisk())
                    .from(PLACEMENT)
                    .join(turns)
                    .on(
                            PLACEMENT.TENANT_ID.eq(turns.field(PLACEMENT.TENANT_ID)),
                            PLACEMENT.ENVIRONMENT.eq(turns.field(PLACEMENT.ENVIRONMENT)),
                            PLACEMENT.ID.eq(turns.field(PLACEMENT.ID)))
                    .where(turns.field(turn).le(ofAnInstance))
                    .orderBy(turns.field(turn), PLACEMENT.NOT_BEFORE)
                    .limit(limit)
                    .fetch(JooqLedger::leaving);
        });
    }

    private static Row3<String, String, String> row(Place place) {
        return DSL.row(
                place.scope().tenant().value(),
                place.scope().environment().value(),
                place.instance().value());
    }

    private static Leaving leaving(Record row) {
        return new Leaving(
                placement(row),
                row.get(PLACEMENT.DIGEST) == null
                        ? row.get(PLACEMENT.STATE_SINCE).toInstant()
                        : null);
    }

    /** The bytes are gone. */
    void forget(Placement placement) {
        database.note(
                placement.scope().tenant(),
                sql -> sql.deleteFrom(PLACEMENT)
                        .where(is(placement), PLACEMENT.STATE.eq(State.LEAVING.word()))
                        .execute());
    }

    /** The bytes could not be deleted; they are to be tried again at this time. */
    void postpone(Placement placement, Instant until) {
        database.note(
                placement.scope().tenant(),
                sql -> sql.update(PLACEMENT)
                        .set(PLACEMENT.NOT_BEFORE, until.atOffset(ZoneOffset.UTC))
                        .where(is(placement))
                        .execute());
    }

    static ProblemException unknown(Scope scope, ItemName name) {
        return Problem.of(
                        ResidencyProblem.DATA_UNKNOWN,
                        "there is no item " + name + " in " + scope,
                        "See GET …/data for what there is.")
                .asException();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Condition placementOfItem() {
        return PLACEMENT
                .TENANT_ID
                .eq(ITEM.TENANT_ID)
                .and(PLACEMENT.ENVIRONMENT.eq(ITEM.ENVIRONMENT))
                .and(PLACEMENT.ID.eq(ITEM.PLACEMENT));
    }

    private static Condition in(Scope scope) {
        return ITEM.TENANT_ID
                .eq(scope.tenant().value())
                .and(ITEM.ENVIRONMENT.eq(scope.environment().value()));
    }

    private static Condition is(Scope scope, ItemName name) {
        return in(scope).and(ITEM.KIND.eq(name.kind().value())).and(ITEM.ITEM_KEY.eq(name.key()));
    }

    private static Condition is(Placement placement) {
        return PLACEMENT
                .TENANT_ID
                .eq(placement.scope().tenant().value())
                .and(PLACEMENT.ENVIRONMENT.eq(placement.scope().environment().value()))
                .and(PLACEMENT.ID.eq(placement.id()));
    }

    private static Subject subject(ItemName name, Written written) {
        return new Subject(SUBJECT, name.toString(), written.digest());
    }

    private static Json json(Entry entry) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("region", entry.item().region());
        members.put("instance", entry.item().instance());
        members.put("size", entry.item().size());
        members.put("digest", entry.item().digest());
        return Json.object(members);
    }

    private static Entry entry(Record row) {
        Placement placement = placement(row);
        Written written = new Written(row.get(PLACEMENT.SIZE), new Digest(row.get(PLACEMENT.DIGEST)));
        return new Entry(
                new Item(
                        placement.scope(),
                        placement.name(),
                        placement.region(),
                        placement.instance(),
                        written.size(),
                        written.digest(),
                        placement.contentType(),
                        row.get(ITEM.STORED_AT).toInstant(),
                        row.get(ITEM.STORED_BY)),
                placement,
                written);
    }

    private static Placement placement(Record row) {
        return new Placement(
                Scope.of(row.get(PLACEMENT.TENANT_ID), row.get(PLACEMENT.ENVIRONMENT)),
                row.get(PLACEMENT.ID),
                new ItemName(new Kind(row.get(PLACEMENT.KIND)), row.get(PLACEMENT.ITEM_KEY)),
                new Region(row.get(PLACEMENT.REGION)),
                new InstanceId(row.get(PLACEMENT.INSTANCE)),
                row.get(PLACEMENT.CONTENT_TYPE));
    }
}
