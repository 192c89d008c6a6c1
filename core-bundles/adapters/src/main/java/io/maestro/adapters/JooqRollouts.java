package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ROLLOUT;
import static io.maestro.adapters.tables.adapters.Tables.ROLLOUT_MEMBER;

import io.maestro.adapters.tables.adapters.tables.records.RolloutMemberRecord;
import io.maestro.adapters.tables.adapters.tables.records.RolloutRecord;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Rollouts.Course;
import io.maestro.api.adapters.Rollouts.Member;
import io.maestro.api.adapters.Rollouts.Place;
import io.maestro.api.adapters.Rollouts.Progress;
import io.maestro.api.adapters.Rollouts.Rollout;
import io.maestro.api.adapters.Rollouts.State;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Rollouts as rows. Who runs one holds its lease; every change of its state is made from the state that it was seen in. */
final class JooqRollouts {
    private static final String LIST = "rollouts";

    /** How many rollouts of an adapter are kept. */
    private static final int KEPT = 200;

    private final Database database;
    private final String node;
    private final InstantSource clock;

    JooqRollouts(Database database, String node, InstantSource clock) {
        this.database = database;
        this.node = node;
        this.clock = clock;
    }

    /**
     * Writes a rollout down that this node runs, or fails with {@link AdapterProblem#ROLLOUT_RUNNING}.
     *
     * @param actor an approval that it names with its decision is used up
     */
    void insert(UUID id, Course course, List<Moves.Decided> members, Duration lease, Actor actor) {
        OffsetDateTime now = now();
        String wanted = RolloutDocuments.text(course);
        database.<Integer>actAsPlatform(actor, sql -> {
            JooqDefinitions.hold(sql, new DefinitionId(course.adapter(), course.version()));
            int inserted = sql.insertInto(ROLLOUT)
                    .set(ROLLOUT.ID, id)
                    .set(ROLLOUT.ADAPTER, course.adapter().value())
                    .set(ROLLOUT.VERSION, course.version().value())
                    .set(ROLLOUT.STATE, text(State.TRYING))
                    .set(ROLLOUT.WANTED, JSON.valueOf(wanted))
                    .set(ROLLOUT.STEP, 1)
                    .set(ROLLOUT.CANCELLED, false)
                    .set(ROLLOUT.ACTOR, actor.id())
                    .set(ROLLOUT.STARTED_AT, now)
                    .set(ROLLOUT.NODE, node)
                    .set(ROLLOUT.LEASED_UNTIL, now.plus(lease))
                    .onConflictDoNothing()
                    .execute();
            if (inserted == 0) {
                throw Problem.of(
                                AdapterProblem.ROLLOUT_RUNNING,
                                "a rollout of " + course.adapter() + " is running",
                                "Wait for its end, or cancel it.")
                        .asException();
            }
            for (Moves.Decided member : members) {
                insert(sql, id, member);
            }
            forgetOldest(sql, course.adapter());
            return Act.done(members.size(), Fact.made("rollout.start", subject(id), new Json(wanted)));
        });
    }

    private static void forgetOldest(DSLContext sql, AdapterName adapter) {
        sql.deleteFrom(ROLLOUT)
                .where(ROLLOUT.ADAPTER.eq(adapter.value()).andNot(unfinished()))
                .and(ROLLOUT.ID.notIn(DSL.select(ROLLOUT.ID)
                        .from(ROLLOUT)
                        .where(ROLLOUT.ADAPTER.eq(adapter.value()))
                        .orderBy(ROLLOUT.STARTED_AT.desc())
                        .limit(KEPT)))
                .execute();
    }

    private static void insert(DSLContext sql, UUID id, Moves.Decided member) {
        InstanceRow row = member.course().row();
        sql.insertInto(ROLLOUT_MEMBER)
                .set(ROLLOUT_MEMBER.TENANT_ID, row.key().scope().tenant().value())
                .set(ROLLOUT_MEMBER.ROLLOUT, id)
                .set(ROLLOUT_MEMBER.ENVIRONMENT, row.key().scope().environment().value())
                .set(ROLLOUT_MEMBER.INSTANCE, row.key().instance().value())
                .set(ROLLOUT_MEMBER.INCARNATION, row.incarnation())
                .set(ROLLOUT_MEMBER.REVISION, row.revision())
                .set(ROLLOUT_MEMBER.FROM_VERSION, row.definition().version().value())
                .set(
                        ROLLOUT_MEMBER.FROM_CONFIGURATION,
                        JSON.valueOf(row.configuration().text()))
                .set(
                        ROLLOUT_MEMBER.TO_CONFIGURATION,
                        JSON.valueOf(member.course().kept().configuration().toString()))
                .set(ROLLOUT_MEMBER.DECISION, member.decision())
                .set(ROLLOUT_MEMBER.STATE, text(Progress.WAITING))
                .execute();
    }

