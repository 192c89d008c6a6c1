package io.maestro.launcher;

import io.maestro.api.node.NodeSettings;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/** A PostgreSQL that somebody else runs. */
final class ForeignDatabase {
    private static final int OLDEST = 15;
    private static final String SECONDS = "10";

    private ForeignDatabase() {}

    /** Connects once, so that a wrong address or password is told in one line. */
    static NodeSettings.Database check(Options.ExternalDatabase database) throws LaunchFailure {
        String password = Passwords.of(database.passwordFile(), System.getenv(CommandLine.PASSWORD_VARIABLE));
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", password);
        properties.setProperty("loginTimeout", SECONDS);
        properties.setProperty("connectTimeout", SECONDS);
        try (Connection connection = DriverManager.getConnection(database.url().toString(), properties)) {
            int major = connection.getMetaData().getDatabaseMajorVersion();
            if (major < OLDEST) {
                throw new LaunchFailure(
                        LaunchFailure.FAILED,
                        database.url() + " is PostgreSQL " + major + "; Maestro needs " + OLDEST + " or newer");
            }
            return new NodeSettings.Database(database.url(), database.user(), password);
        } catch (SQLException e) {
            throw new LaunchFailure(
                    "the database " + database.url() + " refuses user " + database.user() + ": "
                            + String.valueOf(e.getMessage()).replace('\n', ' '),
                    e);
        }
    }
}
