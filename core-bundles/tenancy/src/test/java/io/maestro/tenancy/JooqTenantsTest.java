package io.maestro.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JooqTenantsTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Actor ACTOR = Actor.system("test");
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    private final Instant now = Instant.parse("2026-05-05T05:05:05.123456789Z");
    private final List<TenantHoldings> engines = new ArrayList<>();
    private final JooqTenants tenants =
            new JooqTenants(database, new Holdings(new JooqDepartures(database, () -> now), engines), () -> now);

    @BeforeAll
    static void open() {
        database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
        database.migrate(JooqTenants.MIGRATIONS);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @BeforeEach
    void empty() throws SQLException {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            statement.execute(
                    "truncate tenancy.tenant, tenancy.environment, tenancy.member, tenancy.offboarding, tenancy.offboarding_part");
        }
    }

    @Test
    void createsATenantWithItsFirstEnvironments() {
        Tenant created = tenants.create(ACME, "Acme Inc. – Ünïcode", ACTOR);
        assertThat(tenants.tenant(ACME)).isEqualTo(created);
        assertThat(tenants.environments(ACME, PageRequest.first()).items())
                .extracting(environment -> environment.scope().toString())
                .containsExactly("acme/dev", "acme/prod", "acme/staging");
    }

    @Test
    void refusesATenantThatExists() {
        tenants.create(ACME, "Acme", ACTOR);
        assertCode(() -> tenants.create(ACME, "Another", ACTOR), "tenant-exists");
        assertThat(tenants.tenant(ACME).displayName()).isEqualTo("Acme");
    }

    @Test
    void createsATenantOnceWhenManyAskAtTheSameTime() throws Exception {
        List<Future<Tenant>> asked = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 6; i++) {
                asked.add(callers.submit(() -> tenants.create(ACME, "Acme", ACTOR)));
            }
        }
        assertThat(asked).filteredOn(one -> one.state() == Future.State.SUCCESS).hasSize(1);
        assertThat(asked)
                .filteredOn(one -> one.state() == Future.State.FAILED)
                .hasSize(5)
                .allSatisfy(one -> assertThat(one.exceptionNow()).hasMessageStartingWith("tenant-exists"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "line\nbreak", "null\0"})
    void refusesAnOddDisplayName(String odd) {
        assertCode(() -> tenants.create(ACME, odd, ACTOR), "invalid-request");
        assertCode(() -> tenants.create(ACME, "x".repeat(201), ACTOR), "invalid-request");
    }

    @Test
    void doesNotKnowATenantThatWasNeverCreated() {
        assertCode(() -> tenants.tenant(ACME), "tenant-unknown");
        assertCode(() -> tenants.environments(ACME, PageRequest.first()), "tenant-unknown");
        assertCode(() -> tenants.createEnvironment(ACME, new Environment("qa"), ACTOR), "tenant-unknown");
        assertCode(() -> tenants.require(Scope.of("acme", "dev")), "tenant-unknown");
    }

    @Test
    void addsAnEnvironmentOnce() {
        tenants.create(ACME, "Acme", ACTOR);
        TenantEnvironment added = tenants.createEnvironment(ACME, new Environment("qa"), ACTOR);
        assertThat(tenants.environments(ACME, PageRequest.first()).items()).contains(added);
        assertCode(() -> tenants.createEnvironment(ACME, new Environment("qa"), ACTOR), "environment-exists");
    }

    @Test
    void requiresTenantAndEnvironment() {
        tenants.create(ACME, "Acme", ACTOR);
        tenants.create(GLOBEX, "Globex", ACTOR);
        tenants.createEnvironment(GLOBEX, new Environment("qa"), ACTOR);
        tenants.require(Scope.of("acme", "dev"));
        tenants.require(Scope.of("globex", "qa"));
        assertCode(() -> tenants.require(Scope.of("acme", "qa")), "environment-unknown");
    }

    @Test
    void pagesThroughAllTenantsByNameWithoutGapOrRepeat() {
        List<String> names = List.of("a", "a-b", "a1", "ab", "b", "ii", "z0");
        names.reversed().forEach(name -> tenants.create(new TenantId(name), name, ACTOR));
        List<String> seen = new ArrayList<>();
        @Nullable String cursor = null;
        do {
            Page<Tenant> page = tenants.tenants(new PageRequest(3, cursor));
            page.items().forEach(tenant -> seen.add(tenant.id().value()));
            cursor = page.next();
        } while (cursor != null);
        assertThat(seen).containsExactlyElementsOf(names.stream().sorted().toList());
    }

    @Test
    void findsTenantsByTheBeginningOfTheirIds() {
        List.of("ab", "a-b", "b", "a-c").forEach(name -> tenants.create(new TenantId(name), name, ACTOR));

        Page<Tenant> first = tenants.tenants("a-", new PageRequest(1, null));

        assertThat(first.items()).extracting(tenant -> tenant.id().value()).containsExactly("a-b");
        assertThat(tenants.tenants("a-", new PageRequest(9, first.next())).items())
                .extracting(tenant -> tenant.id().value())
                .containsExactly("a-c");
        assertThat(tenants.tenants("a%", PageRequest.first()).items()).isEmpty();
    }

    @Test
    void continuesAfterATenantCreatedMeanwhile() {
        List.of("a", "c", "e").forEach(name -> tenants.create(new TenantId(name), name, ACTOR));
        Page<Tenant> first = tenants.tenants(new PageRequest(2, null));
        tenants.create(new TenantId("b"), "b", ACTOR);
        tenants.create(new TenantId("d"), "d", ACTOR);
        assertThat(tenants.tenants(new PageRequest(10, first.next())).items())
                .extracting(tenant -> tenant.id().value())
                .containsExactly("d", "e");
    }

    @Test
    void refusesACursorItDidNotGive() {
        assertCode(() -> tenants.tenants(new PageRequest(3, "bogus")), "invalid-cursor");
        tenants.create(ACME, "Acme", ACTOR);
        String next = tenants.environments(ACME, new PageRequest(1, null)).next();
        assertCode(() -> tenants.tenants(new PageRequest(3, next)), "invalid-cursor");
    }

    @Test
    void hidesTenantsFromOneAnotherInTheDatabaseItself() {
        tenants.create(ACME, "Acme", ACTOR);
        tenants.create(GLOBEX, "Globex", ACTOR);
        assertThat(names("select tenant_id from tenancy.tenant")).containsExactly("acme");
        assertThat(names("select distinct tenant_id from tenancy.environment")).containsExactly("acme");
    }

    @Test
    void showsNothingToTheApplicationsRoleOutsideAScope() throws SQLException {
        tenants.create(ACME, "Acme", ACTOR);
        try (Connection raw = POSTGRES.connect();
                Statement statement = raw.createStatement()) {
            statement.execute("set role maestro_app");
            for (String table : List.of("tenant", "environment")) {
                try (var rows = statement.executeQuery("select count(*) from tenancy." + table)) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).as(table).isZero();
                }
            }
        }
    }

    private static List<String> names(String query) {
        return database.inTenant(ACME, sql -> sql.fetch(query).getValues(0, String.class));
    }

    private static void assertCode(ThrowingCallable act, String code) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
