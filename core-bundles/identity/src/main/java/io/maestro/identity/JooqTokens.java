package io.maestro.identity;

import static io.maestro.identity.tables.identity.Tables.TOKEN;

import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.Token;
import io.maestro.api.tenancy.Tenants;
import io.maestro.identity.tables.identity.tables.records.TokenRecord;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Tokens as rows. */
final class JooqTokens implements Holder.Rows {
    /** Names the lock under which the first token is made, among the advisory locks of the database. */
    private static final long BOOTSTRAP_LOCK = 0x6d61657374726f01L;

    private final Database database;
    private final InstantSource clock;

    JooqTokens(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    void insert(StoredToken token, Tenants tenants, Actor actor) {
        TenantId tenant = token.token().tenant();
        act(tenant, actor, sql -> {
            if (tenant != null) {
                tenants.hold(new JooqTransaction(sql), tenant, token.token().environment());
            }
            return Act.done(insert(sql, token, actor.id()), made(token.token()));
        });
    }

    Page<Token> list(@Nullable TenantId tenant, PageRequest page) {
        Optional<Cursor> start = Cursor.of("tokens", 2, page);
        Condition older = start.map(
                        after -> DSL.row(TOKEN.CREATED_AT, TOKEN.ID).lt(DSL.row(at(after.instant(0)), after.text(1))))
                .orElseGet(DSL::noCondition);
        List<Token> found = scoped(
                tenant,
                sql -> sql.selectFrom(TOKEN)
                        .where(of(tenant), older)
                        .orderBy(TOKEN.CREATED_AT.desc(), TOKEN.ID.desc())
                        .limit(page.limit() + 1)
                        .fetch(row -> stored(row).token()));
        return Cursor.page(page, found, token -> Cursor.at("tokens", token.createdAt(), token.id()));
    }

    /** Ends a token; one that has ended stays as it is. */
    void revoke(@Nullable TenantId tenant, String id, @Nullable Long revision, Actor actor) {
        act(tenant, actor, sql -> {
            Token before = locked(sql, tenant, id).token();
            if (before.revokedAt() != null) {
                return Act.unchanged(0);
            }
            Revision.check(revision, before.revision());
            return Act.done(
                    revoke(sql, TOKEN.ID.eq(id)), Fact.removed("token.revoke", Subject.of("token", id), json(before)));
        });
    }

    /**
     * Gives a token that has not ended another bearer.
     *
     * @param formerUntil until when the bearer that it has now is good
     */
    Token rotate(
            @Nullable TenantId tenant,
            String id,
            String hash,
            Instant formerUntil,
            @Nullable Long revision,
            Predicate<Token> allowed,
            Actor actor) {
        return act(tenant, actor, sql -> {
            StoredToken stored = locked(sql, tenant, id);
            Token before = stored.token();
            if (!stored.goodAt(stored.hash(), clock.instant()) || !allowed.test(before)) {
                throw unknown();
            }
            Revision.check(revision, before.revision());
            sql.update(TOKEN)
                    .set(TOKEN.HASH, hash)
                    .set(TOKEN.CREATED_BY, JooqMakers.holder(sql, id, maker(sql, id), actor.id()))
                    .set(TOKEN.FORMER_HASH, stored.hash())
                    .set(TOKEN.FORMER_UNTIL, at(formerUntil))
                    .set(TOKEN.REVISION, before.revision() + 1)
                    .where(TOKEN.ID.eq(id))
                    .execute();
            Token after = locked(sql, tenant, id).token();
            return Act.done(after, Fact.changed("token.rotate", Subject.of("token", id), json(before), json(after)));
        });
    }

    private static String maker(DSLContext sql, String id) {
        return sql.select(TOKEN.CREATED_BY).from(TOKEN).where(TOKEN.ID.eq(id)).fetchSingle(TOKEN.CREATED_BY);
    }

    /** Whether somebody else has a token of this id; for the record of who reached for it. */
    boolean existsBeyond(TenantId tenant, String id) {
        return wellFormed(id)
                && database.asPlatform(
                        sql -> sql.fetchExists(TOKEN, TOKEN.ID.eq(id), TOKEN.TENANT_ID.isDistinctFrom(tenant.value())));
    }

    private static StoredToken locked(DSLContext sql, @Nullable TenantId tenant, String id) {
        if (!wellFormed(id)) {
            throw unknown();
        }
        return sql.selectFrom(TOKEN)
                .where(TOKEN.ID.eq(id), of(tenant))
                .forUpdate()
                .fetchOptional(JooqTokens::stored)
                .orElseThrow(JooqTokens::unknown);
    }

    /** PostgreSQL would choke on a zero, and the caller would take that for our fault. */
    private static boolean wellFormed(String id) {
        return id.indexOf('\0') < 0;
    }

    static ProblemException unknown() {
        return Problem.of(
                        IdentityProblem.TOKEN_UNKNOWN,
                        "there is no such token here",
                        "List the tokens of this tenant, or of the installation.")
                .asException();
    }

    @Override
    public Optional<StoredToken> find(String id) {
        return database.asPlatform(
                sql -> Optional.ofNullable(sql.fetchOne(TOKEN, TOKEN.ID.eq(id))).map(JooqTokens::stored));
    }

    @Override
    public void noteUses(Map<String, Instant> uses) {
        database.noteAsPlatform(sql -> sql.batch(uses.entrySet().stream()
                        .map(use -> sql.update(TOKEN)
                                .set(TOKEN.LAST_USED_AT, at(use.getValue()))
                                .where(TOKEN.ID.eq(use.getKey()))
                                .and(TOKEN.LAST_USED_AT.isNull().or(TOKEN.LAST_USED_AT.lt(at(use.getValue())))))
                        .toList())
                .execute());
    }

    /**
     * Whether no platform admin can get in. A token that this creator made and nobody used does not count, unless it is
     * the one that is known.
     *
     * @param known the hash of the token that somebody can still know; empty for none
     */
    boolean lacksPlatformAdmin(String creator, String known) {
        return database.asPlatform(sql -> lacksPlatformAdmin(sql, creator, known));
    }

    /**
     * Makes the first token, one node at a time; does nothing when another node was faster.
     *
     * @param beforeCommit told the token before anybody could use it; when it fails, there is none
     */
    void insertFirst(StoredToken token, String creator, String known, Runnable beforeCommit) {
        database.actAsPlatform(Actor.system("bootstrap"), sql -> {
            sql.execute("select pg_advisory_xact_lock(" + BOOTSTRAP_LOCK + ")");
            if (!lacksPlatformAdmin(sql, creator, known)) {
                return Act.unchanged(false);
            }
            revoke(sql, usablePlatformAdmin().and(lostOf(creator, known)));
            insert(sql, token, creator);
            beforeCommit.run();
            return Act.done(true, made(token.token()));
        });
    }

    private boolean lacksPlatformAdmin(DSLContext sql, String creator, String known) {
        return !sql.fetchExists(TOKEN, usablePlatformAdmin().andNot(lostOf(creator, known)));
    }

    private Condition usablePlatformAdmin() {
        return DSL.val(Role.PLATFORM_ADMIN.name())
                .eq(DSL.any(TOKEN.ROLES))
                .and(TOKEN.REVOKED_AT.isNull())
                .and(TOKEN.EXPIRES_AT.gt(at(clock.instant())));
    }

    private static Condition lostOf(String creator, String known) {
        return TOKEN.CREATED_BY.eq(creator).and(TOKEN.LAST_USED_AT.isNull()).and(TOKEN.HASH.ne(known));
    }

    private int revoke(DSLContext sql, Condition which) {
        return sql.update(TOKEN)
                .set(TOKEN.REVOKED_AT, DSL.coalesce(TOKEN.REVOKED_AT, at(clock.instant())))
                .set(TOKEN.REVISION, TOKEN.REVISION.plus(1))
                .where(which)
                .execute();
    }

    private static int insert(DSLContext sql, StoredToken stored, String creator) {
        Token token = stored.token();
        TenantId tenant = token.tenant();
        Environment environment = token.environment();
        return sql.insertInto(TOKEN)
                .set(TOKEN.ID, token.id())
                .set(TOKEN.TENANT_ID, tenant == null ? null : tenant.value())
                .set(TOKEN.ENVIRONMENT, environment == null ? null : environment.value())
                .set(TOKEN.NAME, token.name())
                .set(TOKEN.ROLES, token.roles().stream().map(Role::name).toArray(String[]::new))
                .set(TOKEN.HASH, stored.hash())
                .set(TOKEN.CREATED_AT, at(token.createdAt()))
                .set(TOKEN.CREATED_BY, creator)
                .set(TOKEN.EXPIRES_AT, at(token.expiresAt()))
                .execute();
    }

    private <R> R act(@Nullable TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return tenant == null ? database.actAsPlatform(actor, change) : database.act(tenant, actor, change);
    }

    private static Fact made(Token token) {
        return Fact.made("token.create", Subject.of("token", token.id()), json(token));
    }

    private static Json json(Token token) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("name", token.name());
        members.put("roles", token.roles());
        members.put("environment", token.environment());
        members.put("expiresAt", token.expiresAt());
        members.put("formerUntil", token.formerUntil());
        members.put("revision", token.revision());
        return Json.object(members);
    }

    private <R> R scoped(@Nullable TenantId tenant, Function<DSLContext, R> work) {
        return tenant == null ? database.asPlatform(work) : database.inTenant(tenant, work);
    }

    private static Condition of(@Nullable TenantId tenant) {
        return tenant == null ? TOKEN.TENANT_ID.isNull() : TOKEN.TENANT_ID.eq(tenant.value());
    }

    private static StoredToken stored(TokenRecord row) {
        String tenant = row.getTenantId();
        String environment = row.getEnvironment();
        Token token = new Token(
                row.getId(),
                row.getName(),
                Arrays.stream(row.getRoles()).map(Role::valueOf).collect(Collectors.toSet()),
                tenant == null ? null : new TenantId(tenant),
                environment == null ? null : new Environment(environment),
                row.getCreatedAt().toInstant(),
                row.getExpiresAt().toInstant(),
                instant(row.getLastUsedAt()),
                instant(row.getRevokedAt()),
                instant(row.getFormerUntil()),
                row.getRevision());
        return new StoredToken(token, row.getHash(), row.getFormerHash());
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
