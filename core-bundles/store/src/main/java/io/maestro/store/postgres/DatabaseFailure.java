package io.maestro.store.postgres;

import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.store.StoreProblem;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells apart why PostgreSQL failed us, by SQLSTATE. */
final class DatabaseFailure {
    private DatabaseFailure() {}

    /** Whether the server is away, starting, stopping or full, so that waiting may help. */
    static boolean passes(@Nullable SQLException failure) {
        if (failure instanceof SQLTransientConnectionException) {
            return true;
        }
        String state = failure == null ? null : failure.getSQLState();
        return state != null && (state.startsWith("08") || state.startsWith("57P") || state.equals("53300"));
    }

    /** No connection, or none any more. The driver's message is for the log: it names hosts. */
    static ProblemException unavailable(Exception cause) {
        return Problem.of(
                        StoreProblem.DATABASE_UNAVAILABLE,
                        "the database gave no answer in time",
                        "Try again soon. If it lasts, see whether PostgreSQL runs and takes connections.")
                .with(Retry.after(Duration.ofSeconds(1)))
                .asException(cause);
    }

    /** While opening, the reader of the message is the operator: it names what the driver said. */
    static ProblemException refused(String url, String user, SQLException cause) {
        String state = String.valueOf(cause.getSQLState());
        return switch (state) {
            // 42501 no right; 42704 and 22023 the role to work as does not exist
            case "42501", "42704", "22023" ->
                Problem.of(
                                StoreProblem.DATABASE_PRIVILEGE_MISSING,
                                "the login \"" + user
                                        + "\" cannot make or become the role maestro_app, or may not create"
                                        + " schemas: " + cause.getMessage(),
                                "As a superuser: create role maestro_app nologin; grant maestro_app to \"" + user
                                        + "\"; grant create on database … to \"" + user + "\";")
                        .asException(cause);
            default ->
                Problem.of(
                                StoreProblem.DATABASE_UNAVAILABLE,
                                "cannot open " + url + " as \"" + user + "\": " + cause.getMessage(),
                                "See that PostgreSQL runs there, that the database exists and that the login is right.")
                        .asException(cause);
        };
    }
}