    Optional<Rollout> find(UUID id) {
        return database.<Optional<Rollout>>asPlatform(sql ->
                Optional.ofNullable(sql.fetchOne(ROLLOUT, ROLLOUT.ID.eq(id))).map(row -> rollout(sql, row)));
    }

    Rollout require(UUID id) {
        return find(id).orElseThrow(() -> unknown(id));
    }

    Page<Rollout> page(AdapterName adapter, PageRequest page) {
        Condition start = Cursor.of(LIST, 2, page)
                .<Condition>map(after -> DSL.row(ROLLOUT.STARTED_AT, ROLLOUT.ID)
                        .lt(after.instant(0).atOffset(ZoneOffset.UTC), uuid(after.text(1))))
                .orElseGet(DSL::noCondition);
        List<Rollout> found = database.<List<Rollout>>asPlatform(sql -> sql.selectFrom(ROLLOUT)
                .where(ROLLOUT.ADAPTER.eq(adapter.value()).and(start))
                .orderBy(ROLLOUT.STARTED_AT.desc(), ROLLOUT.ID.desc())
                .limit(page.limit() + 1)
                .fetch(row -> rollout(sql, row)));
        return Cursor.page(page, found, last -> Cursor.at(LIST, last.startedAt(), last.id()));
    }

    private static UUID uuid(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            return new UUID(0, 0);
        }
    }

    /** Rollouts that have not ended and that nobody runs, those included that an earlier life of this node ran. */
    List<UUID> orphans() {
        OffsetDateTime now = now();
        return database.<List<UUID>>asPlatform(sql -> sql.select(ROLLOUT.ID)
                .from(ROLLOUT)
                .where(unfinished())
                .and(ROLLOUT.NODE.eq(node).or(ROLLOUT.LEASED_UNTIL.lt(now)).or(ROLLOUT.LEASED_UNTIL.isNull()))
                .fetch(ROLLOUT.ID));
    }

    /** Takes or renews the lease; false when another node has it. */
    boolean lease(UUID id, Duration length) {
        OffsetDateTime now = now();
        return database.<Integer>noteAsPlatform(sql -> sql.update(ROLLOUT)
                        .set(ROLLOUT.NODE, node)
                        .set(ROLLOUT.LEASED_UNTIL, now.plus(length))
                        .where(ROLLOUT.ID.eq(id))
                        .and(unfinished())
                        .and(ROLLOUT.NODE
                                .eq(node)
                                .or(ROLLOUT.LEASED_UNTIL.lt(now))
                                .or(ROLLOUT.LEASED_UNTIL.isNull()))
                        .execute())
                == 1;
    }

    /** Whether a rollout that has not ended takes instances to this definition. */
    static boolean isWanted(DSLContext sql, DefinitionId id) {
        return sql.fetchExists(
                ROLLOUT,
                ROLLOUT.ADAPTER
                        .eq(id.name().value())
                        .and(ROLLOUT.VERSION.eq(id.version().value()))
                        .and(unfinished()));
    }

    private static Condition unfinished() {
        return ROLLOUT.STATE.in(text(State.TRYING), text(State.COMMITTING));
    }

    boolean cancelled(UUID id) {
        return database.<Boolean>asPlatform(
                sql -> sql.fetchExists(ROLLOUT, ROLLOUT.ID.eq(id).and(ROLLOUT.CANCELLED)));
    }

    /** Notes that its end is wanted. */
    void cancel(UUID id, Actor actor) {
        database.<Integer>actAsPlatform(actor, sql -> {
            int changed = sql.update(ROLLOUT)
                    .set(ROLLOUT.CANCELLED, true)
                    .where(ROLLOUT.ID.eq(id).and(ROLLOUT.STATE.eq(text(State.TRYING))))
                    .execute();
            if (changed == 0) {
                throw find(id).isEmpty() ? unknown(id) : ended(id);
            }
            return Act.done(changed, Fact.changed("rollout.cancel", subject(id), Json.EMPTY_OBJECT, cancelling()));
        });
    }

    private static Json cancelling() {
        return Json.object(Map.of("cancelled", true));
    }

    /** Shows how the versions do while they are tried. */
    void seen(UUID id, Json seen) {
        database.<Integer>noteAsPlatform(sql -> sql.update(ROLLOUT)
                .set(ROLLOUT.SEEN, JSON.valueOf(seen.text()))
                .where(mine(id, State.TRYING))
                .execute());
    }

    void step(UUID id, int step) {
        database.<Integer>noteAsPlatform(sql -> sql.update(ROLLOUT)
                .set(ROLLOUT.STEP, step)
                .where(ROLLOUT.ID.eq(id))
                .execute());
    }

    /** Notes how far a member is; one that has moved stays one that has, however late that shows. */
    void progress(UUID id, InstanceKey key, Progress progress, @Nullable Problem problem) {
        database.<Integer>noteAsPlatform(
                sql -> progress(sql, id, key, progress, problem, ROLLOUT_MEMBER.STATE.ne(text(Progress.MOVED))));
    }

    /** Notes that a member has moved, within the act that moves the instance. */
    static int moved(DSLContext sql, UUID id, InstanceKey key) {
        return progress(sql, id, key, Progress.MOVED, null, DSL.noCondition());
    }

    private static int progress(
            DSLContext sql,
            UUID id,
            InstanceKey key,
            Progress progress,
            @Nullable Problem problem,
            Condition condition) {
        return sql.update(ROLLOUT_MEMBER)
                .set(ROLLOUT_MEMBER.STATE, text(progress))
                .set(ROLLOUT_MEMBER.PROBLEM, problem == null ? null : JSON.valueOf(Documents.text(problem)))
                .where(ROLLOUT_MEMBER.TENANT_ID.eq(key.scope().tenant().value()))
                .and(ROLLOUT_MEMBER.ROLLOUT.eq(id))
                .and(ROLLOUT_MEMBER.ENVIRONMENT.eq(key.scope().environment().value()))
                .and(ROLLOUT_MEMBER.INSTANCE.eq(key.instance().value()))
                .and(condition)
                .execute();
    }

    /** The instance is being deleted. */
    static void forget(DSLContext sql, InstanceKey key) {
        sql.deleteFrom(ROLLOUT_MEMBER)
                .where(ROLLOUT_MEMBER.TENANT_ID.eq(key.scope().tenant().value()))
                .and(ROLLOUT_MEMBER.ENVIRONMENT.eq(key.scope().environment().value()))
                .and(ROLLOUT_MEMBER.INSTANCE.eq(key.instance().value()))
                .execute();
    }

    /**
     * The point of no return: false when it is not this node's any more, or somebody wants it to end.
     *
     * @param wanted whether it is still to be so, asked last of all
     */
    boolean decide(UUID id, Actor actor, BooleanSupplier wanted) {
        return database.<Integer>actAsPlatform(actor, sql -> {
                    int changed = sql.update(ROLLOUT)
                            .set(ROLLOUT.STATE, text(State.COMMITTING))
                            .where(mine(id, State.TRYING))
                            .and(ROLLOUT.CANCELLED.isFalse())
                            .execute();
                    return changed == 0 || !wanted.getAsBoolean()
                            ? Act.unchanged(0)
                            : Act.done(1, changed(id, State.TRYING, State.COMMITTING));
                })
                == 1;
    }

    /** Ends it, when it is still this node's and in this state; and as if nothing had been, only while no member has moved. */
    boolean end(UUID id, State from, State to, @Nullable Json report, @Nullable Problem problem, Actor actor) {
        return database.<Integer>actAsPlatform(actor, sql -> {
                    int changed = sql.update(ROLLOUT)
                            .set(ROLLOUT.STATE, text(to))
                            .set(ROLLOUT.REPORT, report == null ? null : JSON.valueOf(report.text()))
                            .set(ROLLOUT.PROBLEM, problem == null ? null : JSON.valueOf(Documents.text(problem)))
                            .set(ROLLOUT.ENDED_AT, now())
                            .where(mine(id, from))
                            .execute();
                    if (changed == 0 || (to != State.DONE && hasMoved(sql, id))) {
                        return Act.unchanged(0);
                    }
                    if (to != State.DONE) {
                        sql.update(ROLLOUT_MEMBER)
                                .set(ROLLOUT_MEMBER.STATE, text(Progress.BACK))
                                .where(ROLLOUT_MEMBER.ROLLOUT.eq(id))
                                .execute();
                    }
                    return Act.done(1, changed(id, from, to));
                })
                == 1;
    }

    /** Whether a member has moved; none does any more until the transaction ends. */
    private static boolean hasMoved(DSLContext sql, UUID id) {
        return sql.select(ROLLOUT_MEMBER.STATE)
                .from(ROLLOUT_MEMBER)
                .where(ROLLOUT_MEMBER.ROLLOUT.eq(id))
                .forUpdate()
                .fetch(ROLLOUT_MEMBER.STATE)
                .contains(text(Progress.MOVED));
    }

    private Condition mine(UUID id, State state) {
        return ROLLOUT.ID.eq(id).and(ROLLOUT.NODE.eq(node)).and(ROLLOUT.STATE.eq(text(state)));
    }

    private static Fact changed(UUID id, State from, State to) {
        return Fact.changed(
                "rollout." + text(to),
                subject(id),
                Json.object(Map.of("state", text(from))),
                Json.object(Map.of("state", text(to))));
    }

    private static Subject subject(UUID id) {
        return Subject.of("rollout", id);
    }

    /**
     * What was decided about a member as the rollout began.
     *
     * @param incarnation of the instance then
     * @param revision of the instance then
     * @param configuration that it is to have
     * @param decision the policy's; null when none is known
     */
    record Agreed(
            long incarnation,
            long revision,
            Json configuration,
            @Nullable String decision) {
        /** Whether this is the instance that was decided about, and nobody has changed it since. */
        boolean holdsFor(InstanceRow row) {
            return row.incarnation() == incarnation && row.revision() == revision;
        }
    }

    /** What was decided about its members. */
    Map<InstanceKey, Agreed> agreed(UUID id) {
        return database.<Map<InstanceKey, Agreed>>asPlatform(sql -> sql.selectFrom(ROLLOUT_MEMBER)
                .where(ROLLOUT_MEMBER.ROLLOUT.eq(id))
                .fetchMap(
                        JooqRollouts::key,
                        row -> new Agreed(
                                row.getIncarnation(),
                                row.getRevision(),
                                new Json(row.getToConfiguration().data()),
                                row.getDecision())));
    }

    private static Rollout rollout(DSLContext sql, RolloutRecord row) {
        List<Member> members = sql.selectFrom(ROLLOUT_MEMBER)
                .where(ROLLOUT_MEMBER.ROLLOUT.eq(row.getId()))
                .orderBy(ROLLOUT_MEMBER.TENANT_ID, ROLLOUT_MEMBER.ENVIRONMENT, ROLLOUT_MEMBER.INSTANCE)
                .fetch(JooqRollouts::member);
        OffsetDateTime ended = row.getEndedAt();
        JSON seen = row.getSeen();
        JSON report = row.getReport();
        JSON problem = row.getProblem();
        return new Rollout(
                row.getId(),
                RolloutDocuments.course(
                        new AdapterName(row.getAdapter()),
                        new AdapterVersion(row.getVersion()),
                        row.getWanted().data()),
                State.valueOf(enumerated(row.getState())),
                row.getStep(),
                members,
                seen == null ? null : new Json(seen.data()),
                report == null ? null : new Json(report.data()),
                problem == null ? null : Documents.problem(problem.data()),
                row.getActor(),
                row.getStartedAt().toInstant(),
                ended == null ? null : ended.toInstant());
    }

    private static Member member(RolloutMemberRecord row) {
        JSON problem = row.getProblem();
        InstanceKey key = key(row);
        return new Member(
                new Place(key.scope(), key.instance()),
                new AdapterVersion(row.getFromVersion()),
                Progress.valueOf(enumerated(row.getState())),
                problem == null ? null : Documents.problem(problem.data()));
    }

    private static InstanceKey key(RolloutMemberRecord row) {
        return new InstanceKey(Scope.of(row.getTenantId(), row.getEnvironment()), new InstanceId(row.getInstance()));
    }

    private static String text(Enum<?> word) {
        return word.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String enumerated(String text) {
        return text.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static ProblemException unknown(UUID id) {
        return Problem.of(
                        AdapterProblem.ROLLOUT_UNKNOWN,
                        "there is no rollout " + id,
                        "List the rollouts of the adapter.")
                .asException();
    }

    private static ProblemException ended(UUID id) {
        return Problem.of(
                        AdapterProblem.ROLLOUT_ENDED,
                        "the rollout " + id + " has ended, or its versions are being written down",
                        "Roll instances back one by one if they should not have moved.")
                .asException();
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
