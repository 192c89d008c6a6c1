package io.maestro.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of a node: a small pool of connections that work as {@code maestro_app}, and the owner's for migrations. */
public final class PostgresDatabase implements Database, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final NodeSettings.Database settings;
    private final MigrationRunner migrations;
    private final HikariDataSource pool;
    private final Configuration jooq;

    private PostgresDatabase(NodeSettings.Database settings, MigrationRunner migrations, HikariDataSource pool) {
        this.settings = settings;
        this.migrations = migrations;
        this.pool = pool;
        this.jooq = new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new Settings().withRenderSchema(true).withExecuteLogging(false));
    }

    /**
     * Opens the database and brings the store's own schema up to date. Waits up to 30 seconds for a server that is still
     * starting. Blocks; the caller closes.
     *
     * @throws io.maestro.model.ProblemException {@link io.maestro.store.StoreProblem#DATABASE_UNAVAILABLE},
     *     {@link io.maestro.store.StoreProblem#DATABASE_PRIVILEGE_MISSING}, and those of {@link #migrate}
     */
    public static PostgresDatabase open(NodeSettings.Database settings) {
        return open(settings, PATIENCE);
    }

    static PostgresDatabase open(NodeSettings.Database settings, Duration patience) {
        // jOOQ greets through its logger unless told so before its first use, and only by these
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        PGSimpleDataSource owner = source(settings);
        try {
            MigrationRunner migrations;
            try (Connection connection = connect(owner, patience)) {
                migrations = new MigrationRunner(owner, connection, InstantSource.system());
            }
            migrations.run(Migrations.of("store", Database.class, "V001__store.sql"));
            return new PostgresDatabase(settings, migrations, pool(settings));
        } catch (SQLException e) {
            throw DatabaseFailure.refused(settings.url().toString(), settings.user(), e);
        }
    }

    @Override
    public <R> R inTenant(TenantId tenant, Function<DSLContext, R> work) {
        return transact("maestro.tenant", tenant.value(), work);
    }

    @Override
    public <R> R asPlatform(Function<DSLContext, R> work) {
        return transact("maestro.platform", "on", work);
    }

    @Override
    public void migrate(Migrations wanted) {
        try {
            migrations.run(wanted);
        } catch (SQLException e) {
            throw DatabaseFailure.refused(settings.url().toString(), settings.user(), e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private <R> R transact(String setting, String value, Function<DSLContext, R> work) {
        try (Connection connection = pool.getConnection()) {
            boolean committed = false;
            try {
                fence(connection, setting, value);
                R result = work.apply(DSL.using(jooq.derive(new DefaultConnectionProvider(connection))));
                connection.commit();
                committed = true;
                return result;
            } finally {
                if (!committed) {
                    connection.rollback();
                }
            }
        } catch (SQLException e) {
            throw DatabaseFailure.unavailable(e);
        } catch (DataAccessException e) {
            if (DatabaseFailure.passes(e.getCause(SQLException.class))) {
                throw DatabaseFailure.unavailable(e);
            }
            throw e;
        }
    }

    /** Opens the fence for this transaction only: the setting ends with it, whichever way it ends. */
    private static void fence(Connection connection, String setting, String value) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select set_config(?, ?, true)")) {
            set.setString(1, setting);
            set.setString(2, value);
            set.execute();
        }
    }

    private static HikariDataSource pool(NodeSettings.Database settings) throws SQLException {
        PGSimpleDataSource source = source(settings);
        // a server that no longer answers must not hold a thread for ever
        source.setSocketTimeout(60);
        HikariConfig config = new HikariConfig();
        config.setPoolName("maestro");
        config.setDataSource(source);
        config.setMaximumPoolSize(10);
        config.setMinimumIdle(1);
        config.setAutoCommit(false);
        config.setConnectionTimeout(5_000);
        // the server answered a moment ago: if the first connection fails, waiting will not help
        config.setInitializationFailTimeout(1);
        config.setConnectionInitSql("set role maestro_app");
        // commits the line above; else the first rollback would make the connection the owner's again, past the fence
        config.setIsolateInternalQueries(true);
        try {
            return new HikariDataSource(config);
        } catch (PoolInitializationException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static PGSimpleDataSource source(NodeSettings.Database settings) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setURL(settings.url().toString());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName("maestro");
        source.setConnectTimeout(5);
        source.setLoginTimeout(5);
        source.setTcpKeepAlive(true);
        return source;
    }

    private static Connection connect(PGSimpleDataSource owner, Duration patience) throws SQLException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return owner.getConnection();
            } catch (SQLException e) {
                if (!DatabaseFailure.passes(e) || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                pause(e);
            }
        }
    }

    private static void pause(SQLException why) throws SQLException {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw why;
        }
    }
}
