package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_DEFINITION;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_REMOVAL;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.adapters.ConfigurationSecrets.Kept;
import io.maestro.adapters.InstanceRow.Removal;
import io.maestro.adapters.InstanceRow.Target;
import io.maestro.adapters.tables.adapters.tables.records.InstanceRemovalRecord;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Dependents;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.store.Transaction;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSON;
import org.jooq.Record;
import org.jooq.SelectWhereStep;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/** Instances as rows, each tenant's behind its own fence. */
final class JooqInstances {
    private static final int AT_A_TIME = 100;

    private final Database database;
    private final InstanceSecrets secrets;
    private final Tenants tenants;
    private final List<Dependents> dependents;
    private final InstantSource clock;

    /** Writes more in a transaction that this class has begun. */
    @FunctionalInterface
    interface Alongside {
        void write(DSLContext sql);
    }

    /**
     * Does nothing yet.
     *
     * @param dependents those who may stand against a deletion; they come and go
     */
    JooqInstances(
            Database database,
            InstanceSecrets secrets,
            Tenants tenants,
            List<Dependents> dependents,
            InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.tenants = tenants;
        this.dependents = dependents;
        this.clock = clock;
    }

    /** Inserts an instance that is wanted running, or fails with {@link AdapterProblem#INSTANCE_EXISTS}. */
    InstanceRow insert(InstanceKey key, DefinitionId definition, Kept kept, Actor actor) {
        OffsetDateTime now = now();
        return secrets.prepared(() -> database.act(key.scope().tenant(), actor, sql -> {
            hold(sql, key);
            JooqDefinitions.hold(sql, definition);
            int inserted = sql.insertInto(ADAPTER_INSTANCE)
                    .set(ADAPTER_INSTANCE.TENANT_ID, key.scope().tenant().value())
                    .set(ADAPTER_INSTANCE.ENVIRONMENT, key.scope().environment().value())
                    .set(ADAPTER_INSTANCE.INSTANCE, key.instance().value())
                    .set(ADAPTER_INSTANCE.ADAPTER, definition.name().value())
                    .set(ADAPTER_INSTANCE.VERSION, definition.version().value())
                    .set(
                            ADAPTER_INSTANCE.CONFIGURATION,
                            JSON.valueOf(kept.configuration().toString()))
                    .set(ADAPTER_INSTANCE.CONFIGURED, 1L)
                    .set(ADAPTER_INSTANCE.WANTED, text(Wanted.RUNNING))
                    .set(ADAPTER_INSTANCE.REVISION, 1L)
                    .set(ADAPTER_INSTANCE.CREATED_AT, now)
                    .set(ADAPTER_INSTANCE.CREATED_BY, actor.id())
                    .set(ADAPTER_INSTANCE.UPDATED_AT, now)
                    .set(ADAPTER_INSTANCE.UPDATED_BY, actor.id())
                    .onConflictDoNothing()
                    .execute();
            if (inserted == 0) {
                throw exists(key);
            }
            attach(sql, key, kept, actor);
            InstanceRow made = find(sql, key).orElseThrow(() -> unknown(key));
            JooqVersions.add(sql, made, JooqVersions.CREATE, actor, now);
            return Act.done(
                    made,
                    Fact.made("instance.create", subject(made), json(made)).in(environment(key)));
        }));
    }

    /** Hands secrets over that an older release sealed in the row; one that another node was faster with stays as it is. */
    InstanceRow handOver(InstanceRow old, Kept kept) {
        InstanceKey key = old.key();
        Actor actor = Actor.system("upgrade");
        return secrets.prepared(() -> database.act(key.scope().tenant(), actor, sql -> {
            hold(sql, key);
            InstanceRow row = locked(sql, key);
            if (row.secrets() == null || row.incarnation() != old.incarnation()) {
                return Act.unchanged(row);
            }
            sql.update(ADAPTER_INSTANCE)
                    .set(
                            ADAPTER_INSTANCE.CONFIGURATION,
                            JSON.valueOf(kept.configuration().toString()))
                    .setNull(ADAPTER_INSTANCE.SECRETS)
                    .where(is(key))
                    .execute();
            attach(sql, key, kept, actor);
            InstanceRow changed = find(sql, key).orElseThrow(() -> unknown(key));
            Fact fact = Fact.changed("instance.hand-over-secrets", subject(row), json(row), json(changed));
            return Act.done(changed, fact.in(environment(key)));
        }));
    }

