package io.maestro.adapters;

import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_DEFINITION;
import static io.maestro.adapters.tables.adapters.Tables.ADAPTER_INSTANCE;
import static io.maestro.adapters.tables.adapters.Tables.INSTANCE_REMOVAL;

import io.maestro.adapters.InstanceRow.Removal;
import io.maestro.adapters.InstanceRow.Target;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.JSON;
import org.jooq.Record;
import org.jooq.SelectWhereStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Instances as rows, each tenant's behind its own fence. */
final class JooqInstances {
    static final String LIST = "instances";

    private final Database database;
    private final InstantSource clock;

    JooqInstances(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Inserts an instance that is wanted running, or fails with {@link AdapterProblem#INSTANCE_EXISTS}. */
    InstanceRow insert(
            InstanceKey key, DefinitionId definition, Json configuration, byte @Nullable [] secrets, String actor) {
        OffsetDateTime now = now();
        return database.inTenant(key.scope().tenant(), sql -> {
            int inserted = sql.insertInto(ADAPTER_INSTANCE)
                    .set(ADAPTER_INSTANCE.TENANT_ID, key.scope().tenant().value())
                    .set(ADAPTER_INSTANCE.ENVIRONMENT, key.scope().environment().value())
                    .set(ADAPTER_INSTANCE.INSTANCE, key.instance().value())
                    .set(ADAPTER_INSTANCE.ADAPTER, definition.name().value())
                    .set(ADAPTER_INSTANCE.VERSION, definition.version().value())
                    .set(ADAPTER_INSTANCE.CONFIGURATION, JSON.valueOf(configuration.text()))
                    .set(ADAPTER_INSTANCE.SECRETS, secrets)
                    .set(ADAPTER_INSTANCE.WANTED, text(Wanted.RUNNING))
                    .set(ADAPTER_INSTANCE.REVISION, 1L)
                    .set(ADAPTER_INSTANCE.CREATED_AT, now)
                    .set(ADAPTER_INSTANCE.CREATED_BY, actor)
                    .set(ADAPTER_INSTANCE.UPDATED_AT, now)
                    .set(ADAPTER_INSTANCE.UPDATED_BY, actor)
                    .onConflictDoNothing()
                    .execute();
            if (inserted == 0) {
                throw Problem.of(
                                AdapterProblem.INSTANCE_EXISTS,
                                "the instance " + key + " exists already",
                                "Choose another name, or delete the one that is there.")
                        .asException();
            }
            return find(sql, key).orElseThrow(() -> unknown(key));
        });
    }

    Optional<InstanceRow> find(InstanceKey key) {
        return database.inTenant(key.scope().tenant(), sql -> find(sql, key));
    }

    /** The instance, or {@link AdapterProblem#INSTANCE_UNKNOWN}. */
    InstanceRow require(InstanceKey key) {
        return find(key).orElseThrow(() -> unknown(key));
    }

    /** One more than the page holds, which tells that there is a next page. */
    List<InstanceRow> list(Scope scope, PageRequest page) {
        Condition start = Cursor.of(LIST, 1, page)
                .<Condition>map(after -> ADAPTER_INSTANCE.INSTANCE.gt(after.text(0)))
                .orElseGet(DSL::noCondition);
        return database.inTenant(
                scope.tenant(),
                sql -> select(sql)
                        .where(in(scope).and(start))
                        .orderBy(ADAPTER_INSTANCE.INSTANCE)
                        .limit(page.limit() + 1)
                        .fetch(JooqInstances::row));
    }

    /** Changes what is wanted; saying the same again counts as a change and makes a failed instance try anew. */
    InstanceRow want(InstanceKey key, Wanted wanted, @Nullable Long revision, String actor) {
        return database.inTenant(key.scope().tenant(), sql -> {
            InstanceRow row = locked(sql, key, revision);
            sql.update(ADAPTER_INSTANCE)
                    .set(ADAPTER_INSTANCE.WANTED, text(wanted))
                    .set(ADAPTER_INSTANCE.REVISION, row.revision() + 1)
                    .set(ADAPTER_INSTANCE.UPDATED_AT, now())
                    .set(ADAPTER_INSTANCE.UPDATED_BY, actor)
                    .where(is(key))
                    .execute();
            return find(sql, key).orElseThrow(() -> unknown(key));
        });
    }

    /** Deletes the row and notes that its folder has to go. */
    void delete(InstanceKey key, @Nullable Long revision, String actor) {
        database.inTenant(key.scope().tenant(), sql -> {
            InstanceRow row = locked(sql, key, revision);
            sql.insertInto(INSTANCE_REMOVAL)
                    .set(INSTANCE_REMOVAL.TENANT_ID, key.scope().tenant().value())
                    .set(INSTANCE_REMOVAL.INCARNATION, row.incarnation())
                    .set(INSTANCE_REMOVAL.ENVIRONMENT, key.scope().environment().value())
                    .set(INSTANCE_REMOVAL.INSTANCE, key.instance().value())
                    .set(INSTANCE_REMOVAL.REMOVED_AT, now())
                    .set(INSTANCE_REMOVAL.REMOVED_BY, actor)
                    .execute();
            return sql.deleteFrom(ADAPTER_INSTANCE).where(is(key)).execute();
        });
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
                        ADAPTER_INSTANCE.REVISION)
                .from(ADAPTER_INSTANCE)
                .fetch(row -> new Target(
                        key(row),
                        row.get(ADAPTER_INSTANCE.INCARNATION),
                        DefinitionId.parse(row.get(ADAPTER_INSTANCE.ADAPTER) + "@" + row.get(ADAPTER_INSTANCE.VERSION)),
                        wanted(row.get(ADAPTER_INSTANCE.WANTED)),
                        row.get(ADAPTER_INSTANCE.REVISION))));
    }

