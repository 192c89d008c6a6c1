package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.assembly.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the binaries that the build has unpacked, as the distribution does. */
final class PostgresServerTest {
    private static final Path HOME = Path.of("target/database-test").toAbsolutePath();

    @TempDir
    private Path temporary;

    private Home home;
    private DataFolder data;

    @BeforeEach
    void takesADataFolder() throws IOException, LaunchFailure {
        int major = PostgresBinaries.onClassPath().unpack(HOME.resolve("postgres"));
        home = new Home(HOME, "1", "one", major);
        data = DataFolder.take(temporary.resolve("data"));
    }

    @AfterEach
    void letsGoOfIt() throws IOException {
        data.close();
    }

    private static Connection connect(PostgresServer server, String user, String password) throws SQLException {
        return DriverManager.getConnection(server.url().toString(), user, password);
    }

    @Test
    void keepsDataFromOneStartToTheNext() throws Exception {
        PostgresServer first = PostgresServer.start(home, data);
        try (Connection connection = connect(first, "maestro", first.password())) {
            connection.createStatement().execute("create table kept (id int)");
        }
        first.stop();
        PostgresServer second = PostgresServer.start(home, data);
        try (Connection connection = connect(second, "maestro", second.password())) {
            assertThat(connection
                            .createStatement()
                            .executeQuery("select * from kept")
                            .next())
                    .isFalse();
        }
        second.stop();
    }

    @Test
    void letsNobodyInWithoutThePassword() throws Exception {
        PostgresServer server = PostgresServer.start(home, data);
        assertThatThrownBy(() -> connect(server, "maestro", "guess").close()).hasMessageContaining("password");
        assertThatThrownBy(() -> connect(server, "postgres", server.password()).close())
                .hasMessageContaining("no pg_hba.conf entry");
        server.stop();
    }

    @Test
    void stopsWhatAKilledNodeLeftRunning() throws Exception {
        PostgresServer.start(home, data);
        long leftOver = postmaster();

        PostgresServer server = PostgresServer.start(home, data);

        assertThat(ProcessHandle.of(leftOver).filter(ProcessHandle::isAlive)).isEmpty();
        connect(server, "maestro", server.password()).close();
        server.stop();
    }

    @Test
    void startsBesideAStrangerWhoHasTheNumberNow() throws Exception {
        PostgresServer.start(home, data).stop();
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            Files.writeString(pidFile(), stranger.pid() + "\n" + data.resolve("postgres") + "\n");

            PostgresServer.start(home, data).stop();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void refusesAFolderOfAnotherVersion() throws Exception {
        Files.createDirectories(data.resolve("postgres"));
        Files.writeString(data.resolve("postgres/PG_VERSION"), "15\n");

        assertThatThrownBy(() -> PostgresServer.start(home, data))
                .hasMessageContaining("is of PostgreSQL 15, but this release brings PostgreSQL 18");
    }

    @Test
    void beginsAnewWhenTheFirstStartWasCutShort() throws Exception {
        Files.createDirectories(data.resolve("postgres.new"));
        Files.writeString(data.resolve("postgres.new/PG_VERSION"), "18\n");

        PostgresServer server = PostgresServer.start(home, data);

        connect(server, "maestro", server.password()).close();
        server.stop();
        assertThat(data.resolve("postgres.new")).doesNotExist();
    }

    private Path pidFile() {
        return data.resolve("postgres/postmaster.pid");
    }

    private long postmaster() throws IOException {
        return Long.parseLong(Files.readAllLines(pidFile()).getFirst());
    }
}
