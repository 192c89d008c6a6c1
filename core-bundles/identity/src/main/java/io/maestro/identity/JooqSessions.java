package io.maestro.identity;

import static io.maestro.identity.tables.identity.Tables.LOGIN_KEY;
import static io.maestro.identity.tables.identity.Tables.PROVIDER;
import static io.maestro.identity.tables.identity.Tables.SESSION;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Sessions.Session;
import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.tenancy.Tenants;
import io.maestro.identity.tables.identity.tables.records.SessionRecord;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Sessions as rows. */
final class JooqSessions implements Holder.Rows {
    /** So many at most of one person; a further one ends the oldest. */
    static final int MOST = 10;

    private static final Duration REMEMBERED = Duration.ofDays(30);
    private static final int FORGOTTEN_AT_ONCE = 100;
    private static final String LOGIN_KEY_PURPOSE = "logins";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;
    private final ProviderIndex index;
    private final Vouching vouching;
    private final Tenants tenants;
    private final InstantSource clock;

    JooqSessions(Database database, ProviderIndex index, Vouching vouching, Tenants tenants, InstantSource clock) {
        this.database = database;
        this.index = index;
        this.vouching = vouching;
        this.tenants = tenants;
        this.clock = clock;
    }

    /**
     * The key that seals logins: the same on all nodes, made by the first. It is kept sealed by the master key, and sealed
     * anew at each start, so that it outlives a change of that. One that cannot be opened is replaced: then the logins under
     * way begin again.
     */
    byte[] loginKey(PlatformSeal seal, RandomGenerator random) {
        byte[] before = database.asPlatform(sql -> sealedLoginKey(sql));
        byte[] key = before == null
                ? fresh(random)
                : seal.open(LOGIN_KEY_PURPOSE, before).orElseGet(() -> fresh(random));
        byte[] sealed = seal.seal(LOGIN_KEY_PURPOSE, key);
        byte[] present = database.noteAsPlatform(sql -> {
            sql.insertInto(LOGIN_KEY)
                    .set(LOGIN_KEY.ID, 1)
                    .set(LOGIN_KEY.SEALED, sealed)
                    .set(LOGIN_KEY.CREATED_AT, at(clock.instant()))
                    .onConflict(LOGIN_KEY.ID)
                    .doUpdate()
                    .set(LOGIN_KEY.SEALED, sealed)
                    .where(LOGIN_KEY.SEALED.isNotDistinctFrom(before))
                    .execute();
            return sealedLoginKey(sql);
        });
        if (present == null || Arrays.equals(present, sealed)) {
            return key;
        }
        // another node was faster, and its key is the one
        return seal.open(LOGIN_KEY_PURPOSE, present)
                .orElseThrow(() -> new IllegalStateException(
                        "another node has sealed the login key by a master key that this node has not"));
    }

    private static byte @Nullable [] sealedLoginKey(DSLContext sql) {
        return sql.select(LOGIN_KEY.SEALED)
                .from(LOGIN_KEY)
                .where(LOGIN_KEY.ID.eq(1))
                .fetchOne(LOGIN_KEY.SEALED);
    }

