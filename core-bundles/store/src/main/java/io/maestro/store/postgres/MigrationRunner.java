package io.maestro.store.postgres;

import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import io.maestro.store.Migrations;
import io.maestro.store.Migrations.Script;
import io.maestro.store.StoreProblem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * Brings schemas up to date, each in one transaction under one advisory lock. What ran is read once for all schemas, so
 * that an up-to-date schema costs nothing at start; when something is missing, it is read again under the lock.
 */
final class MigrationRunner {
    private static final System.Logger LOG = System.getLogger(MigrationRunner.class.getName());
    private static final Pattern NAME = Pattern.compile("V\\d{3}__[a-z0-9_]+\\.sql");

    /** Names our lock among the advisory locks of the database. */
    private static final long LOCK = 0x6d61657374726fL;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final DataSource owner;
    private final InstantSource clock;
    private final Map<String, List<Ran>> known;

    private record Ran(String name, String checksum) {}

    /** Reads what ran. The connection commits by itself and stays the caller's. */
    MigrationRunner(DataSource owner, Connection connection, InstantSource clock) throws SQLException {
        this.owner = owner;
        this.clock = clock;
        this.known = Map.copyOf(readWhatRan(connection));
    }

    void run(Migrations wanted) throws SQLException {
        checkNames(wanted);
        if (pending(wanted, known).isEmpty()) {
            return;
        }
        try (Connection connection = owner.getConnection()) {
            connection.setAutoCommit(false);
            lock(connection, wanted.schema());
            // the fences bind the owner too, and a script is no tenant's
            execute(connection, "set local maestro.platform = 'on'");
            Map<String, List<Ran>> ran = readWhatRan(connection);
            for (Script script : pending(wanted, ran)) {
                LOG.log(System.Logger.Level.INFO, "migrating {0}: {1}", wanted.schema(), script.name());
                execute(connection, script.sql());
                record(connection, wanted.schema(), script);
            }
            bindOwner(connection, wanted.schema());
            connection.commit();
        }
    }

    /** What ran must be the beginning of what is wanted; the rest is to run. */
    private static List<Script> pending(Migrations wanted, Map<String, List<Ran>> known) {
        List<Ran> ran = known.getOrDefault(wanted.schema(), List.of());
        List<Script> scripts = wanted.scripts();
        for (int i = 0; i < Math.min(ran.size(), scripts.size()); i++) {
            Script script = scripts.get(i);
            if (!ran.get(i).equals(new Ran(script.name(), checksum(script)))) {
                throw refusal(
                        StoreProblem.MIGRATION_CHANGED,
                        "schema " + wanted.schema() + ": " + ran.get(i).name() + " ran, but this release has another "
                                + script.name() + " in its place",
                        "A script that ran is never edited. Start the release that wrote this database, or restore it.");
            }
        }
        if (ran.size() > scripts.size()) {
            throw refusal(
                    StoreProblem.SCHEMA_NEWER,
                    "schema " + wanted.schema() + ": " + ran.get(scripts.size()).name()
                            + " ran, which this release lacks",
                    "Start the newer release, or restore a database of this one.");
        }
        return scripts.subList(ran.size(), scripts.size());
    }

    /** Whoever holds the owner's connection by mistake stays behind the fences, unless it is a superuser's. */
    private static void bindOwner(Connection connection, String schema) throws SQLException {
        List<String> unbound = new ArrayList<>();
        try (PreparedStatement tables = connection.prepareStatement(
                "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                        + " where n.nspname = ? and c.relrowsecurity and not c.relforcerowsecurity")) {
            tables.setString(1, schema);
            try (ResultSet rows = tables.executeQuery()) {
                while (rows.next()) {
                    unbound.add(rows.getString(1));
                }
            }
        }
        for (String table : unbound) {
            execute(connection, "alter table " + table + " force row level security");
        }
    }

    private static void lock(Connection connection, String schema) throws SQLException {
        try {
            execute(connection, "set local lock_timeout = '60s'; select pg_advisory_xact_lock(" + LOCK + ")");
            execute(connection, "set local lock_timeout = default");
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw Problem.of(
                                StoreProblem.DATABASE_UNAVAILABLE,
                                "schema " + schema + " waited 60 s for another node's migration",
                                "Wait until that node has started, or see in pg_locks who holds the advisory lock.")
                        .asException(e);
            }
            throw e;
        }
    }

    private static boolean tableExists(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select to_regclass('store.migration') is not null")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static Map<String, List<Ran>> readWhatRan(Connection connection) throws SQLException {
        Map<String, List<Ran>> ran = new HashMap<>();
        if (!tableExists(connection)) {
            return ran; // a new database: the store's own first script makes the table
        }
        // collate: the order of names is ours, whatever the database's
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select schema, name, checksum from store.migration order by schema, name collate \"C\"")) {
            while (rows.next()) {
                ran.computeIfAbsent(rows.getString(1), schema -> new ArrayList<>())
                        .add(new Ran(rows.getString(2), rows.getString(3)));
            }
        }
        return ran;
    }

    private void record(Connection connection, String schema, Script script) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into store.migration (schema, name, checksum, ran_at) values (?,?,?,?)")) {
            insert.setString(1, schema);
            insert.setString(2, script.name());
            insert.setString(3, checksum(script));
            insert.setObject(4, clock.instant().atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    private static void checkNames(Migrations wanted) {
        String before = "";
        for (Script script : wanted.scripts()) {
            if (!NAME.matcher(script.name()).matches() || script.name().compareTo(before) <= 0) {
                throw new IllegalArgumentException("migration out of order or badly named: " + script.name());
            }
            before = script.name();
        }
    }

    /** Of the text with Unix line ends, so that a checkout on another system is no change. */
    private static String checksum(Script script) {
        return Digest.sha256(script.sql().replace("\r\n", "\n")).hex();
    }

    private static ProblemException refusal(ProblemCode code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }
}
