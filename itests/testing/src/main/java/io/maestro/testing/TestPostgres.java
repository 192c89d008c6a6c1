package io.maestro.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A fresh database on a real PostgreSQL for each test class:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final TestPostgres POSTGRES = new TestPostgres();
 * }</pre>
 *
 * Roles belong to the server and so are shared by all databases of a JVM. Tests without Jupiter call {@link #fresh()}.
 */
public final class TestPostgres implements BeforeAllCallback, AfterAllCallback {
    private @Nullable TestDatabase database;

    /** Creates a database that nobody else uses; starts the server when it does not run yet. */
    public static TestDatabase fresh() {
        String name = "test_" + UUID.randomUUID().toString().replace('-', '_');
        execute("create database " + name);
        String url = "jdbc:postgresql://127.0.0.1:" + Server.RUNNING.getPort() + "/" + name;
        return new TestDatabase(url, "postgres", "", name);
    }

    /** Removes a database with everything that is still connected to it. */
    public static void drop(TestDatabase database) {
        execute("drop database if exists " + database.name() + " with (force)");
    }

    /** The database of this test class. */
    public TestDatabase database() {
        TestDatabase current = database;
        if (current == null) {
            throw new IllegalStateException("outside a test class: register this as a static extension");
        }
        return current;
    }

    /** Its JDBC address, without credentials. */
    public String url() {
        return database().url();
    }

    /** Its owner, a superuser. */
    public String user() {
        return database().user();
    }

    /** The owner's password. */
    public String password() {
        return database().password();
    }

    /** A connection as the owner, past every row-level security. */
    public Connection connect() throws SQLException {
        return database().connect();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        database = fresh();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        drop(database());
        database = null;
    }

    private static void execute(String sql) {
        try (Connection connection = Server.RUNNING.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * A database of its own.
     *
     * @param url its JDBC address, without credentials
     * @param user its owner, a superuser
     * @param password the owner's password
     * @param name its name on the server
     */
    public record TestDatabase(String url, String user, String password, String name) {
        /** A connection as the owner, past every row-level security. */
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(url, user, password);
        }
    }

    private static final class Server {
        static final EmbeddedPostgres RUNNING = start();

        private static EmbeddedPostgres start() {
            try {
                // one folder per user: the unpacked binaries of another user can be neither run nor replaced
                Path folder = Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "maestro-test-postgres-" + System.getProperty("user.name"));
                return EmbeddedPostgres.builder()
                        .setOverrideWorkingDirectory(
                                Files.createDirectories(folder).toFile())
                        .setServerConfig("fsync", "off")
                        .setServerConfig("full_page_writes", "off")
                        .setServerConfig("listen_addresses", "127.0.0.1")
                        .setPGStartupWait(Duration.ofMinutes(2))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
