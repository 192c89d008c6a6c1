package io.maestro.tenancy;

import static io.maestro.tenancy.tables.tenancy.Tables.ENVIRONMENT;
import static io.maestro.tenancy.tables.tenancy.Tables.TENANT;

import io.maestro.api.store.Transaction;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import io.maestro.store.Migrations;
import io.maestro.tenancy.tables.tenancy.tables.records.EnvironmentRecord;
import io.maestro.tenancy.tables.tenancy.tables.records.TenantRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Tenants and environments as rows. */
final class JooqTenants implements Tenants {
    static final Migrations MIGRATIONS = Migrations.of(
            "tenancy",
            JooqTenants.class,
            "V001__tenancy.sql",
            "V002__members_and_farewells.sql",
            "V003__deletions_of_environments.sql",
            "V004__engines.sql");

    static final String ACTIVE = "active";
    static final String LEAVING = "leaving";
    static final String GONE = "gone";

    private static final List<Environment> FIRST_ENVIRONMENTS =
            List.of(new Environment("dev"), new Environment("staging"), new Environment("prod"));
    private static final int LONGEST_DISPLAY_NAME = 200;

    private final Database database;
    private final Holdings holdings;
    private final InstantSource clock;

    JooqTenants(Database database, Holdings holdings, InstantSource clock) {
        this.database = database;
        this.holdings = holdings;
        this.clock = clock;
    }

    @Override
    public Tenant create(TenantId id, String displayName, Actor actor) {
        checkDisplayName(displayName);
        OffsetDateTime now = now();
        return database.act(id, actor, sql -> {
            int created = sql.insertInto(TENANT)
                    .set(TENANT.TENANT_ID, id.value())
                    .set(TENANT.DISPLAY_NAME, displayName)
                    .set(TENANT.CREATED_AT, now)
                    .onConflictDoNothing()
                    .execute();
            if (created == 0) {
                if (GONE.equals(state(sql, id))) {
                    throw Problem.of(
                                    TenancyProblem.TENANT_NAME_RETIRED,
                                    "a tenant \"" + id + "\" was here and has gone",
                                    "Choose another name: this one stands in receipts of the other.")
                            .asException();
                }
                throw Problem.of(
                                TenancyProblem.TENANT_EXISTS,
                                "the tenant \"" + id + "\" exists already",
                                "Choose another name.")
                        .asException();
            }
            FIRST_ENVIRONMENTS.forEach(environment -> insert(sql, id, environment, now));
            return Act.done(
                    new Tenant(id, displayName, Tenant.State.ACTIVE, 1, now.toInstant()),
                    Fact.made(
                            "tenant.create",
                            Subject.of("tenant", id),
                            Json.object(Map.of("displayName", displayName, "environments", FIRST_ENVIRONMENTS))));
        });
    }

    @Override
    public Tenant tenant(TenantId id) {
        return database.inTenant(
                        id,
                        sql -> Optional.ofNullable(sql.fetchOne(
                                TENANT, TENANT.TENANT_ID.eq(id.value()).and(TENANT.STATE.ne(GONE)))))
                .map(JooqTenants::tenant)
                .orElseThrow(() -> unknown(id));
    }

    @Override
    public Tenant rename(TenantId id, String displayName, @Nullable Long revision, Actor actor) {
        checkDisplayName(displayName);
        return database.act(id, actor, sql -> {
            Tenant before = locked(sql, id);
            if (revision != null && revision != before.revision()) {
                throw changed("the tenant \"" + id + "\" is at revision " + before.revision() + ", not " + revision);
            }
            if (before.displayName().equals(displayName)) {
                return Act.unchanged(before);
            }
            sql.update(TENANT)
                    .set(TENANT.DISPLAY_NAME, displayName)
                    .set(TENANT.REVISION, before.revision() + 1)
                    .where(TENANT.TENANT_ID.eq(id.value()))
                    .execute();
            Tenant after = new Tenant(id, displayName, before.state(), before.revision() + 1, before.createdAt());
            return Act.done(after, Fact.changed("tenant.rename", Subject.of("tenant", id), json(before), json(after)));
        });
    }

    @Override
    public Page<Tenant> tenants(String prefix, PageRequest page) {
        Optional<Cursor> start = Cursor.of("tenants", 1, page);
        List<Tenant> found = database.asPlatform(sql -> sql.selectFrom(TENANT)
                .where(start.map(after -> TENANT.TENANT_ID.gt(after.text(0))).orElseGet(DSL::noCondition))
                .and(TENANT.STATE.ne(GONE))
                .and(prefix.isEmpty() ? DSL.noCondition() : TENANT.TENANT_ID.startsWith(prefix))
                .orderBy(TENANT.TENANT_ID)
                .limit(page.limit() + 1)
                .fetch(JooqTenants::tenant));
        return Cursor.page(page, found, tenant -> Cursor.at("tenants", tenant.id()));
    }

