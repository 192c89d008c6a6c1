package io.maestro.identity;

import static io.maestro.identity.tables.identity.Tables.TOKEN;

import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.Token;
import io.maestro.identity.tables.identity.tables.records.TokenRecord;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Tokens as rows. */
final class JooqTokens {
    /** Names the lock under which the first token is made, among the advisory locks of the database. */
    private static final long BOOTSTRAP_LOCK = 0x6d61657374726f01L;

    private final Database database;
    private final InstantSource clock;

    JooqTokens(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    void insert(StoredToken token, String creator) {
        scoped(token.token().tenant(), sql -> insert(sql, token, creator));
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
    void revoke(@Nullable TenantId tenant, String id) {
        // PostgreSQL would choke on a text with a zero, and the caller would take that for our fault
        int ended = id.indexOf('\0') >= 0
                ? 0
                : scoped(tenant, sql -> revoke(sql, TOKEN.ID.eq(id).and(of(tenant))));
        if (ended == 0) {
            throw Problem.of(
                            IdentityProblem.TOKEN_UNKNOWN,
                            "there is no such token here",
                            "List the tokens of this tenant, or of the installation.")
                    .asException();
        }
    }

    /** Whoever asks is not known yet, so this is the installation's own question. */
    Optional<StoredToken> find(String id) {
        return database.asPlatform(
                sql -> Optional.ofNullable(sql.fetchOne(TOKEN, TOKEN.ID.eq(id))).map(JooqTokens::stored));
    }

    void noteUses(Map<String, Instant> uses) {
        database.asPlatform(sql -> sql.batch(uses.entrySet().stream()
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
        database.asPlatform(sql -> {
            sql.execute("select pg_advisory_xact_lock(" + BOOTSTRAP_LOCK + ")");
            if (lacksPlatformAdmin(sql, creator, known)) {
                revoke(sql, usablePlatformAdmin().and(lostOf(creator, known)));
                insert(sql, token, creator);
                beforeCommit.run();
            }
            return true;
        });
    }

    private boolean lacksPlatformAdmin(DSLContext sql, String creator, String known) {
        return !sql.fetchExists(TOKEN, usablePlatformAdmin().andNot(lostOf(creator, known)));
    }

    private Condition usablePlatformAdmin() {
        return TOKEN.ROLE
                .eq(Role.PLATFORM_ADMIN.name())
                .and(TOKEN.REVOKED_AT.isNull())
                .and(TOKEN.EXPIRES_AT.gt(at(clock.instant())));
    }

    private static Condition lostOf(String creator, String known) {
        return TOKEN.CREATED_BY.eq(creator).and(TOKEN.LAST_USED_AT.isNull()).and(TOKEN.HASH.ne(known));
    }

    private int revoke(DSLContext sql, Condition which) {
        return sql.update(TOKEN)
                .set(TOKEN.REVOKED_AT, DSL.coalesce(TOKEN.REVOKED_AT, at(clock.instant())))
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
                .set(TOKEN.ROLE, token.role().name())
                .set(TOKEN.HASH, stored.hash())
                .set(TOKEN.CREATED_AT, at(token.createdAt()))
                .set(TOKEN.CREATED_BY, creator)
                .set(TOKEN.EXPIRES_AT, at(token.expiresAt()))
                .execute();
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
                Role.valueOf(row.getRole()),
                tenant == null ? null : new TenantId(tenant),
                environment == null ? null : new Environment(environment),
                row.getCreatedAt().toInstant(),
                row.getExpiresAt().toInstant(),
                instant(row.getLastUsedAt()),
                instant(row.getRevokedAt()));
        return new StoredToken(token, row.getHash());
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
