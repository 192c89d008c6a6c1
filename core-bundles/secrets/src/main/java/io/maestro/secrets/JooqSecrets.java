package io.maestro.secrets;

import static io.maestro.secrets.tables.secrets.Tables.DATA_KEY;
import static io.maestro.secrets.tables.secrets.Tables.SECRET;
import static io.maestro.secrets.tables.secrets.Tables.SECRET_USE;
import static io.maestro.secrets.tables.secrets.Tables.SECRET_VERSION;

import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.api.secrets.Secrets.KeptSecret;
import io.maestro.api.secrets.Secrets.Version;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.secrets.JooqDataKeys.DataKey;
import io.maestro.secrets.tables.secrets.tables.records.SecretRecord;
import io.maestro.secrets.tables.secrets.tables.records.SecretVersionRecord;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.SecretKey;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Secrets as rows: what is sealed, by which data key, and which instance uses it. Each tenant's behind its own fence.
 *
 * <p>Whoever locks rows of several tables does so in this order, so that nobody waits in a circle: the tenant and its
 * environment ({@code hold}), the secret, its versions, the data key, the master key; within a table in the order of the keys.
 * What seals something locks the data key against its destruction only (key share), and that is shared by all; what waits for
 * all of these to end (a destruction) holds nothing that they might wait for.
 */
final class JooqSecrets {
    static final String LIST = "secrets";

    private static final int VERSIONS_SHOWN = 20;
    private static final int BATCH = 100;

    private final Database database;
    private final JooqDataKeys keys;
    private final Tenants tenants;
    private final Sealing sealing = new Sealing(null);
    private final InstantSource clock;

    JooqSecrets(Database database, JooqDataKeys keys, Tenants tenants, InstantSource clock) {
        this.database = database;
        this.keys = keys;
        this.tenants = tenants;
        this.clock = clock;
    }

    /** Keeps the first or the next value of a secret. */
    KeptSecret put(Scope scope, SecretName name, String value, @Nullable Long expected, Actor actor) {
        return prepared(() -> database.act(scope.tenant(), actor, sql -> {
            hold(sql, scope);
            Optional<SecretRecord> present = locked(sql, scope, name);
            if (present.isEmpty()) {
                if (expected != null || name.isOwned()) {
                    throw unknown(scope, name);
                }
                insert(sql, scope, name, value, null, actor);
            } else {
                requireVersion(present.get(), expected);
                replace(sql, scope, present.get(), value, actor);
            }
            KeptSecret kept = find(sql, scope, name).orElseThrow(() -> unknown(scope, name));
            Subject subject = Subject.of("secret", name);
            Json after = json(kept.version());
            Fact fact = present.isEmpty()
                    ? Fact.made("secret.create", subject, after)
                    : Fact.changed("secret.put", subject, json(kept.version() - 1), after);
            return Act.done(kept, fact.in(scope.environment()));
        }));
    }

    Optional<KeptSecret> find(Scope scope, SecretName name) {
        return database.inTenant(scope.tenant(), sql -> find(sql, scope, name));
    }

