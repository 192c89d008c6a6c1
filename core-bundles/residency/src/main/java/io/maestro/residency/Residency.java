package io.maestro.residency;

import io.maestro.api.adapters.Presence;
import io.maestro.api.identity.Oversteps;
import io.maestro.api.policy.Governance;
import io.maestro.api.residency.StorageLocations;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The engine put together; owns threads from {@link #start} to {@link #close}. */
final class Residency implements StorageLocations, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Residency.class.getName());
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final int KEPT_DENIALS = 100_000;
    private static final int BETWEEN_TRIMS = 1_000;

    private final JooqLocations locations;
    private final JooqDenials denials;
    private final JooqDependents dependents;
    private final Router router;
    private final TransferDesk transfers;
    private final Sweeper sweeper;
    private final TransferRunner runner;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(
            2, Thread.ofVirtual().name("residency-", 0).factory());

    /** How long a round waits for what it has begun, before the next one looks what else there is. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    /**
     * Brings the schema up to date. Blocks.
     *
     * @param patience usually {@link #PATIENCE}
     */
    Residency(
            Database database,
            Tenants tenants,
            Presence presence,
            Backends backends,
            Governance governance,
            Oversteps oversteps,
            InstantSource clock,
            Duration patience) {
        database.migrate(JooqRoutes.MIGRATIONS);
        this.locations = new JooqLocations(database);
        this.denials = new JooqDenials(database, clock, KEPT_DENIALS, BETWEEN_TRIMS);
        this.dependents = new JooqDependents(database);
        JooqRoutes routes = new JooqRoutes(database, tenants, presence, clock);
        JooqLedger ledger = new JooqLedger(database, tenants, clock);
        JooqTransfers transferRows = new JooqTransfers(database, tenants, presence, clock);
        ResidencyGuard guard = new ResidencyGuard(governance, denials, oversteps);
        this.router = new Router(tenants, routes, ledger, backends, guard);
        this.transfers = new TransferDesk(tenants, routes, transferRows, backends, guard);
        this.sweeper = new Sweeper(ledger, denials, backends, clock, patience);
        this.runner =
                new TransferRunner(transferRows, new JooqFailures(database), ledger, backends, guard, clock, patience);
    }

    /** Starts the threads. */
    void start() {
        again("objects cannot be swept away now", sweeper::sweep);
        again("transfers cannot go on now", runner::turn);
    }

    private void again(String failure, Runnable round) {
        var _ = threads.scheduleWithFixedDelay(
                () -> {
                    try {
                        round.run();
                    } catch (RuntimeException | Error e) {
                        // the next round tries again; one that threw would be the last
                        LOG.log(Level.WARNING, failure, e);
                    }
                },
                PERIOD.toMillis(),
                PERIOD.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Ends the rounds; what is under way is broken off, and goes on when a node is there again. */
    @Override
    public void close() {
        threads.shutdownNow();
        sweeper.close();
        runner.close();
    }

    Router router() {
        return router;
    }

    JooqDependents dependents() {
        return dependents;
    }

    TransferDesk transfers() {
        return transfers;
    }

    Sweeper sweeper() {
        return sweeper;
    }

    TransferRunner runner() {
        return runner;
    }

    @Override
    public List<Location> locations(TenantId tenant) {
        return locations.of(tenant);
    }

    @Override
    public Page<DeniedWrite> deniedWrites(TenantId tenant, Denials which, PageRequest page) {
        return denials.list(tenant, which, page);
    }
}
