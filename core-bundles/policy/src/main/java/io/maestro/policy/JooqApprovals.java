package io.maestro.policy;

import static io.maestro.policy.tables.policy.tables.Approval.APPROVAL;

import io.maestro.api.policy.Approvals.Request;
import io.maestro.api.policy.Approvals.State;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.policy.tables.policy.tables.records.ApprovalRecord;
import io.maestro.store.Act;
import io.maestro.store.ApprovalUse;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Requests for approvals as rows. */
final class JooqApprovals implements ApprovalUse {
    static final String LIST = "approvals";

    private final Database database;
    private final InstantSource clock;

    JooqApprovals(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A request with what the act has to be like. */
    record Stored(Request request, Digest digest) {}

    /** Keeps a request, unless there is an open one for the same act: then that. */
    Request open(Request wanted, Digest digest, Actor actor) {
        return act(wanted.tenant(), actor, sql -> {
            Condition same = whose(wanted.tenant())
                    .and(APPROVAL.REQUESTED_BY.eq(wanted.requestedBy()))
                    .and(APPROVAL.INPUT_DIGEST.eq(digest.hex()))
                    .and(APPROVAL.STATE.eq(word(State.PENDING)));
            sql.update(APPROVAL)
                    .set(APPROVAL.STATE, word(State.EXPIRED))
                    .where(same.and(APPROVAL.EXPIRES_AT.le(now())))
                    .execute();
            int inserted = sql.insertInto(APPROVAL)
                    .set(row(wanted, digest))
                    .onConflictDoNothing()
                    .execute();
            Request kept = sql.selectFrom(APPROVAL)
                    .where(same)
                    .fetchSingle(row -> stored(row).request());
            return inserted == 0
                    ? Act.unchanged(kept)
                    : Act.done(
                            kept,
                            Fact.made("approval.request", Subject.of("approval", kept.id()), json(kept))
                                    .by(kept.decision().toString()));
        });
    }

    Optional<Stored> find(@Nullable TenantId tenant, UUID id) {
        return look(
                tenant,
                sql -> sql.selectFrom(APPROVAL).where(APPROVAL.ID.eq(id)).fetchOptional(this::stored));
    }

    /** One more than the page holds, the newest first. */
    List<Request> list(
            @Nullable TenantId tenant, @Nullable Environment environment, @Nullable State state, PageRequest page) {
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> APPROVAL.ID.lt(uuid(after)))
                .orElseGet(DSL::noCondition);
        Condition wanted = state == null ? DSL.noCondition() : inState(state);
        Condition whose = (tenant == null ? DSL.noCondition() : whose(tenant))
                .and(environment == null ? DSL.noCondition() : APPROVAL.ENVIRONMENT.eq(environment.value()));
        return look(
                tenant,
                sql -> sql.selectFrom(APPROVAL)
                        .where(start, wanted, whose)
                        .orderBy(APPROVAL.ID.desc())
                        .limit(page.limit() + 1)
                        .fetch(row -> stored(row).request()));
    }

    private static UUID uuid(Cursor cursor) {
        try {
            return UUID.fromString(cursor.text(0));
        } catch (IllegalArgumentException e) {
            // a cursor of somebody's own making: nothing is before it
            return new UUID(0, 0);
        }
    }

    /** Those in a state; an open one past its time counts as expired, whether a row says so or not. */
    private Condition inState(State state) {
        Condition open = APPROVAL.STATE.in(word(State.PENDING), word(State.APPROVED));
        return switch (state) {
            case PENDING, APPROVED -> APPROVAL.STATE.eq(word(state)).and(APPROVAL.EXPIRES_AT.gt(now()));
            case EXPIRED -> APPROVAL.STATE.eq(word(state)).or(open.and(APPROVAL.EXPIRES_AT.le(now())));
            case REJECTED, USED -> APPROVAL.STATE.eq(word(state));
        };
    }

    /**
     * Brings a request from one state to the next.
     *
     * @return empty when it is not in that state, or past its time
     */
    Optional<Request> change(Request request, State from, String action, UnaryOperator<Request> change, Actor actor) {
        return act(request.tenant(), actor, sql -> {
            Optional<Request> before = sql.selectFrom(APPROVAL)
                    .where(APPROVAL.ID.eq(request.id()))
                    .forUpdate()
                    .fetchOptional(row -> stored(row).request())
                    .filter(found -> found.state() == from);
            if (before.isEmpty()) {
                return Act.unchanged(before);
            }
            Request after = change.apply(before.get());
            sql.update(APPROVAL)
                    .set(APPROVAL.STATE, word(after.state()))
                    .set(APPROVAL.DECIDED_BY, after.decidedBy())
                    .set(APPROVAL.DECIDED_AT, at(after.decidedAt()))
                    .set(APPROVAL.COMMENT, after.comment())
                    .set(APPROVAL.EXPIRES_AT, at(after.expiresAt()))
                    .where(APPROVAL.ID.eq(request.id()))
                    .execute();
            return Act.done(
                    Optional.of(after),
                    Fact.changed(action, Subject.of("approval", after.id()), json(before.get()), json(after)));
        });
    }

