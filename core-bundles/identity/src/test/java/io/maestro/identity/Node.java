package io.maestro.identity;

import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.identity.Memberships.Membership;
import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.telemetry.TelemetryComponent;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.tenancy.KnownTenants;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jooq.DSLContext;

/** The parts of identity on one node, with a clock that stands until moved and renewals that wait until run. */
final class Node {
    static final Principal ROOT = Principal.of("token:root", "root", Role.PLATFORM_ADMIN, null, null);
    static final Origin ORIGIN = new Origin("192.0.2.7", "GET", "/api/things", "c-1");
    static final Actor ACTOR = new Actor("token:root", "c-1");

    final AtomicReference<Instant> now;
    final CountedDatabase database;
    final Deque<Runnable> renewals = new ArrayDeque<>();
    final JooqTokens rows;
    final BearerUses uses;
    final JooqSecurityEvents events;
    final EventRecorder recorder;
    final TokenIssuer tokens;
    final FakeProvider provider;
    final ProviderIndex index;
    final ProviderRegistry providers;
    final BrowserSessions sessions;
    final BearerUses sessionUses;
    final Map<String, Membership> members = new ConcurrentHashMap<>();
    final CallerAccess access;
    final BearerCache vouchedFor = new BearerCache(1_000_000, 0);

    final Metrics metrics = new TelemetryComponent();

    Node(PostgresDatabase opened, AtomicReference<Instant> now) {
        this.now = now;
        this.database = new CountedDatabase(opened, new AtomicInteger());
        this.rows = new JooqTokens(database, now::get);
        this.uses = new BearerUses(rows);
        this.events = new JooqSecurityEvents(database, now::get, 50, 10);
        this.recorder = new EventRecorder(events, metrics, now::get);
        this.provider = new FakeProvider(now::get);
        BearerCache cache = new BearerCache(1_000_000, 1_000);
        SecureRandom random = new SecureRandom();
        this.tokens = new TokenIssuer(rows, cache, new KnownTenants(), recorder, now::get, random);
        ProviderCalls calls = new ProviderCalls(() -> provider, new Complaints(now::get));
        Vouching vouching =
                new Vouching((tenant, principal) -> Optional.ofNullable(members.get(tenant + " " + principal)));
        JooqProviders providerRows = new JooqProviders(database, now::get);
        this.index = new ProviderIndex(
                providerRows,
                row -> new ProviderDesk(row, calls, vouching, vouchedFor, now::get),
                now::get,
                renewals::add);
        this.providers = new ProviderRegistry(providerRows, index, calls, new KnownTenants(), recorder, random);
        JooqSessions sessionRows = new JooqSessions(database, index, vouching, new KnownTenants(), now::get);
        BearerCache known = new BearerCache(1_000_000, 1_000);
        LoginSeal seal = new LoginSeal(sessionRows.loginKey(new FakeSeal("one"), random), now::get, random);
        this.sessions = new BrowserSessions(sessionRows, index, calls, known, seal, recorder, now::get, random);
        this.sessionUses = new BearerUses(sessionRows);
        this.access = new CallerAccess(
                new Authenticator(Bearer.Kind.TOKEN, rows, cache, uses, now::get, renewals::add),
                new Authenticator(Bearer.Kind.SESSION, sessionRows, known, sessionUses, now::get, renewals::add),
                new ProviderTokens(index),
                recorder);
    }

    static PostgresDatabase open(TestPostgres postgres) {
        PostgresDatabase database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(postgres.url()), postgres.user(), postgres.password()));
        database.migrate(Identity.MIGRATIONS);
        return database;
    }

    /** Counts transactions. */
    record CountedDatabase(PostgresDatabase opened, AtomicInteger transactions) implements Database {
        @Override
        public <R> R inTenant(TenantId tenant, Function<DSLContext, R> work) {
            transactions.incrementAndGet();
            return opened.inTenant(tenant, work);
        }

        @Override
        public <R> R asPlatform(Function<DSLContext, R> work) {
            transactions.incrementAndGet();
            return opened.asPlatform(work);
        }

        @Override
        public <R> R act(TenantId tenant, Actor actor, Function<DSLContext, Act<R>> change) {
            transactions.incrementAndGet();
            return opened.act(tenant, actor, change);
        }

        @Override
        public <R> R actAsPlatform(Actor actor, Function<DSLContext, Act<R>> change) {
            transactions.incrementAndGet();
            return opened.actAsPlatform(actor, change);
        }

        @Override
        public <R> R note(TenantId tenant, Function<DSLContext, R> note) {
            transactions.incrementAndGet();
            return opened.note(tenant, note);
        }

        @Override
        public <R> R noteAsPlatform(Function<DSLContext, R> note) {
            transactions.incrementAndGet();
            return opened.noteAsPlatform(note);
        }

        @Override
        public void migrate(Migrations migrations) {
            opened.migrate(migrations);
        }
    }
}