    /** One more than the page holds, which tells that there is a next page. */
    List<KeptSecret> list(Scope scope, PageRequest page) {
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> SECRET.NAME.gt(after.text(0)))
                .orElseGet(DSL::noCondition);
        return database.inTenant(
                scope.tenant(),
                sql -> sql.selectFrom(SECRET)
                        .where(in(scope).and(start))
                        .orderBy(SECRET.NAME)
                        .limit(page.limit() + 1)
                        .fetch()
                        .map(row -> kept(sql, row)));
    }

    void delete(Scope scope, SecretName name, @Nullable Long expected, Actor actor) {
        database.act(scope.tenant(), actor, sql -> {
            SecretRecord row = locked(sql, scope, name).orElseThrow(() -> unknown(scope, name));
            requireVersion(row, expected);
            List<InstanceId> users = users(sql, scope, name);
            if (!users.isEmpty()) {
                throw inUse(name, users);
            }
            return Act.done(
                    sql.deleteFrom(SECRET).where(is(scope, name)).execute(),
                    Fact.removed("secret.delete", Subject.of("secret", name), json(row.getVersion()))
                            .in(scope.environment()));
        });
    }

    /** Runs a transaction in which something is sealed or opened, perhaps several times; see {@link JooqDataKeys#prepared}. */
    <R> R prepared(Supplier<R> transaction) {
        return keys.prepared(transaction);
    }

    /** Keeps tenant and environment from going before what is made in them is there to be seen. */
    void hold(DSLContext sql, Scope scope) {
        tenants.hold(new JooqTransaction(sql), scope.tenant(), scope.environment());
    }

    /** Keeps a new secret; within somebody's act. */
    void insert(DSLContext sql, Scope scope, SecretName name, String value, @Nullable InstanceId owner, Actor actor) {
        OffsetDateTime now = now();
        int inserted = sql.insertInto(SECRET)
                .set(SECRET.TENANT_ID, scope.tenant().value())
                .set(SECRET.ENVIRONMENT, scope.environment().value())
                .set(SECRET.NAME, name.value())
                .set(SECRET.VERSION, 1L)
                .set(SECRET.OWNER, owner == null ? null : owner.value())
                .set(SECRET.CREATED_AT, now)
                .set(SECRET.CREATED_BY, actor.id())
                .set(SECRET.UPDATED_AT, now)
                .set(SECRET.UPDATED_BY, actor.id())
                .onConflictDoNothing()
                .execute();
        if (inserted == 0) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the secret \"" + name + "\" was created by somebody else at this moment",
                            "Read it again and decide anew.")
                    .asException();
        }
        insertVersion(sql, scope, name, 1, value, actor);
    }

    /** Keeps a new value of a secret that this instance owns, or its first one; within somebody's act. */
    void putOwned(DSLContext sql, Scope scope, SecretName name, String value, InstanceId owner, Actor actor) {
        Optional<SecretRecord> present = locked(sql, scope, name);
        if (present.isPresent()) {
            replace(sql, scope, present.get(), value, actor);
        } else {
            insert(sql, scope, name, value, owner, actor);
        }
    }

    /** Opens the current value of a secret. */
    String open(DSLContext sql, Scope scope, SecretName name, long version) {
        // one look at both: between two, the secret could be sealed anew and its data key destroyed
        Record found = sql.select(SECRET_VERSION.asterisk(), DATA_KEY.asterisk())
                .from(SECRET_VERSION)
                .leftJoin(DATA_KEY)
                .on(DATA_KEY.TENANT_ID
                        .eq(SECRET_VERSION.TENANT_ID)
                        .and(DATA_KEY.ENVIRONMENT.eq(SECRET_VERSION.ENVIRONMENT))
                        .and(DATA_KEY.VERSION.eq(SECRET_VERSION.DATA_KEY)))
                .where(isVersion(scope, name).and(SECRET_VERSION.VERSION.eq(version)))
                .fetchSingle();
        SecretVersionRecord row = found.into(SECRET_VERSION);
        byte[] sealed = row.getSealed();
        if (row.getDataKey() == null || sealed == null) {
            throw damaged(scope, name, null);
        }
        return new String(open(keys.key(found.into(DATA_KEY)), scope, row, sealed), StandardCharsets.UTF_8);
    }

    /** The instances that use a secret, by name. */
    static List<InstanceId> users(DSLContext sql, Scope scope, SecretName name) {
        return sql.select(SECRET_USE.INSTANCE)
                .from(SECRET_USE)
                .where(SECRET_USE.TENANT_ID.eq(scope.tenant().value()))
                .and(SECRET_USE.ENVIRONMENT.eq(scope.environment().value()))
                .and(SECRET_USE.NAME.eq(name.value()))
                .orderBy(SECRET_USE.INSTANCE)
                .fetch(row -> new InstanceId(row.value1()));
    }

    /** Makes a new data key, which seals what comes from now on. Of those who ask at the same moment, one makes it for all. */
    int nextDataKey(Scope scope, Actor actor) {
        return prepared(() -> database.act(scope.tenant(), actor, sql -> {
            hold(sql, scope);
            int version = keys.newestVersion(sql, scope) + 1;
            if (!keys.make(sql, scope, version)) {
                return Act.unchanged(version);
            }
            Subject subject = Subject.of("data-key", scope.environment());
            Fact fact = Fact.changed("data-key.rotate", subject, json(version - 1), json(version));
            return Act.done(version, fact.in(scope.environment()));
        }));
    }

    /**
     * Seals some secrets anew that an older data key seals.
     *
     * @return how many; 0 when there are none left
     */
    int reseal(Scope scope) {
        return prepared(() -> database.note(scope.tenant(), sql -> {
            List<SecretVersionRecord> rows = sql.selectFrom(SECRET_VERSION)
                    .where(SECRET_VERSION.TENANT_ID.eq(scope.tenant().value()))
                    .and(SECRET_VERSION.ENVIRONMENT.eq(scope.environment().value()))
                    .and(SECRET_VERSION.DATA_KEY.lt(DSL.select(DSL.max(DATA_KEY.VERSION))
                            .from(DATA_KEY)
                            .where(DATA_KEY.TENANT_ID.eq(scope.tenant().value()))
                            .and(DATA_KEY.ENVIRONMENT.eq(scope.environment().value()))))
                    .orderBy(SECRET_VERSION.NAME, SECRET_VERSION.VERSION)
                    .limit(BATCH)
                    .forUpdate()
                    .of(SECRET_VERSION)
                    .fetch();
            if (rows.isEmpty()) {
                return 0;
            }
            DataKey newest = keys.newest(sql, scope);
            for (SecretVersionRecord row : rows) {
                byte[] plain = open(keys.get(sql, scope, row.getDataKey()), scope, row, row.getSealed());
                row.setSealed(seal(newest.key(), scope, new SecretName(row.getName()), row.getVersion(), plain));
                row.setDataKey(newest.version());
                sql.executeUpdate(row);
            }
            return rows.size();
        }));
    }

    /** Destroys all data keys of the scope but the newest; false when an older one seals something again. */
    boolean destroyOldDataKeys(Scope scope) {
        return database.note(scope.tenant(), sql -> keys.destroyBefore(sql, scope, keys.newestVersion(sql, scope)));
    }

    /** Destroys the data keys of an environment that goes and has no secrets any more. */
    void destroyDataKeys(Scope scope, Actor actor) {
        database.act(scope.tenant(), actor, sql -> {
            int version = keys.newestVersion(sql, scope);
            int destroyed = keys.destroy(sql, scope);
            return destroyed == 0
                    ? Act.unchanged(destroyed)
                    : Act.done(
                            destroyed,
                            Fact.removed("data-key.destroy", Subject.of("data-key", scope.environment()), json(version))
                                    .in(scope.environment()));
        });
    }

    /** Scopes in which a change of the data key was broken off. */
    List<Scope> halfRotated() {
        return database.asPlatform(sql -> sql.select(DATA_KEY.TENANT_ID, DATA_KEY.ENVIRONMENT)
                .from(DATA_KEY)
                .groupBy(DATA_KEY.TENANT_ID, DATA_KEY.ENVIRONMENT)
                .having(DSL.count().gt(1))
                .fetch(row -> Scope.of(row.value1(), row.value2())));
    }

    /** How many secrets there are. */
    long count(TenantId tenant, @Nullable Environment environment) {
        return database.inTenant(tenant, sql -> (long) sql.fetchCount(
                SECRET,
                SECRET.TENANT_ID
                        .eq(tenant.value())
                        .and(environment == null ? DSL.noCondition() : SECRET.ENVIRONMENT.eq(environment.value()))));
    }

    /** Deletes all secrets of a tenant, whoever uses them, and destroys its data keys. */
    void eraseAll(TenantId tenant, Actor actor) {
        database.act(tenant, actor, sql -> {
            // in order, for the same is done by every node
            sql.selectFrom(SECRET)
                    .where(SECRET.TENANT_ID.eq(tenant.value()))
                    .orderBy(SECRET.ENVIRONMENT, SECRET.NAME)
                    .forUpdate()
                    .execute();
            sql.deleteFrom(SECRET_USE)
                    .where(SECRET_USE.TENANT_ID.eq(tenant.value()))
                    .execute();
            int secrets = sql.deleteFrom(SECRET)
                    .where(SECRET.TENANT_ID.eq(tenant.value()))
                    .execute();
            int dataKeys = sql.deleteFrom(DATA_KEY)
                    .where(DATA_KEY.TENANT_ID.eq(tenant.value()))
                    .execute();
            keys.forget(tenant);
            return secrets + dataKeys == 0
                    ? Act.unchanged(secrets)
                    : Act.done(
                            secrets,
                            Fact.removed(
                                    "secrets.erase",
                                    Subject.of("tenant", tenant),
                                    Json.object(Map.of("secrets", secrets, "dataKeys", dataKeys))));
        });
    }

    private void replace(DSLContext sql, Scope scope, SecretRecord present, String value, Actor actor) {
        SecretName name = new SecretName(present.getName());
        long version = present.getVersion() + 1;
        // a value that was replaced is of no use to anybody but a thief
        sql.update(SECRET_VERSION)
                .setNull(SECRET_VERSION.DATA_KEY)
                .setNull(SECRET_VERSION.SEALED)
                .where(isVersion(scope, name))
                .execute();
        sql.deleteFrom(SECRET_VERSION)
                .where(isVersion(scope, name).and(SECRET_VERSION.VERSION.le(version - VERSIONS_SHOWN)))
                .execute();
        insertVersion(sql, scope, name, version, value, actor);
        sql.update(SECRET)
                .set(SECRET.VERSION, version)
                .set(SECRET.UPDATED_AT, now())
                .set(SECRET.UPDATED_BY, actor.id())
                .where(is(scope, name))
                .execute();
    }

    private void insertVersion(DSLContext sql, Scope scope, SecretName name, long version, String value, Actor actor) {
        DataKey key = keys.newest(sql, scope);
        sql.insertInto(SECRET_VERSION)
                .set(SECRET_VERSION.TENANT_ID, scope.tenant().value())
                .set(SECRET_VERSION.ENVIRONMENT, scope.environment().value())
                .set(SECRET_VERSION.NAME, name.value())
                .set(SECRET_VERSION.VERSION, version)
                .set(SECRET_VERSION.DATA_KEY, key.version())
                .set(
                        SECRET_VERSION.SEALED,
                        seal(key.key(), scope, name, version, value.getBytes(StandardCharsets.UTF_8)))
                .set(SECRET_VERSION.CREATED_AT, now())
                .set(SECRET_VERSION.CREATED_BY, actor.id())
                .execute();
    }

    private byte[] seal(SecretKey key, Scope scope, SecretName name, long version, byte[] plain) {
        try {
            return sealing.seal(key, plain, context(scope, name, version));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES-256-GCM", e);
        }
    }

    private byte[] open(SecretKey key, Scope scope, SecretVersionRecord row, byte[] sealed) {
        SecretName name = new SecretName(row.getName());
        try {
            return sealing.open(key, sealed, context(scope, name, row.getVersion()));
        } catch (GeneralSecurityException e) {
            throw damaged(scope, name, e);
        }
    }

    private static byte[] context(Scope scope, SecretName name, long version) {
        return Sealing.context("secret", scope.tenant(), scope.environment(), name, version);
    }

    private static Optional<KeptSecret> find(DSLContext sql, Scope scope, SecretName name) {
        return sql.selectFrom(SECRET).where(is(scope, name)).fetchOptional().map(row -> kept(sql, row));
    }

    private static KeptSecret kept(DSLContext sql, SecretRecord row) {
        Scope scope = Scope.of(row.getTenantId(), row.getEnvironment());
        SecretName name = new SecretName(row.getName());
        List<Version> versions = sql.selectFrom(SECRET_VERSION)
                .where(isVersion(scope, name))
                .orderBy(SECRET_VERSION.VERSION.desc())
                .limit(VERSIONS_SHOWN)
                .fetch(one -> new Version(one.getVersion(), one.getCreatedAt().toInstant(), one.getCreatedBy()));
        return new KeptSecret(
                scope,
                name,
                row.getVersion(),
                row.getCreatedAt().toInstant(),
                row.getUpdatedAt().toInstant(),
                versions,
                users(sql, scope, name));
    }

    private static Optional<SecretRecord> locked(DSLContext sql, Scope scope, SecretName name) {
        return sql.selectFrom(SECRET).where(is(scope, name)).forUpdate().fetchOptional();
    }

    private static void requireVersion(SecretRecord row, @Nullable Long expected) {
        if (expected != null && !expected.equals(row.getVersion())) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the secret \"" + row.getName() + "\" is at version " + row.getVersion() + ", not "
                                    + expected,
                            "Read it again and decide anew.")
                    .asException();
        }
    }

    private static Json json(long version) {
        return Json.object(Map.of("version", version));
    }

    static Condition in(Scope scope) {
        return SECRET.TENANT_ID
                .eq(scope.tenant().value())
                .and(SECRET.ENVIRONMENT.eq(scope.environment().value()));
    }

    private static Condition is(Scope scope, SecretName name) {
        return in(scope).and(SECRET.NAME.eq(name.value()));
    }

    private static Condition isVersion(Scope scope, SecretName name) {
        return SECRET_VERSION
                .TENANT_ID
                .eq(scope.tenant().value())
                .and(SECRET_VERSION.ENVIRONMENT.eq(scope.environment().value()))
                .and(SECRET_VERSION.NAME.eq(name.value()));
    }

    static ProblemException unknown(Scope scope, SecretName name) {
        return Problem.of(
                        SecretProblem.SECRET_UNKNOWN,
                        "there is no secret \"" + name + "\" in " + scope,
                        name.isOwned()
                                ? "Names below instance/ come and go with their instance; list the secrets of the environment."
                                : "List the secrets of the environment, or put this one first.")
                .asException();
    }

    static ProblemException inUse(SecretName name, List<InstanceId> users) {
        return Problem.of(
                        SecretProblem.SECRET_IN_USE,
                        "the secret \"" + name + "\" is used by "
                                + (users.size() == 1 ? "the instance " : "the instances ")
                                + String.join(
                                        ", ",
                                        users.stream().map(InstanceId::value).toList()),
                        "Delete them first, or put a new value instead.")
                .asException();
    }

    private static ProblemException damaged(Scope scope, SecretName name, @Nullable Exception cause) {
        Problem problem = Problem.of(
                SecretProblem.SECRET_DAMAGED,
                "the secret \"" + name + "\" in " + scope + " is not what was sealed",
                "Put its value again, or restore the tables of the schema secrets from a backup.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }

    /** As PostgreSQL keeps it: what is returned now equals what is read later. */
    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