    @Override
    public TenantEnvironment createEnvironment(TenantId tenant, Environment environment, Actor actor) {
        OffsetDateTime now = now();
        return database.act(tenant, actor, sql -> {
            requireActive(sql, tenant);
            if (insert(sql, tenant, environment, now) == 0) {
                throw Problem.of(
                                TenancyProblem.ENVIRONMENT_EXISTS,
                                "the tenant \"" + tenant + "\" has an environment \"" + environment + "\" already",
                                "Choose another name.")
                        .asException();
            }
            return Act.done(
                    new TenantEnvironment(new Scope(tenant, environment), now.toInstant()),
                    Fact.made("environment.create", Subject.of("environment", environment), Json.EMPTY_OBJECT)
                            .in(environment));
        });
    }

    @Override
    public Page<TenantEnvironment> environments(TenantId tenant, PageRequest page) {
        Optional<Cursor> start = Cursor.of("environments", 1, page);
        List<TenantEnvironment> found = database.inTenant(tenant, sql -> {
            requireTenant(sql, tenant);
            return sql.selectFrom(ENVIRONMENT)
                    .where(ENVIRONMENT.TENANT_ID.eq(tenant.value()))
                    .and(start.map(after -> ENVIRONMENT.NAME.gt(after.text(0))).orElseGet(DSL::noCondition))
                    .orderBy(ENVIRONMENT.NAME)
                    .limit(page.limit() + 1)
                    .fetch(JooqTenants::environment);
        });
        return Cursor.page(
                page, found, one -> Cursor.at("environments", one.scope().environment()));
    }

    @Override
    public TenantEnvironment environment(Scope scope) {
        return database.inTenant(scope.tenant(), sql -> Optional.ofNullable(sql.fetchOne(ENVIRONMENT, is(scope))))
                .map(JooqTenants::environment)
                .orElseThrow(() -> {
                    tenant(scope.tenant());
                    return unknown(scope);
                });
    }

    @Override
    public void deleteEnvironment(Scope scope, @Nullable Instant createdAt, Actor actor) {
        TenantEnvironment meant = environment(scope);
        if (createdAt != null && !createdAt.equals(meant.createdAt())) {
            throw changed("the environment " + scope + " was deleted and made anew");
        }
        // first nothing may be added, then it is looked whether anything is there: the other way round, something would
        // slip in
        UUID deletion = UUID.randomUUID();
        close(scope, deletion);
        boolean deleted = false;
        try {
            holdings.requireNone(scope);
            holdings.emptied(scope, actor);
            database.act(scope.tenant(), actor, sql -> {
                int rows = sql.deleteFrom(ENVIRONMENT)
                        .where(is(scope))
                        .and(ENVIRONMENT.CREATED_AT.eq(meant.createdAt().atOffset(ZoneOffset.UTC)))
                        .and(ENVIRONMENT.CLOSED_BY.eq(deletion))
                        .execute();
                if (rows == 0) {
                    // what was looked through may have been opened again since
                    throw changed("somebody else is deleting the environment " + scope + ", or has deleted it");
                }
                return Act.done(
                        rows,
                        Fact.removed(
                                        "environment.delete",
                                        Subject.of("environment", scope.environment()),
                                        Json.EMPTY_OBJECT)
                                .in(scope.environment()));
            });
            deleted = true;
        } finally {
            if (!deleted) {
                reopen(scope, deletion);
            }
        }
    }

    /** Waits for the acts that hold the environment; those that come later are refused. */
    private void close(Scope scope, UUID deletion) {
        database.note(
                scope.tenant(),
                sql -> sql.update(ENVIRONMENT)
                        .set(ENVIRONMENT.CLOSED_BY, deletion)
                        .where(is(scope))
                        .execute());
    }

    private void reopen(Scope scope, UUID deletion) {
        database.note(
                scope.tenant(),
                sql -> sql.update(ENVIRONMENT)
                        .setNull(ENVIRONMENT.CLOSED_BY)
                        .where(is(scope).and(ENVIRONMENT.CLOSED_BY.eq(deletion)))
                        .execute());
    }

    @Override
    public void require(Scope scope) {
        Optional<String> state = database.inTenant(
                scope.tenant(),
                sql -> sql.select(TENANT.STATE)
                        .from(ENVIRONMENT)
                        .join(TENANT)
                        .on(TENANT.TENANT_ID.eq(ENVIRONMENT.TENANT_ID))
                        .where(is(scope).and(ENVIRONMENT.CLOSED_BY.isNull()))
                        .fetchOptional(TENANT.STATE));
        if (state.isEmpty()) {
            tenant(scope.tenant());
            throw unknown(scope);
        }
        if (!state.get().equals(ACTIVE)) {
            throw leaving(scope.tenant());
        }
    }

