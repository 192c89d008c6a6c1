package io.maestro.tenancy;

import static io.maestro.tenancy.tables.tenancy.Tables.ENVIRONMENT;
import static io.maestro.tenancy.tables.tenancy.Tables.TENANT;

import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.CallerProblem;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Cursor;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import io.maestro.tenancy.tables.tenancy.tables.records.EnvironmentRecord;
import io.maestro.tenancy.tables.tenancy.tables.records.TenantRecord;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

/** Tenants and environments as rows. */
final class JooqTenants implements Tenants {
    static final Migrations MIGRATIONS = Migrations.of("tenancy", JooqTenants.class, "V001__tenancy.sql");

    private static final List<Environment> FIRST_ENVIRONMENTS =
            List.of(new Environment("dev"), new Environment("staging"), new Environment("prod"));
    private static final int LONGEST_DISPLAY_NAME = 200;

    private final Database database;
    private final InstantSource clock;

    JooqTenants(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    @Override
    public Tenant create(TenantId id, String displayName) {
        checkDisplayName(displayName);
        OffsetDateTime now = now();
        return database.inTenant(id, sql -> {
            int created = sql.insertInto(TENANT)
                    .set(TENANT.TENANT_ID, id.value())
                    .set(TENANT.DISPLAY_NAME, displayName)
                    .set(TENANT.CREATED_AT, now)
                    .onConflictDoNothing()
                    .execute();
            if (created == 0) {
                throw Problem.of(
                                TenancyProblem.TENANT_EXISTS,
                                "the tenant \"" + id + "\" exists already",
                                "Choose another name.")
                        .asException();
            }
            FIRST_ENVIRONMENTS.forEach(environment -> insert(sql, id, environment, now));
            return new Tenant(id, displayName, now.toInstant());
        });
    }

    @Override
    public Tenant tenant(TenantId id) {
        return database.inTenant(id, sql -> Optional.ofNullable(sql.fetchOne(TENANT, TENANT.TENANT_ID.eq(id.value()))))
                .map(JooqTenants::tenant)
                .orElseThrow(() -> unknown(id));
    }

    @Override
    public Page<Tenant> tenants(PageRequest page) {
        Optional<Cursor> start = Cursor.of("tenants", 1, page);
        List<Tenant> found = database.asPlatform(sql -> sql.selectFrom(TENANT)
                .where(start.map(after -> TENANT.TENANT_ID.gt(after.text(0))).orElseGet(DSL::noCondition))
                .orderBy(TENANT.TENANT_ID)
                .limit(page.limit() + 1)
                .fetch(JooqTenants::tenant));
        return Cursor.page(page, found, tenant -> Cursor.at("tenants", tenant.id()));
    }

    @Override
    public TenantEnvironment createEnvironment(TenantId tenant, Environment environment) {
        OffsetDateTime now = now();
        return database.inTenant(tenant, sql -> {
            requireTenant(sql, tenant);
            if (insert(sql, tenant, environment, now) == 0) {
                throw Problem.of(
                                TenancyProblem.ENVIRONMENT_EXISTS,
                                "the tenant \"" + tenant + "\" has an environment \"" + environment + "\" already",
                                "Choose another name.")
                        .asException();
            }
            return new TenantEnvironment(new Scope(tenant, environment), now.toInstant());
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
    public void require(Scope scope) {
        boolean exists = database.inTenant(
                scope.tenant(),
                sql -> sql.fetchExists(
                        ENVIRONMENT,
                        ENVIRONMENT
                                .TENANT_ID
                                .eq(scope.tenant().value())
                                .and(ENVIRONMENT.NAME.eq(scope.environment().value()))));
        if (!exists) {
            tenant(scope.tenant());
            throw Problem.of(
                            TenancyProblem.ENVIRONMENT_UNKNOWN,
                            "the tenant \"" + scope.tenant() + "\" has no environment \"" + scope.environment() + "\"",
                            "List its environments, or create this one first.")
                    .asException();
        }
    }

    private static void requireTenant(DSLContext sql, TenantId id) {
        if (!sql.fetchExists(TENANT, TENANT.TENANT_ID.eq(id.value()))) {
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
                row.getCreatedAt().toInstant());
    }

    private static TenantEnvironment environment(EnvironmentRecord row) {
        return new TenantEnvironment(
                Scope.of(row.getTenantId(), row.getName()), row.getCreatedAt().toInstant());
    }

    private static ProblemException unknown(TenantId id) {
        return Problem.of(
                        TenancyProblem.TENANT_UNKNOWN,
                        "there is no tenant \"" + id + "\"",
                        "List the tenants, or create this one first.")
                .asException();
    }

    private static void checkDisplayName(String displayName) {
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