    private static byte[] fresh(RandomGenerator random) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return key;
    }

    /**
     * Begins a session; when the person has too many, their oldest end.
     *
     * @param provider as it was when it vouched for them
     * @return whether it is that still: whoever changes it ends the sessions that there are, and has to find this one
     */
    boolean insert(
            Session session,
            IdentityProvider provider,
            Map<String, List<String>> attributes,
            String hash,
            Actor actor) {
        TenantId tenant = session.tenant();
        return act(tenant, actor, sql -> {
            if (tenant != null) {
                tenants.hold(new JooqTransaction(sql), tenant, null);
            }
            if (!holds(sql, provider)) {
                return Act.unchanged(false);
            }
            List<Fact> facts = new ArrayList<>();
            for (Session old : oldest(sql, session)) {
                end(sql, old.id());
                facts.add(Fact.removed("session.end", Subject.of("session", old.id()), json(old)));
            }
            sql.insertInto(SESSION)
                    .set(SESSION.ID, session.id())
                    .set(SESSION.TENANT_ID, tenant == null ? null : tenant.value())
                    .set(SESSION.PROVIDER_ID, provider.id())
                    .set(SESSION.PROVIDER, session.provider().value())
                    .set(SESSION.PRINCIPAL, session.principal())
                    .set(SESSION.NAME, session.name())
                    .set(
                            SESSION.GRANTED,
                            session.roles().stream().map(Role::name).toArray(String[]::new))
                    .set(SESSION.ATTRIBUTES, Json.object(attributes).text())
                    .set(SESSION.HASH, hash)
                    .set(SESSION.CREATED_AT, at(session.createdAt()))
                    .set(SESSION.LAST_USED_AT, at(session.lastUsedAt()))
                    .set(SESSION.EXPIRES_AT, at(session.expiresAt()))
                    .execute();
            forget(sql);
            facts.add(Fact.made("session.begin", Subject.of("session", session.id()), json(session)));
            return new Act<>(true, facts);
        });
    }

    /** Keeps the provider as it is until the act ends, when it is still that. */
    private static boolean holds(DSLContext sql, IdentityProvider provider) {
        return sql.select(PROVIDER.ID)
                        .from(PROVIDER)
                        .where(
                                PROVIDER.ID.eq(provider.id()),
                                PROVIDER.REVISION.eq(provider.revision()),
                                PROVIDER.ENABLED.isTrue())
                        .forShare()
                        .fetchOne()
                != null;
    }

    /** The running sessions of a person that have to make room for another. */
    private List<Session> oldest(DSLContext sql, Session of) {
        return sql.selectFrom(SESSION)
                .where(of(of.tenant()), running(), SESSION.PRINCIPAL.eq(of.principal()))
                .orderBy(SESSION.CREATED_AT.desc(), SESSION.ID.desc())
                .offset(MOST - 1)
                .fetch(JooqSessions::session);
    }

    /** What ended long ago; a few with each new one, so that they never pile up. */
    private void forget(DSLContext sql) {
        sql.deleteFrom(SESSION)
                .where(SESSION.ID.in(DSL.select(SESSION.ID)
                        .from(SESSION)
                        .where(SESSION.EXPIRES_AT.lt(at(clock.instant().minus(REMEMBERED))))
                        .limit(FORGOTTEN_AT_ONCE)))
                .execute();
    }

    /** Ends a running session. */
    void end(@Nullable TenantId tenant, String id, Actor actor) {
        act(tenant, actor, sql -> {
            if (id.indexOf('\0') >= 0) {
                throw unknown();
            }
            Session before = sql.selectFrom(SESSION)
                    .where(SESSION.ID.eq(id), of(tenant), running())
                    .forUpdate()
                    .fetchOptional(JooqSessions::session)
                    .orElseThrow(JooqSessions::unknown);
            end(sql, id);
            return Act.done(id, Fact.removed("session.end", Subject.of("session", id), json(before)));
        });
    }

    /**
     * Ends the running sessions of all people of a provider.
     *
     * @return what is to be told of it
     */
    static List<Fact> endAllOf(DSLContext sql, String providerId, Instant now) {
        return sql
                .update(SESSION)
                .set(SESSION.ENDED_AT, at(now))
                .where(SESSION.PROVIDER_ID.eq(providerId), SESSION.ENDED_AT.isNull(), SESSION.EXPIRES_AT.gt(at(now)))
                .returning()
                .fetch(JooqSessions::session)
                .stream()
                .map(ended -> Fact.removed("session.end", Subject.of("session", ended.id()), json(ended)))
                .toList();
    }

    /** Whether somebody else has a session of this id; for the record of who reached for it. */
    boolean existsBeyond(TenantId tenant, String id) {
        return id.indexOf('\0') < 0
                && database.asPlatform(sql ->
                        sql.fetchExists(SESSION, SESSION.ID.eq(id), SESSION.TENANT_ID.isDistinctFrom(tenant.value())));
    }

    Page<Session> list(@Nullable TenantId tenant, PageRequest page) {
        Condition older = Cursor.of("sessions", 2, page)
                .map(after -> DSL.row(SESSION.CREATED_AT, SESSION.ID).lt(DSL.row(at(after.instant(0)), after.text(1))))
                .map(Condition.class::cast)
                .orElseGet(DSL::noCondition);
        List<Session> found = scoped(
                tenant,
                sql -> sql.selectFrom(SESSION)
                        .where(of(tenant), older, running())
                        .orderBy(SESSION.CREATED_AT.desc(), SESSION.ID.desc())
                        .limit(page.limit() + 1)
                        .fetch(JooqSessions::session));
        return Cursor.page(page, found, session -> Cursor.at("sessions", session.createdAt(), session.id()));
    }

    /** With what its provider and its tenant say as of now; a session whose provider is gone or disabled is none. */
    @Override
    public Optional<StoredSession> find(String id) {
        return Optional.ofNullable(database.asPlatform(sql -> sql.fetchOne(SESSION, SESSION.ID.eq(id))))
                .flatMap(row -> index.byId(row.getProviderId())
                        .filter(desk -> desk.provider().settings().enabled())
                        .map(desk -> {
                            Session session = session(row);
                            Set<String> words = session.roles().stream()
                                    .map(role -> role.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.toSet());
                            return new StoredSession(
                                    session,
                                    vouching.principal(
                                            session.tenant(),
                                            session.principal(),
                                            session.name(),
                                            Vouching.granted(desk.provider(), words),
                                            attributes(row.getAttributes()),
                                            session.expiresAt()),
                                    row.getHash(),
                                    instant(row.getEndedAt()));
                        }));
    }

    @Override
    public void noteUses(Map<String, Instant> uses) {
        database.noteAsPlatform(sql -> sql.batch(uses.entrySet().stream()
                        .map(use -> sql.update(SESSION)
                                .set(SESSION.LAST_USED_AT, at(use.getValue()))
                                .where(SESSION.ID.eq(use.getKey()))
                                .and(SESSION.LAST_USED_AT.lt(at(use.getValue()))))
                        .toList())
                .execute());
    }

    static ProblemException unknown() {
        return Problem.of(
                        IdentityProblem.SESSION_UNKNOWN,
                        "there is no such running session here",
                        "List the sessions of this tenant, or log in.")
                .asException();
    }

    private Condition running() {
        OffsetDateTime now = at(clock.instant());
        return SESSION.ENDED_AT
                .isNull()
                .and(SESSION.EXPIRES_AT.gt(now))
                .and(SESSION.LAST_USED_AT.gt(at(clock.instant().minus(StoredSession.IDLE))));
    }

    private void end(DSLContext sql, String id) {
        sql.update(SESSION)
                .set(SESSION.ENDED_AT, at(clock.instant()))
                .where(SESSION.ID.eq(id))
                .execute();
    }

    private static Session session(SessionRecord row) {
        String tenant = row.getTenantId();
        return new Session(
                row.getId(),
                tenant == null ? null : new TenantId(tenant),
                new ProviderName(row.getProvider()),
                row.getPrincipal(),
                row.getName(),
                Arrays.stream(row.getGranted()).map(Role::valueOf).collect(Collectors.toSet()),
                row.getCreatedAt().toInstant(),
                row.getLastUsedAt().toInstant(),
                row.getExpiresAt().toInstant());
    }

    private static Map<String, List<String>> attributes(String json) {
        try {
            return JSON.readValue(json, new TypeReference<Map<String, List<String>>>() {});
        } catch (IOException e) {
            throw new IllegalStateException("a session's attributes are malformed", e);
        }
    }

    private static Json json(Session session) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("principal", session.principal());
        members.put("provider", session.provider());
        members.put("roles", session.roles());
        members.put("expiresAt", session.expiresAt());
        return Json.object(members);
    }

    private <R> R act(@Nullable TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return tenant == null ? database.actAsPlatform(actor, change) : database.act(tenant, actor, change);
    }

    private <R> R scoped(@Nullable TenantId tenant, Function<DSLContext, R> work) {
        return tenant == null ? database.asPlatform(work) : database.inTenant(tenant, work);
    }

    private static Condition of(@Nullable TenantId tenant) {
        return tenant == null ? SESSION.TENANT_ID.isNull() : SESSION.TENANT_ID.eq(tenant.value());
    }

    private static @Nullable Instant instant(@Nullable OffsetDateTime at) {
        return at == null ? null : at.toInstant();
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