    @Override
    public void hold(Transaction act, TenantId tenant, @Nullable Environment environment) {
        DSLContext sql = JooqTransaction.of(act);
        requireActive(sql, tenant);
        if (environment != null) {
            Scope scope = new Scope(tenant, environment);
            EnvironmentRecord row =
                    sql.selectFrom(ENVIRONMENT).where(is(scope)).forShare().fetchOne();
            if (row == null || row.getClosedBy() != null) {
                throw unknown(scope);
            }
        }
    }

    private static Condition is(Scope scope) {
        return ENVIRONMENT
                .TENANT_ID
                .eq(scope.tenant().value())
                .and(ENVIRONMENT.NAME.eq(scope.environment().value()));
    }

    /** The state of the tenant, which a change within it waits for; null when it was never there. */
    static @Nullable String state(DSLContext sql, TenantId id) {
        return sql.select(TENANT.STATE)
                .from(TENANT)
                .where(TENANT.TENANT_ID.eq(id.value()))
                .forShare()
                .fetchOne(TENANT.STATE);
    }

    /** Returns when the tenant is there and stays while this transaction lasts. */
    static void requireActive(DSLContext sql, TenantId id) {
        requireActive(state(sql, id), id);
    }

    /** As {@link #requireActive}, and waits for nobody. */
    static void requireThere(DSLContext sql, TenantId id) {
        requireActive(
                sql.select(TENANT.STATE)
                        .from(TENANT)
                        .where(TENANT.TENANT_ID.eq(id.value()))
                        .fetchOne(TENANT.STATE),
                id);
    }

    private static void requireActive(@Nullable String state, TenantId id) {
        if (state == null || state.equals(GONE)) {
            throw unknown(id);
        }
        if (state.equals(LEAVING)) {
            throw leaving(id);
        }
    }

    private static Tenant locked(DSLContext sql, TenantId id) {
        requireActive(sql, id);
        return sql.selectFrom(TENANT)
                .where(TENANT.TENANT_ID.eq(id.value()))
                .forUpdate()
                .fetchOptional(JooqTenants::tenant)
                .orElseThrow(() -> unknown(id));
    }

    private static Json json(Tenant tenant) {
        return Json.object(Map.of("displayName", tenant.displayName(), "revision", tenant.revision()));
    }

    private static void requireTenant(DSLContext sql, TenantId id) {
        if (!sql.fetchExists(TENANT, TENANT.TENANT_ID.eq(id.value()).and(TENANT.STATE.ne(GONE)))) {
            throw unknown(id);
        }
    }

    private static int insert(DSLContext sql, TenantId tenant, Environment environment, OffsetDateTime now) {
        return sql.insertInto(ENVIRONMENT)
                .set(ENVIRONMENT.TENANT_ID, tenant.value())
                .set(ENVIRONMENT.NAME, environment.value())
                .set(ENVIRONMENT.CREATED_AT, now)
                .onConflictDoNothing()
                .execute();
    }

    private static Tenant tenant(TenantRecord row) {
        return new Tenant(
                new TenantId(row.getTenantId()),
                row.getDisplayName(),
                row.getState().equals(ACTIVE) ? Tenant.State.ACTIVE : Tenant.State.LEAVING,
                row.getRevision(),
                row.getCreatedAt().toInstant());
    }

    private static TenantEnvironment environment(EnvironmentRecord row) {
        return new TenantEnvironment(
                Scope.of(row.getTenantId(), row.getName()), row.getCreatedAt().toInstant());
    }

    static ProblemException changed(String detail) {
        return Problem.of(CallerProblem.REVISION_CHANGED, detail, "Read it again and decide anew.")
                .asException();
    }

    private static ProblemException leaving(TenantId id) {
        return Problem.of(
                        TenancyProblem.TENANT_LEAVING,
                        "the tenant \"" + id + "\" is being offboarded",
                        "Nothing can be done within it any more.")
                .asException();
    }

    private static ProblemException unknown(Scope scope) {
        return Problem.of(
                        TenancyProblem.ENVIRONMENT_UNKNOWN,
                        "the tenant \"" + scope.tenant() + "\" has no environment \"" + scope.environment() + "\"",
                        "List its environments, or create this one first.")
                .asException();
    }

    static ProblemException unknown(TenantId id) {
        return Problem.of(
                        TenancyProblem.TENANT_UNKNOWN,
                        "there is no tenant \"" + id + "\"",
                        "List the tenants, or create this one first.")
                .asException();
    }

    static void checkDisplayName(String displayName) {
        if (displayName.isBlank()
                || displayName.length() > LONGEST_DISPLAY_NAME
                || displayName.chars().anyMatch(Character::isISOControl)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the display name is empty, longer than " + LONGEST_DISPLAY_NAME
                                    + " characters or has control characters",
                            "Give a name that people can read.")
                    .asException();
        }
    }

    /** As PostgreSQL keeps it: what is returned now equals what is read later. */
    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
