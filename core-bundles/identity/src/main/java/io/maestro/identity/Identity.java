package io.maestro.identity;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Tokens;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.tenancy.Tenants;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** Puts the parts together and keeps the one thread that writes down, now and then, what requests must not wait for. */
final class Identity implements AutoCloseable {
    static final Migrations MIGRATIONS = Migrations.of("identity", Identity.class, "V001__identity.sql");

    private static final System.Logger LOG = System.getLogger(Identity.class.getName());
    private static final int CACHED_TOKENS = 10_000;
    private static final int KEPT_EVENTS = 100_000;
    private static final int BETWEEN_TRIMS = 500;
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(10);

    private final TokenUses uses;
    private final EventRecorder recorder;
    private final TokenAccess access;
    private final TokenIssuer tokens;
    private final JooqSecurityEvents events;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("token-uses").factory());

    /** Brings the schema up to date and sees that a platform admin can get in. Blocks. */
    Identity(NodeSettings settings, Database database, Tenants tenants, InstantSource clock, RandomGenerator random) {
        database.migrate(MIGRATIONS);
        JooqTokens rows = new JooqTokens(database, clock);
        new BootstrapToken(rows, settings.data(), settings.node(), clock, random).ensure();
        this.events = new JooqSecurityEvents(database, clock, KEPT_EVENTS, BETWEEN_TRIMS);
        this.recorder = new EventRecorder(events, clock);
        this.uses = new TokenUses(rows);
        TokenCache cache = new TokenCache(CACHED_TOKENS);
        Authenticator authenticator =
                new Authenticator(rows, cache, uses, clock, renewal -> Thread.startVirtualThread(renewal));
        this.access = new TokenAccess(authenticator, recorder);
        this.tokens = new TokenIssuer(rows, cache, tenants, recorder, clock, random);
    }

    /** Starts the thread. */
    void start() {
        var _ = writer.scheduleWithFixedDelay(
                this::write, BETWEEN_WRITES.toMillis(), BETWEEN_WRITES.toMillis(), TimeUnit.MILLISECONDS);
    }

    Access access() {
        return access;
    }

    Tokens tokens() {
        return tokens;
    }

    SecurityEvents events() {
        return events;
    }

    /** Stops the thread and writes down the rest. */
    @Override
    public void close() {
        writer.shutdownNow();
        write();
    }

    /** The top of the thread: a failure is logged, and the next round tries again. */
    private void write() {
        try {
            uses.flush();
            recorder.flush();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot write down when tokens were used", e);
        }
    }
}