    /**
     * Gives the instance another configuration; the very same changes nothing.
     *
     * @param old whose secrets were handed over, if it is of an earlier release
     * @param kept made of it
     */
    InstanceRow configure(InstanceRow old, Kept kept, Actor actor) {
        InstanceKey key = old.key();
        return secrets.prepared(() -> database.act(key.scope().tenant(), actor, sql -> {
            hold(sql, key);
            InstanceRow row = same(sql, old);
            JsonNode before = Documents.tree(row.configuration().text());
            if (kept.owned().isEmpty()
                    && before.equals(Documents.tree(kept.configuration().toString()))) {
                return Act.unchanged(row);
            }
            sql.update(ADAPTER_INSTANCE)
                    .set(
                            ADAPTER_INSTANCE.CONFIGURATION,
                            JSON.valueOf(kept.configuration().toString()))
                    .set(ADAPTER_INSTANCE.CONFIGURED, row.revision() + 1)
                    .set(ADAPTER_INSTANCE.REVISION, row.revision() + 1)
                    .set(ADAPTER_INSTANCE.UPDATED_AT, now())
                    .set(ADAPTER_INSTANCE.UPDATED_BY, actor.id())
                    .where(is(key))
                    .execute();
            secrets.reattach(new JooqTransaction(sql), key.scope(), key.instance(), kept.owned(), kept.used(), actor);
            InstanceRow changed = find(sql, key).orElseThrow(() -> unknown(key));
            JooqVersions.add(sql, changed, JooqVersions.CONFIGURE, actor, now());
            Fact fact = Fact.changed("instance.configure", subject(row), json(row), json(changed));
            return Act.done(changed, fact.in(environment(key)));
        }));
    }

    /**
     * Has the instance be of another version, with the configuration for it.
     *
     * @param old as it was when this was decided
     * @param retained names of secrets that the configuration before refers to
     * @param why {@code upgrade} or {@code rollback}
     * @param alongside what else is written in the same transaction
     */
    InstanceRow move(
            InstanceRow old,
            DefinitionId definition,
            Kept kept,
            Set<SecretName> retained,
            String why,
            Actor actor,
            Alongside alongside) {
        InstanceKey key = old.key();
        return secrets.prepared(() -> database.act(key.scope().tenant(), actor, sql -> {
            hold(sql, key);
            JooqDefinitions.hold(sql, definition);
            InstanceRow row = same(sql, old);
            sql.update(ADAPTER_INSTANCE)
                    .set(ADAPTER_INSTANCE.VERSION, definition.version().value())
                    .set(
                            ADAPTER_INSTANCE.CONFIGURATION,
                            JSON.valueOf(kept.configuration().toString()))
                    .set(ADAPTER_INSTANCE.CONFIGURED, row.revision() + 1)
                    .set(ADAPTER_INSTANCE.REVISION, row.revision() + 1)
                    .set(ADAPTER_INSTANCE.UPDATED_AT, now())
                    .set(ADAPTER_INSTANCE.UPDATED_BY, actor.id())
                    .where(is(key))
                    .execute();
            secrets.reattach(
                    new JooqTransaction(sql), key.scope(), key.instance(), kept.owned(), kept.used(), retained, actor);
            InstanceRow changed = find(sql, key).orElseThrow(() -> unknown(key));
            JooqVersions.add(sql, changed, why, actor, now());
            alongside.write(sql);
            Fact fact = Fact.changed("instance." + why, subject(changed), json(row), json(changed));
            return Act.done(changed, fact.in(environment(key)));
        }));
    }

    /** The row as it is now, locked, when it is still the very one that was looked at. */
    private static InstanceRow same(DSLContext sql, InstanceRow old) {
        InstanceRow row = locked(sql, old.key());
        if (row.incarnation() != old.incarnation()) {
            throw replaced(old.key());
        }
        requireRevision(row, old.revision());
        return row;
    }