    /** Uses an approval up in a transaction of its own. */
    void use(@Nullable TenantId tenant, Actor actor) {
        // the actor of the transaction names no approval: it would be used twice
        Actor plain = actor.allowedBy(String.valueOf(actor.decision()), null);
        var _ = act(tenant, plain, sql -> new Act<>(id(actor), use(sql, actor)));
    }

    /**
     * Uses an approval up within an act. Of two acts that try at once, one waits for the other and is refused when that
     * commits; parts of one act have the same decision.
     */
    @Override
    public List<Fact> use(DSLContext sql, Actor actor) {
        UUID id = id(actor);
        UUID decision = UUID.fromString(String.valueOf(actor.decision()));
        ApprovalRecord row = sql.selectFrom(APPROVAL)
                .where(APPROVAL.ID.eq(id))
                .forUpdate()
                .fetchOptional()
                .orElseThrow(() -> Refusals.approvalGone(id, "it is there no more"));
        Request before = stored(row).request();
        if (before.state() == State.USED && decision.equals(row.getUsedBy())) {
            return List.of();
        }
        if (before.state() != State.APPROVED) {
            throw Refusals.approvalGone(id, "meanwhile it is " + word(before.state()) + ", and it holds only once");
        }
        sql.update(APPROVAL)
                .set(APPROVAL.STATE, word(State.USED))
                .set(APPROVAL.USED_BY, decision)
                .where(APPROVAL.ID.eq(id))
                .execute();
        return List.of(
                Fact.changed("approval.use", Subject.of("approval", id), json(before), json(before.in(State.USED))));
    }

    private static UUID id(Actor actor) {
        return UUID.fromString(String.valueOf(actor.approval()));
    }

    private static ApprovalRecord row(Request request, Digest digest) {
        ApprovalRecord row = new ApprovalRecord();
        TenantId tenant = request.tenant();
        Environment environment = request.environment();
        row.setId(request.id());
        row.setTenantId(tenant == null ? null : tenant.value());
        row.setEnvironment(environment == null ? null : environment.value());
        row.setEntryPoint(request.entryPoint().path());
        row.setAction(request.action());
        row.setSubjectType(request.subjectType());
        row.setSubject(request.subject());
        row.setInputDigest(digest.hex());
        row.setInput(request.input().text());
        row.setReasons(ReasonText.write(request.reasons()).text());
        row.setState(word(request.state()));
        row.setRequestedBy(request.requestedBy());
        row.setRequestedAt(at(request.requestedAt()));
        row.setExpiresAt(at(request.expiresAt()));
        row.setDecision(request.decision());
        return row;
    }

    private Stored stored(ApprovalRecord row) {
        State state = State.valueOf(row.getState().toUpperCase(Locale.ROOT));
        Instant expires = row.getExpiresAt().toInstant();
        boolean over = (state == State.PENDING || state == State.APPROVED)
                && !clock.instant().isBefore(expires);
        return new Stored(
                new Request(
                        row.getId(),
                        row.getTenantId() == null ? null : new TenantId(row.getTenantId()),
                        row.getEnvironment() == null ? null : new Environment(row.getEnvironment()),
                        EntryPoint.of(row.getEntryPoint()).orElse(EntryPoint.ACT),
                        row.getAction(),
                        row.getSubjectType(),
                        row.getSubject(),
                        over ? State.EXPIRED : state,
                        ReasonText.reasons(row.getReasons()),
                        new Json(row.getInput()),
                        row.getRequestedBy(),
                        row.getRequestedAt().toInstant(),
                        expires,
                        row.getDecidedBy(),
                        row.getDecidedAt() == null ? null : row.getDecidedAt().toInstant(),
                        row.getComment(),
                        row.getDecision()),
                new Digest(row.getInputDigest()));
    }

    private static Json json(Request request) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("action", request.action());
        members.put("subjectType", request.subjectType());
        members.put("subject", request.subject());
        members.put("state", word(request.state()));
        members.put("requestedBy", request.requestedBy());
        members.put("expiresAt", request.expiresAt());
        members.put("decidedBy", request.decidedBy());
        members.put("comment", request.comment());
        return Json.object(members);
    }

    private <R> R act(@Nullable TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return tenant == null ? database.actAsPlatform(actor, change) : database.act(tenant, actor, change);
    }

    private <R> R look(@Nullable TenantId tenant, Function<DSLContext, R> look) {
        return tenant == null ? database.asPlatform(look) : database.inTenant(tenant, look);
    }

    private static Condition whose(@Nullable TenantId tenant) {
        return tenant == null ? APPROVAL.TENANT_ID.isNull() : APPROVAL.TENANT_ID.eq(tenant.value());
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static @Nullable OffsetDateTime at(@Nullable Instant instant) {
        return instant == null ? null : instant.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static String word(Enum<?> constant) {
        return ReasonText.word(constant);
    }
}
