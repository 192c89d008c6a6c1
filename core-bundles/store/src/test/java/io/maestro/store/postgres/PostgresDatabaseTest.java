package io.maestro.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.store.Migrations;
import io.maestro.store.Migrations.Script;
import io.maestro.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PostgresDatabaseTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");

    private static final Migrations THINGS = new Migrations("things", List.of(new Script("V001__things.sql", """
            create schema things;
            create table things.thing (tenant_id varchar(63) not null, name varchar(63) not null, primary key (tenant_id, name));
            alter table things.thing enable row level security;
            create policy fence on things.thing
                using (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true))
                with check (current_setting('maestro.platform', true) = 'on' or tenant_id = current_setting('maestro.tenant', true));
            grant usage on schema things to maestro_app;
            grant select, insert, update, delete on things.thing to maestro_app;
            """)));

    private PostgresDatabase database = Databases.open(POSTGRES);

    @BeforeEach
    void migrate() throws SQLException {
        database.migrate(THINGS);
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("truncate things.thing");
            statement.execute("insert into things.thing values ('acme', 'anvil'), ('globex', 'globe')");
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void showsATenantItsOwnRowsOnly() {
        assertThat(database.inTenant(ACME, PostgresDatabaseTest::names)).containsExactly("anvil");
        assertThat(database.inTenant(GLOBEX, PostgresDatabaseTest::names)).containsExactly("globe");
        assertThat(database.asPlatform(PostgresDatabaseTest::names)).containsExactly("anvil", "globe");
    }

    /** Those who give connections back kept those who waited for them from waking up, on a machine that had much to do. */
    @Test
    void servesMoreVirtualThreadsThanItHasConnectionsWhileOthersCompute() throws Exception {
        int processors = Runtime.getRuntime().availableProcessors();
        AtomicBoolean busy = new AtomicBoolean(true);
        List<Thread> computing = new ArrayList<>();
        for (int i = 0; i < processors * 2; i++) {
            computing.add(Thread.ofPlatform().daemon().start(() -> {
                while (busy.get()) {
                    Thread.onSpinWait();
                }
            }));
        }
        List<Thread> asking = new ArrayList<>();
        AtomicInteger served = new AtomicInteger();
        try {
            for (int i = 0; i < 100; i++) {
                asking.add(Thread.startVirtualThread(() -> {
                    for (int look = 0; look < 20; look++) {
                        served.addAndGet(
                                database.asPlatform(PostgresDatabaseTest::names).size());
                    }
                }));
            }
            for (Thread each : asking) {
                assertThat(each.join(Duration.ofMinutes(2))).isTrue();
            }
        } finally {
            busy.set(false);
        }
        assertThat(served).hasValue(100 * 20 * 2);
        for (Thread each : computing) {
            each.join();
        }
    }

    @Test
    void keepsATenantFromWritingRowsOfAnother() {
        assertThatThrownBy(() ->
                        database.note(ACME, sql -> sql.execute("insert into things.thing values ('globex', 'stolen')")))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("row-level security");
        assertThat(database.<Integer>note(
                        ACME, sql -> sql.execute("update things.thing set name = 'x' where tenant_id = 'globex'")))
                .isZero();
        assertThat(database.<Integer>note(
                        ACME, sql -> sql.execute("delete from things.thing where tenant_id = 'globex'")))
                .isZero();
    }

    @Test
    void showsNothingToTheApplicationsRoleOutsideAScope() throws SQLException {
        try (Connection raw = POSTGRES.connect();
                Statement statement = raw.createStatement()) {
            statement.execute("set role maestro_app");
            try (var rows = statement.executeQuery("select count(*) from things.thing")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getInt(1)).isZero();
            }
        }
    }

    @Test
    void forgetsTheScopeWithTheTransaction() {
        // one connection in the pool at first: the next transaction gets the same one
        database.asPlatform(PostgresDatabaseTest::names);
        assertThat(database.inTenant(ACME, PostgresDatabaseTest::names)).containsExactly("anvil");
        assertThatThrownBy(() -> database.asPlatform(sql -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(database.inTenant(ACME, PostgresDatabaseTest::names)).containsExactly("anvil");
    }

    @Test
    void staysTheApplicationsRoleWhenTheFirstTransactionRollsBack() {
        database.close();
        database = Databases.open(POSTGRES);
        assertThatThrownBy(() -> database.asPlatform(sql -> {
                    throw new IllegalStateException("no");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(database.<String>asPlatform(sql -> String.valueOf(sql.fetchValue("select current_user"))))
                .isEqualTo("maestro_app");
    }

    @Test
    void rollsBackWhatFails() {
        assertThatThrownBy(() -> database.note(ACME, sql -> {
                    sql.execute("insert into things.thing values ('acme', 'rocket')");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        assertThat(database.inTenant(ACME, PostgresDatabaseTest::names)).containsExactly("anvil");
    }

    @Test
    void keepsTheApplicationsRoleFromChangingTables() {
        assertThatThrownBy(() -> database.noteAsPlatform(sql -> sql.execute("drop table things.thing")))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("must be owner");
        assertThatThrownBy(() -> database.noteAsPlatform(sql -> sql.execute("delete from store.migration")))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("permission denied");
    }

    @Test
    void saysThatTheDatabaseWentAwayInTheMiddle() throws SQLException {
        assertThatThrownBy(() -> database.inTenant(ACME, sql -> {
                    int backend = Integer.parseInt(String.valueOf(sql.fetchValue("select pg_backend_pid()")));
                    terminate(backend);
                    return names(sql);
                }))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("database-unavailable"));
        assertThat(database.inTenant(ACME, PostgresDatabaseTest::names)).containsExactly("anvil");
    }

    private static List<String> names(DSLContext sql) {
        return sql.fetch("select name from things.thing order by name").getValues(0, String.class);
    }

    private static void terminate(int backend) {
        try (Connection owner = POSTGRES.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("select pg_terminate_backend(" + backend + ", 5000)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