    /** Has an instance that was looked at stay until the transaction ends; refuses when it is gone, or another one has its name. */
    static void keep(DSLContext sql, Instance seen) {
        InstanceKey key = new InstanceKey(seen.scope(), seen.id());
        // holds up nobody who only reads it or has it stay as well; whoever changes it or takes it away waits
        OffsetDateTime made = sql.select(ADAPTER_INSTANCE.CREATED_AT)
                .from(ADAPTER_INSTANCE)
                .where(is(key))
                .forKeyShare()
                .fetchOptional(ADAPTER_INSTANCE.CREATED_AT)
                .orElseThrow(() -> unknown(key));
        if (!made.toInstant().equals(seen.createdAt())) {
            throw replaced(key);
        }
    }

    private static ProblemException replaced(InstanceKey key) {
        return Problem.of(
                        CallerProblem.REVISION_CHANGED,
                        "the instance " + key + " was deleted, and another one of its name was created",
                        "Read it again and decide anew.")
                .asException();
    }

    private void hold(DSLContext sql, InstanceKey key) {
        tenants.hold(new JooqTransaction(sql), key.scope().tenant(), environment(key));
    }

    private void attach(DSLContext sql, InstanceKey key, Kept kept, Actor actor) {
        if (!kept.used().isEmpty()) {
            secrets.attach(new JooqTransaction(sql), key.scope(), key.instance(), kept.owned(), kept.used(), actor);
        }
    }

    Optional<InstanceRow> find(InstanceKey key) {
        return database.inTenant(key.scope().tenant(), sql -> find(sql, key));
    }

    /** Those of these instances that are there, of all scopes. */
    Map<InstanceKey, InstanceRow> find(Set<InstanceKey> keys) {
        return database.asPlatform(sql -> select(sql)
                .where(isOneOf(
                        keys, ADAPTER_INSTANCE.TENANT_ID, ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE))
                .fetchMap(JooqInstances::key, JooqInstances::row));
    }

    /** Whether a row is of one of these instances; three lists are sent, however many there are. */
    static Condition isOneOf(
            Collection<InstanceKey> keys, Field<String> tenant, Field<String> environment, Field<String> instance) {
        List<InstanceKey> all = List.copyOf(keys);
        return DSL.condition(
                "({0}, {1}, {2}) in (select * from unnest({3}, {4}, {5}))",
                tenant,
                environment,
                instance,
                texts(all, key -> key.scope().tenant().value()),
                texts(all, key -> key.scope().environment().value()),
                texts(all, key -> key.instance().value()));
    }

    private static Field<String[]> texts(List<InstanceKey> keys, Function<InstanceKey, String> text) {
        return DSL.val(keys.stream().map(text).toArray(String[]::new), SQLDataType.VARCHAR.array());
    }

    /** The instance, or {@link AdapterProblem#INSTANCE_UNKNOWN}. */
    InstanceRow require(InstanceKey key) {
        return find(key).orElseThrow(() -> unknown(key));
    }

    /**
     * Changes what is wanted; saying the same again counts as a change and makes a failed instance try anew.
     *
     * @param old as it was when this was decided
     */
    InstanceRow want(InstanceRow old, Wanted wanted, Actor actor) {
        InstanceKey key = old.key();
        return database.act(key.scope().tenant(), actor, sql -> {
            InstanceRow row = same(sql, old);
            sql.update(ADAPTER_INSTANCE)
                    .set(ADAPTER_INSTANCE.WANTED, text(wanted))
                    .set(ADAPTER_INSTANCE.REVISION, row.revision() + 1)
                    .set(ADAPTER_INSTANCE.UPDATED_AT, now())
                    .set(ADAPTER_INSTANCE.UPDATED_BY, actor.id())
                    .where(is(key))
                    .execute();
            InstanceRow changed = find(sql, key).orElseThrow(() -> unknown(key));
            String verb = wanted == Wanted.RUNNING ? "instance.start" : "instance.stop";
            return Act.done(
                    changed,
                    Fact.changed(verb, subject(row), json(row), json(changed)).in(environment(key)));
        });
    }

