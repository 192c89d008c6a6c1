package io.maestro.identity;

import io.maestro.api.adapters.Calls;
import io.maestro.api.identity.Access;
import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.IdentityProviders;
import io.maestro.api.identity.Oversteps;
import io.maestro.api.identity.Persons;
import io.maestro.api.identity.SecurityEvents;
import io.maestro.api.identity.Sessions;
import io.maestro.api.identity.Tokens;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.tenancy.Tenants;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Puts the parts together and keeps the one thread that writes down, now and then, what requests must not wait for. */
final class Identity implements AutoCloseable {
    static final Migrations MIGRATIONS = Migrations.of(
            "identity",
            Identity.class,
            "V001__identity.sql",
            "V002__roles.sql",
            "V003__providers_and_sessions.sql",
            "V004__farewell.sql",
            "V005__instances_of_providers.sql",
            "V006__sealed_login_key.sql");

    private static final System.Logger LOG = System.getLogger(Identity.class.getName());
    private static final long CACHED_BYTES = 16 * 1024 * 1024;
    private static final int UNKNOWN_BEARERS = 10_000;
    private static final int KEPT_EVENTS = 100_000;
    private static final int BETWEEN_TRIMS = 500;
    private static final Duration BETWEEN_WRITES = Duration.ofSeconds(10);

    private final BearerUses tokenUses;
    private final BearerUses sessionUses;
    private final EventRecorder recorder;
    private final CallerAccess access;
    private final TokenIssuer tokens;
    private final ProviderRegistry providers;
    private final BrowserSessions sessions;
    private final JooqSecurityEvents events;
    private final JooqMakers persons;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("bearer-uses").factory());

    /**
     * What others offer, some of it later than this starts or never.
     *
     * @param tenants always there
     * @param seal always there
     * @param metrics always there
     * @param calls gives null while adapters are not served
     * @param memberships empty while they are not known
     */
    record Neighbours(
            Tenants tenants,
            PlatformSeal seal,
            Metrics metrics,
            Supplier<@Nullable Calls> calls,
            Memberships memberships) {}

    /** Brings the schema up to date and sees that a platform admin can get in. Blocks. */
    Identity(
            NodeSettings settings,
            Database database,
            Neighbours neighbours,
            InstantSource clock,
            RandomGenerator random) {
        database.migrate(MIGRATIONS);
        JooqTokens tokenRows = new JooqTokens(database, clock);
        this.persons = new JooqMakers(database);
        new BootstrapToken(tokenRows, settings.data(), settings.node(), clock, random).ensure();
        this.events = new JooqSecurityEvents(database, clock, KEPT_EVENTS, BETWEEN_TRIMS);
        this.recorder = new EventRecorder(events, neighbours.metrics(), clock);

        Executor renewals = Thread::startVirtualThread;
        ProviderCalls calls = new ProviderCalls(neighbours.calls(), new Complaints(clock));
        Vouching vouching = new Vouching(neighbours.memberships());
        JooqProviders providerRows = new JooqProviders(database, clock);
        BearerCache vouchedFor = new BearerCache(CACHED_BYTES, 0);
        ProviderIndex index = new ProviderIndex(
                providerRows, row -> new ProviderDesk(row, calls, vouching, vouchedFor, clock), clock, renewals);
        this.providers = new ProviderRegistry(providerRows, index, calls, neighbours.tenants(), recorder, random);

        BearerCache knownSessions = new BearerCache(CACHED_BYTES, UNKNOWN_BEARERS);
        JooqSessions sessionRows = new JooqSessions(database, index, vouching, neighbours.tenants(), clock);
        this.sessionUses = new BearerUses(sessionRows);
        LoginSeal seal = new LoginSeal(sessionRows.loginKey(neighbours.seal(), random), clock, random);
        this.sessions = new BrowserSessions(sessionRows, index, calls, knownSessions, seal, recorder, clock, random);

        BearerCache knownTokens = new BearerCache(CACHED_BYTES, UNKNOWN_BEARERS);
        this.tokenUses = new BearerUses(tokenRows);
        this.tokens = new TokenIssuer(tokenRows, knownTokens, neighbours.tenants(), recorder, clock, random);
        this.access = new CallerAccess(
                new Authenticator(Bearer.Kind.TOKEN, tokenRows, knownTokens, tokenUses, clock, renewals),
                new Authenticator(Bearer.Kind.SESSION, sessionRows, knownSessions, sessionUses, clock, renewals),
                new ProviderTokens(index),
                recorder);
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

    IdentityProviders providers() {
        return providers;
    }

    Sessions sessions() {
        return sessions;
    }

    Persons persons() {
        return persons;
    }

    SecurityEvents events() {
        return events;
    }

    Oversteps oversteps() {
        return (rule, scope, actor, resource) -> recorder.recordAlways(
                rule,
                actor.id(),
                scope.tenant(),
                scope.environment(),
                new Origin("-", "-", resource, actor.correlationId()));
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
            tokenUses.flush();
            sessionUses.flush();
            recorder.flush();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "cannot write down when tokens and sessions were used", e);
        }
    }
}
