package io.maestro.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.ApprovalUse;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Facts;
import io.maestro.store.Journal;
import io.maestro.store.Migrations;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** The database of a node: a small pool of connections that work as {@code maestro_app}, and the owner's for migrations. */
public final class PostgresDatabase implements Database, Facts, Journal, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PostgresDatabase.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String TENANT = "maestro.tenant";
    private static final String PLATFORM = "maestro.platform";

    private final NodeSettings.Database settings;
    private final MigrationRunner migrations;
    private final HikariDataSource pool;
    private final Configuration jooq;
    private final InstantSource clock = InstantSource.system();

    /**
     * Gives connections back. While others wait for one, the pool has whoever does so try again and again until they have
     * woken up. Virtual threads that did so, on a machine that had much to do, kept the scheduler busy with one another, and
     * those who waited never woke up: the node stood still. A thread of the operating system does them no harm.
     */
    private final ExecutorService returns = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("maestro-connections").factory());

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable ApprovalUse> approvals = new AtomicReference<>();

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
            migrations.run(
                    Migrations.of("store", Database.class, "V001__store.sql", "V002__facts.sql", "V003__events.sql"));
            return begun(new PostgresDatabase(settings, migrations, pool(settings)));
        } catch (SQLException e) {
            throw DatabaseFailure.refused(settings.url().toString(), settings.user(), e);
        }
    }

    private static PostgresDatabase begun(PostgresDatabase database) {
        try {
            database.noteAsPlatform(sql -> {
                JooqJournal.begin(sql);
                return true;
            });
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    @Override
    public <R> R inTenant(TenantId tenant, Function<DSLContext, R> look) {
        return transact(TENANT, tenant.value(), true, look, commit());
    }

    @Override
    public <R> R asPlatform(Function<DSLContext, R> look) {
        return transact(PLATFORM, "on", true, look, commit());
    }

    @Override
    public <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
        return act(TENANT, tenant.value(), tenant, actor, change);
    }

    @Override
    public <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change) {
        return act(PLATFORM, "on", null, actor, change);
    }

    @Override
    public <R> R note(TenantId tenant, Function<DSLContext, R> note) {
        return transact(TENANT, tenant.value(), false, note, commit());
    }

    @Override
    public <R> R noteAsPlatform(Function<DSLContext, R> note) {
        return transact(PLATFORM, "on", false, note, commit());
    }

    private <R> R act(
            String setting, String value, @Nullable TenantId chain, Actor actor, Function<DSLContext, Act<R>> change) {
        Act<R> act = transact(setting, value, false, change, (connection, done) -> {
            if (done.facts().isEmpty()) {
                return false;
            }
            CommittedFacts.commit(
                    connection,
                    chain,
                    actor,
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    withApproval(connection, setting, actor, done.facts()));
            return true;
        });
        if (!act.facts().isEmpty()) {
            listeners.forEach(Runnable::run);
        }
        return act.result();
    }

    /** What an act changed, and the use of the approval that allowed it: neither is committed without the other. */
    private List<Fact> withApproval(Connection connection, String setting, Actor actor, List<Fact> facts)
            throws SQLException {
        if (actor.approval() == null || actor.decision() == null) {
            return facts;
        }
        ApprovalUse use = approvals.get();
        if (use == null) {
            throw new IllegalStateException("nobody is there to use the approval " + actor.approval() + " up");
        }
        // one that was asked for before there was a tenant is the installation's
        set(connection, PLATFORM, "on");
        List<Fact> all =
                new ArrayList<>(use.use(DSL.using(jooq.derive(new DefaultConnectionProvider(connection))), actor));
        if (!setting.equals(PLATFORM)) {
            set(connection, PLATFORM, "");
        }
        all.addAll(facts);
        return all;
    }

    private static void set(Connection connection, String setting, String value) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement("select set_config(?, ?, true)")) {
            set.setString(1, setting);
            set.setString(2, value);
            set.execute();
        }
    }

    @Override
    public List<Pending> take(DSLContext sql, int limit, Chains except) {
        return JooqFacts.take(sql, limit, except);
    }

    @Override
    public List<Pending> waiting(DSLContext sql, @Nullable TenantId tenant, int limit) {
        return JooqFacts.waiting(sql, tenant, limit);
    }

    @Override
    public Backlog backlog() {
        return asPlatform(JooqFacts::backlog);
    }

    @Override
    public Registration onCommit(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public Registration onApproval(ApprovalUse use) {
        approvals.set(use);
        return () -> approvals.compareAndSet(use, null);
    }

    @Override
    public void add(DSLContext sql, List<Entry> entries) {
        JooqJournal.add(sql, entries);
    }

    @Override
    public List<Recorded> after(Position position, int limit) {
        return asPlatform(sql -> JooqJournal.after(sql, position, limit));
    }

    @Override
    public Position end() {
        return asPlatform(JooqJournal::end);
    }

    @Override
    public Position floor() {
        return asPlatform(JooqJournal::floor);
    }

    @Override
    public int drop(Instant before, int limit) {
        return noteAsPlatform(sql -> JooqJournal.drop(sql, before, limit));
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
        returns.shutdown();
        try {
            if (!returns.awaitTermination(5, TimeUnit.SECONDS)) {
                LOG.log(Level.WARNING, "some connections are not given back; they are closed with the others");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }

    private <R> R transact(String setting, String value, boolean look, Function<DSLContext, R> work, Ending<R> ending) {
        try {
            Connection connection = pool.getConnection();
            try {
                return transact(connection, setting, value, look, work, ending);
            } finally {
                giveBack(connection);
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

    private <R> R transact(
            Connection connection,
            String setting,
            String value,
            boolean look,
            Function<DSLContext, R> work,
            Ending<R> ending)
            throws SQLException {
        boolean committed = false;
        try {
            fence(connection, setting, value, look);
            R result = work.apply(DSL.using(jooq.derive(new DefaultConnectionProvider(connection))));
            committed = ending.committed(connection, result);
            return result;
        } finally {
            if (!committed) {
                connection.rollback();
            }
        }
    }

    private void giveBack(Connection connection) {
        if (!Thread.currentThread().isVirtual()) {
            close(connection);
            return;
        }
        try {
            returns.execute(() -> close(connection));
        } catch (RejectedExecutionException e) {
            LOG.log(Level.TRACE, "the database is being closed", e);
            close(connection);
        }
    }

    /** What was committed stays so, whatever becomes of the connection. */
    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "a connection cannot be given back", e);
        }
    }

    /** Ends a transaction whose work returned. */
    @FunctionalInterface
    private interface Ending<R> {
        /** Commits, or leaves it to the caller to roll back; tells which. */
        boolean committed(Connection connection, R result) throws SQLException;
    }

    private static <R> Ending<R> commit() {
        return (connection, _) -> {
            connection.commit();
            return true;
        };
    }

    /** Opens the fence for this transaction only: the settings end with it, whichever way it ends. */
    private static void fence(Connection connection, String setting, String value, boolean look) throws SQLException {
        try (PreparedStatement set = connection.prepareStatement(
                "select set_config(?, ?, true), set_config('transaction_read_only', ?, true)")) {
            set.setString(1, setting);
            set.setString(2, value);
            set.setString(3, look ? "on" : "off");
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