    /**
     * Deletes the row with the secrets that are its own, and notes that its folder has to go. Whoever depends on the instance may
     * refuse it.
     *
     * @param old as it was when this was decided
     */
    void delete(InstanceRow old, Actor actor) {
        InstanceKey key = old.key();
        database.act(key.scope().tenant(), actor, sql -> {
            InstanceRow row = same(sql, old);
            requireDeletable(sql, key);
            return Act.done(1, delete(sql, row, actor));
        });
    }

    /** Returns when nobody who depends on the instance refuses its deletion, as things are now. */
    void requireDeletable(InstanceKey key) {
        database.inTenant(key.scope().tenant(), sql -> {
            requireDeletable(sql, key);
            return true;
        });
    }

    private void requireDeletable(DSLContext sql, InstanceKey key) {
        Transaction act = new JooqTransaction(sql);
        dependents.forEach(one -> one.requireDeletable(act, key.scope(), key.instance()));
    }

    /** Deletes the instances of a tenant, so many at a time that no transaction is long; which they were. */
    List<InstanceKey> deleteAll(TenantId tenant, Actor actor) {
        List<InstanceKey> deleted = new ArrayList<>();
        while (deleteSome(tenant, actor, deleted)) {
            // the next ones
        }
        return deleted;
    }

    private boolean deleteSome(TenantId tenant, Actor actor, List<InstanceKey> deleted) {
        List<InstanceKey> some = database.act(tenant, actor, sql -> {
            List<InstanceRow> found = select(sql)
                    .where(ADAPTER_INSTANCE.TENANT_ID.eq(tenant.value()))
                    .orderBy(ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE)
                    .limit(AT_A_TIME)
                    .forUpdate()
                    .of(ADAPTER_INSTANCE)
                    .fetch(JooqInstances::row);
            return new Act<>(
                    found.stream().map(InstanceRow::key).toList(),
                    found.stream().map(row -> delete(sql, row, actor)).toList());
        });
        deleted.addAll(some);
        return some.size() == AT_A_TIME;
    }

    private Fact delete(DSLContext sql, InstanceRow row, Actor actor) {
        InstanceKey key = row.key();
        secrets.detach(new JooqTransaction(sql), key.scope(), key.instance());
        sql.insertInto(INSTANCE_REMOVAL)
                .set(INSTANCE_REMOVAL.TENANT_ID, key.scope().tenant().value())
                .set(INSTANCE_REMOVAL.INCARNATION, row.incarnation())
                .set(INSTANCE_REMOVAL.ENVIRONMENT, key.scope().environment().value())
                .set(INSTANCE_REMOVAL.INSTANCE, key.instance().value())
                .set(INSTANCE_REMOVAL.REMOVED_AT, now())
                .set(INSTANCE_REMOVAL.REMOVED_BY, actor.id())
                .execute();
        // what rollouts know of it belongs to its tenant, and goes with it
        JooqRollouts.forget(sql, key);
        sql.deleteFrom(ADAPTER_INSTANCE).where(is(key)).execute();
        return Fact.removed("instance.delete", subject(row), json(row)).in(environment(key));
    }

    /** How many instances there are. */
    long count(TenantId tenant, @Nullable Environment environment) {
        return database.inTenant(tenant, sql -> (long) sql.fetchCount(
                ADAPTER_INSTANCE,
                ADAPTER_INSTANCE
                        .TENANT_ID
                        .eq(tenant.value())
                        .and(
                                environment == null
                                        ? DSL.noCondition()
                                        : ADAPTER_INSTANCE.ENVIRONMENT.eq(environment.value()))));
    }

    /** How many folders of deleted instances have not gone yet. */
    long countRemovals(TenantId tenant, @Nullable Environment environment) {
        return database.inTenant(tenant, sql -> (long) sql.fetchCount(
                INSTANCE_REMOVAL,
                INSTANCE_REMOVAL
                        .TENANT_ID
                        .eq(tenant.value())
                        .and(INSTANCE_REMOVAL.REMOVED_FOLDER_AT.isNull())
                        .and(
                                environment == null
                                        ? DSL.noCondition()
                                        : INSTANCE_REMOVAL.ENVIRONMENT.eq(environment.value()))));
    }