    /** Folders of deleted instances. */
    List<Removal> removals() {
        return database.asPlatform(sql -> sql.selectFrom(INSTANCE_REMOVAL)
                .fetch(row -> new Removal(
                        new InstanceKey(
                                Scope.of(row.getTenantId(), row.getEnvironment()), new InstanceId(row.getInstance())),
                        row.getIncarnation())));
    }

    /** The folder is gone. */
    void removed(Removal removal) {
        database.inTenant(
                removal.key().scope().tenant(),
                sql -> sql.deleteFrom(INSTANCE_REMOVAL)
                        .where(INSTANCE_REMOVAL
                                .TENANT_ID
                                .eq(removal.key().scope().tenant().value())
                                .and(INSTANCE_REMOVAL.INCARNATION.eq(removal.incarnation())))
                        .execute());
    }

    private static InstanceRow locked(DSLContext sql, InstanceKey key, @Nullable Long revision) {
        InstanceRow row = select(sql)
                .where(is(key))
                .forUpdate()
                .of(ADAPTER_INSTANCE)
                .fetchOptional(JooqInstances::row)
                .orElseThrow(() -> unknown(key));
        if (revision != null && revision != row.revision()) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "the instance " + key + " is at revision " + row.revision() + ", not " + revision,
                            "Read it again and decide anew.")
                    .asException();
        }
        return row;
    }

    private static Optional<InstanceRow> find(DSLContext sql, InstanceKey key) {
        return select(sql).where(is(key)).fetchOptional(JooqInstances::row);
    }

    private static SelectWhereStep<? extends Record> select(DSLContext sql) {
        return sql.select(ADAPTER_INSTANCE.asterisk(), ADAPTER_DEFINITION.TYPE)
                .from(ADAPTER_INSTANCE)
                .join(ADAPTER_DEFINITION)
                .on(ADAPTER_DEFINITION
                        .NAME
                        .eq(ADAPTER_INSTANCE.ADAPTER)
                        .and(ADAPTER_DEFINITION.VERSION.eq(ADAPTER_INSTANCE.VERSION)));
    }

    private static InstanceRow row(Record row) {
        return new InstanceRow(
                key(row),
                row.get(ADAPTER_INSTANCE.INCARNATION),
                DefinitionId.parse(row.get(ADAPTER_INSTANCE.ADAPTER) + "@" + row.get(ADAPTER_INSTANCE.VERSION)),
                new TypeName(row.get(ADAPTER_DEFINITION.TYPE)),
                new Json(row.get(ADAPTER_INSTANCE.CONFIGURATION).data()),
                row.get(ADAPTER_INSTANCE.SECRETS),
                wanted(row.get(ADAPTER_INSTANCE.WANTED)),
                row.get(ADAPTER_INSTANCE.REVISION),
                row.get(ADAPTER_INSTANCE.CREATED_AT).toInstant(),
                row.get(ADAPTER_INSTANCE.UPDATED_AT).toInstant());
    }

    private static InstanceKey key(Record row) {
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

    private static String text(Wanted wanted) {
        return wanted.name().toLowerCase(Locale.ROOT);
    }

    private static Wanted wanted(String text) {
        return Wanted.valueOf(text.toUpperCase(Locale.ROOT));
    }

    private static ProblemException unknown(InstanceKey key) {
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
