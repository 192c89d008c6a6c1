package io.maestro.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.node.NodeSettings;
import io.maestro.model.ProblemException;
import io.maestro.store.Migrations;
import io.maestro.store.Migrations.Script;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class MigrationsTest {
    private static final Script FIRST =
            new Script("V001__first.sql", "create schema zoo; create table zoo.cage (id int)");
    private static final Script SECOND = new Script("V002__second.sql", "create table zoo.animal (id int)");

    @SuppressWarnings("NullAway.Init") // fresh before each test
    private TestDatabase database;

    @BeforeEach
    void freshDatabase() {
        database = TestPostgres.fresh();
    }

    @AfterEach
    void dropDatabase() {
        TestPostgres.drop(database);
    }

    @Test
    void runsEachScriptOnce() throws SQLException {
        migrate(FIRST);
        migrate(FIRST);
        migrate(FIRST, SECOND);
        assertThat(ran()).containsExactly("V001__first.sql", "V002__second.sql");
    }

    @Test
    void isDoneTwiceByTheSameNode() throws SQLException {
        try (PostgresDatabase store = open()) {
            store.migrate(zoo(FIRST));
            store.migrate(zoo(FIRST, SECOND));
            store.migrate(zoo(FIRST, SECOND));
        }
        assertThat(ran()).hasSize(2);
    }

    @Test
    void refusesAScriptThatChangedAfterItRan() {
        migrate(FIRST);
        assertCode(() -> migrate(new Script(FIRST.name(), FIRST.sql() + " ")), "migration-changed");
    }

    @Test
    void takesLineEndsOfAnotherSystemForNoChange() throws SQLException {
        migrate(new Script(FIRST.name(), "create schema zoo;\ncreate table zoo.cage (id int)\n"));
        migrate(new Script(FIRST.name(), "create schema zoo;\r\ncreate table zoo.cage (id int)\r\n"));
        assertThat(ran()).hasSize(1);
    }

    @Test
    void refusesAScriptSlippedInBeforeOneThatRan() {
        migrate(FIRST, SECOND);
        Script between = new Script("V001__second_thought.sql", "select 1");
        assertCode(() -> migrate(FIRST, between, SECOND), "migration-changed");
    }

    @Test
    void refusesASchemaOfANewerRelease() {
        migrate(FIRST, SECOND);
        assertCode(() -> migrate(FIRST), "schema-newer");
    }

    @Test
    void leavesNothingOfAScriptThatFails() throws SQLException {
        Script broken = new Script("V002__broken.sql", "create table zoo.animal (id int); select nonsense");
        assertThatThrownBy(() -> migrate(FIRST, broken)).isInstanceOf(ProblemException.class);
        assertThat(ran()).isEmpty();
        migrate(FIRST, SECOND);
        assertThat(ran()).hasSize(2);
    }

    @Test
    void refusesScriptsOutOfOrder() {
        assertThatThrownBy(() -> migrate(SECOND, FIRST)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void runsOnceWhenManyNodesStartAtTheSameTime() throws Exception {
        Script slow = new Script("V001__slow.sql", FIRST.sql() + "; select pg_sleep(0.2)");
        try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> starts = IntStream.range(0, 4)
                    .mapToObj(node -> nodes.submit(() -> migrate(slow, SECOND)))
                    .toList();
            for (Future<?> start : starts) {
                start.get();
            }
        }
        assertThat(ran()).containsExactly("V001__slow.sql", "V002__second.sql");
    }

    @Test
    void recordsTheStoresOwnSchema() throws SQLException {
        open().close();
        open().close();
        assertThat(ran("store")).containsExactly("V001__store.sql", "V002__facts.sql", "V003__events.sql");
    }

    @Test
    void asksForTheRightsThatTheLoginLacks() throws SQLException {
        String login = "plain_" + database.name();
        owner("create role " + login + " login");
        try {
            assertThatThrownBy(() -> PostgresDatabase.open(
                            new NodeSettings.Database(URI.create(database.url()), login, ""), Duration.ZERO))
                    .isInstanceOfSatisfying(ProblemException.class, e -> {
                        assertThat(e.problem().code()).isEqualTo("database-privilege-missing");
                        assertThat(e.problem().fix()).contains("grant maestro_app to \"" + login + "\"");
                    });
        } finally {
            owner("drop role " + login);
        }
    }

    @Test
    void worksForAnOwnerWhoIsNoSuperuser() throws SQLException {
        String login = "owner_" + database.name();
        owner("create role " + login + " login createrole");
        owner("create role maestro_app_probe_" + login); // a role of its own must not matter
        try {
            open().close(); // as superuser: the role maestro_app is surely there
            owner("drop schema store cascade");
            owner("grant create on database " + database.name() + " to " + login);
            owner("grant maestro_app to " + login);
            try (PostgresDatabase store = PostgresDatabase.open(
                    new NodeSettings.Database(URI.create(database.url()), login, ""), Duration.ZERO)) {
                assertThat(store.<String>asPlatform(sql -> String.valueOf(sql.fetchValue("select current_user"))))
                        .isEqualTo("maestro_app");
            }
        } finally {
            TestPostgres.drop(database);
            database = TestPostgres.fresh();
            owner("drop role maestro_app_probe_" + login);
            owner("drop role " + login);
        }
    }

    @Test
    void saysWhenNothingAnswers() {
        assertThatThrownBy(() -> PostgresDatabase.open(
                        new NodeSettings.Database(URI.create("jdbc:postgresql://127.0.0.1:1/none"), "nobody", ""),
                        Duration.ZERO))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("database-unavailable"));
    }

    private PostgresDatabase open() {
        return PostgresDatabase.open(Databases.settings(database), Duration.ofSeconds(5));
    }

    private void migrate(Script... scripts) {
        try (PostgresDatabase store = open()) {
            store.migrate(zoo(scripts));
        }
    }

    private static Migrations zoo(Script... scripts) {
        return new Migrations("zoo", List.of(scripts));
    }

    private List<String> ran() throws SQLException {
        return ran("zoo");
    }

    private List<String> ran(String schema) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select coalesce(string_agg(name, ',' order by name), '') from store.migration where schema = '"
                                + schema + "'")) {
            rows.next();
            String names = rows.getString(1);
            return names.isEmpty() ? List.of() : List.of(names.split(",", -1));
        }
    }

    private void owner(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void assertCode(ThrowingCallable act, String code) {
        assertThatThrownBy(act)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo(code));
    }
}