    /** What should be on this node: all instances of all scopes. */
    List<Target> targets() {
        return database.asPlatform(sql -> sql.select(
                        ADAPTER_INSTANCE.TENANT_ID,
                        ADAPTER_INSTANCE.ENVIRONMENT,
                        ADAPTER_INSTANCE.INSTANCE,
                        ADAPTER_INSTANCE.INCARNATION,
                        ADAPTER_INSTANCE.ADAPTER,
                        ADAPTER_INSTANCE.VERSION,
                        ADAPTER_INSTANCE.WANTED,
                        ADAPTER_INSTANCE.CONFIGURED,
                        ADAPTER_INSTANCE.REVISION)
                .from(ADAPTER_INSTANCE)
                .fetch(row -> new Target(
                        key(row),
                        row.get(ADAPTER_INSTANCE.INCARNATION),
                        DefinitionId.parse(row.get(ADAPTER_INSTANCE.ADAPTER) + "@" + row.get(ADAPTER_INSTANCE.VERSION)),
                        wanted(row.get(ADAPTER_INSTANCE.WANTED)),
                        row.get(ADAPTER_INSTANCE.CONFIGURED),
                        row.get(ADAPTER_INSTANCE.REVISION))));
    }

    /** The instances of all scopes that are at an older version of the adapter. */
    List<InstanceKey> older(AdapterName adapter, AdapterVersion version) {
        return database.asPlatform(sql -> sql
                .select(
                        ADAPTER_INSTANCE.TENANT_ID,
                        ADAPTER_INSTANCE.ENVIRONMENT,
                        ADAPTER_INSTANCE.INSTANCE,
                        ADAPTER_INSTANCE.VERSION)
                .from(ADAPTER_INSTANCE)
                .where(ADAPTER_INSTANCE.ADAPTER.eq(adapter.value()))
                .orderBy(ADAPTER_INSTANCE.TENANT_ID, ADAPTER_INSTANCE.ENVIRONMENT, ADAPTER_INSTANCE.INSTANCE)
                .fetch()
                .stream()
                .filter(row -> new AdapterVersion(row.get(ADAPTER_INSTANCE.VERSION)).compareTo(version) < 0)
                .map(JooqInstances::key)
                .toList());
    }

    /** Folders of deleted instances that no node has removed yet. */
    List<Removal> removals() {
        return database.asPlatform(sql -> sql.selectFrom(INSTANCE_REMOVAL)
                .where(INSTANCE_REMOVAL.REMOVED_FOLDER_AT.isNull())
                .fetch(JooqInstances::removal));
    }

    /** Those of these folders whose instances were deleted, whoever has removed them already. */
    List<Removal> deleted(Collection<Removal> folders) {
        Set<Removal> asked = Set.copyOf(folders);
        return database.asPlatform(sql -> sql
                .selectFrom(INSTANCE_REMOVAL)
                .where(INSTANCE_REMOVAL.INCARNATION.in(
                        asked.stream().map(Removal::incarnation).toList()))
                .fetch(JooqInstances::removal)
                .stream()
                .filter(asked::contains)
                .toList());
    }

    private static Removal removal(InstanceRemovalRecord row) {
        return new Removal(
                new InstanceKey(Scope.of(row.getTenantId(), row.getEnvironment()), new InstanceId(row.getInstance())),
                row.getIncarnation());
    }

    /** A node has removed the folder. */
    void removed(Removal removal) {
        database.note(
                removal.key().scope().tenant(),
                sql -> sql.update(INSTANCE_REMOVAL)
                        .set(INSTANCE_REMOVAL.REMOVED_FOLDER_AT, now())
                        .where(INSTANCE_REMOVAL
                                .TENANT_ID
                                .eq(removal.key().scope().tenant().value())
                                .and(INSTANCE_REMOVAL.INCARNATION.eq(removal.incarnation())))
                        .and(INSTANCE_REMOVAL.REMOVED_FOLDER_AT.isNull())
                        .execute());
    }

    private static Environment environment(InstanceKey key) {
        return key.scope().environment();
    }

    private static Subject subject(InstanceRow row) {
        return new Subject("adapter-instance", row.key().instance().value(), row.artifact());
    }

    private static Json json(InstanceRow row) {
        return Json.object(Map.of(
                "adapter", row.definition(),
                "configuration", row.configuration(),
                "wanted", text(row.wanted()),
                "revision", row.revision()));
    }

    private static InstanceRow locked(DSLContext sql, InstanceKey key) {
        return select(sql)
                .where(is(key))
                .forUpdate()
                .of(ADAPTER_INSTANCE)
                .fetchOptional(JooqInstances::row)
                .orElseThrow(() -> unknown(key));
    }

    /** Returns when the row is at this revision; any will do when it is null. */
    static void requireRevision(InstanceRow row, @Nullable Long revision) {
        if (revision != null && revision != row.revision()) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the instance " + row.key() + " is at revision " + row.revision() + ", not " + revision,
                            "Read it again and decide anew.")
                    .asException();
        }
    }

    private static Optional<InstanceRow> find(DSLContext sql, InstanceKey key) {
        return select(sql).where(is(key)).fetchOptional(JooqInstances::row);
    }

    /** Instances with what their definitions say of them. */
    static SelectWhereStep<? extends Record> select(DSLContext sql) {
        return sql.select(ADAPTER_INSTANCE.asterisk(), ADAPTER_DEFINITION.TYPE, ADAPTER_DEFINITION.DIGEST)
                .from(ADAPTER_INSTANCE)
                .join(ADAPTER_DEFINITION)
                .on(ADAPTER_DEFINITION
                        .NAME
                        .eq(ADAPTER_INSTANCE.ADAPTER)
                        .and(ADAPTER_DEFINITION.VERSION.eq(ADAPTER_INSTANCE.VERSION)));
    }

    /** A row of {@link #select}. */
    static InstanceRow row(Record row) {
        return new InstanceRow(
                key(row),
                row.get(ADAPTER_INSTANCE.INCARNATION),
                DefinitionId.parse(row.get(ADAPTER_INSTANCE.ADAPTER) + "@" + row.get(ADAPTER_INSTANCE.VERSION)),
                new Digest(row.get(ADAPTER_DEFINITION.DIGEST)),
                new TypeName(row.get(ADAPTER_DEFINITION.TYPE)),
                new Json(row.get(ADAPTER_INSTANCE.CONFIGURATION).data()),
                row.get(ADAPTER_INSTANCE.CONFIGURED),
                row.get(ADAPTER_INSTANCE.SECRETS),
                wanted(row.get(ADAPTER_INSTANCE.WANTED)),
                row.get(ADAPTER_INSTANCE.REVISION),
                row.get(ADAPTER_INSTANCE.CREATED_AT).toInstant(),
                row.get(ADAPTER_INSTANCE.UPDATED_AT).toInstant());
    }

    static InstanceKey key(Record row) {
        return new InstanceKey(
                Scope.of(row.get(ADAPTER_INSTANCE.TENANT_ID), row.get(ADAPTER_INSTANCE.ENVIRONMENT)),
                new InstanceId(row.get(ADAPTER_INSTANCE.INSTANCE)));
    }

    private static Condition in(Scope scope) {
        return ADAPTER_INSTANCE
                .TENANT_ID
                .eq(scope.tenant().value())
                .and(ADAPTER_INSTANCE.ENVIRONMENT.eq(scope.environment().value()));
    }

    private static Condition is(InstanceKey key) {
        return in(key.scope()).and(ADAPTER_INSTANCE.INSTANCE.eq(key.instance().value()));
    }

    static String text(Wanted wanted) {
        return wanted.name().toLowerCase(Locale.ROOT);
    }

    static Wanted wanted(String text) {
        return Wanted.valueOf(text.toUpperCase(Locale.ROOT));
    }

    static ProblemException exists(InstanceKey key) {
        return Problem.of(
                        AdapterProblem.INSTANCE_EXISTS,
                        "the instance " + key + " exists already",
                        "Choose another name, or delete the one that is there.")
                .asException();
    }

    static ProblemException unknown(InstanceKey key) {
        return Problem.of(
                        AdapterProblem.INSTANCE_UNKNOWN,
                        "there is no instance \"" + key.instance() + "\" in " + key.scope(),
                        "List the instances of the environment, or create this one first.")
                .asException();
    }

    /** As PostgreSQL keeps it: what is returned now equals what is read later. */
    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
