package io.maestro.identity;

import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jooq.DSLContext;

/** The parts of identity on one node, with a clock that stands until moved and renewals that wait until run. */
final class Node {
    static final Principal ROOT = new Principal("token:root", "root", Role.PLATFORM_ADMIN, null, null);
    static final Origin ORIGIN = new Origin("192.0.2.7", "GET", "/api/things", "c-1");

    final AtomicReference<Instant> now;
    final CountedDatabase database;
    final Deque<Runnable> renewals = new ArrayDeque<>();
    final JooqTokens rows;
    final TokenUses uses;
    final JooqSecurityEvents events;
    final EventRecorder recorder;
    final TokenIssuer tokens;
    final TokenAccess access;

    Node(PostgresDatabase opened, AtomicReference<Instant> now) {
        this.now = now;
        this.database = new CountedDatabase(opened, new AtomicInteger());
        this.rows = new JooqTokens(database, now::get);
        this.uses = new TokenUses(rows);
        this.events = new JooqSecurityEvents(database, now::get, 50, 10);
        this.recorder = new EventRecorder(events, now::get);
        TokenCache cache = new TokenCache(1_000);
        this.tokens = new TokenIssuer(rows, cache, new TwoTenants(), recorder, now::get, new SecureRandom());
        this.access = new TokenAccess(new Authenticator(rows, cache, uses, now::get, renewals::add), recorder);
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
        public void migrate(Migrations migrations) {
            opened.migrate(migrations);
        }
    }

    /** Knows acme and globex, with dev and prod. */
    static final class TwoTenants implements Tenants {
        private static final Set<String> TENANTS = Set.of("acme", "globex");
        private static final Set<String> ENVIRONMENTS = Set.of("dev", "prod");

        @Override
        public Tenant tenant(TenantId id) {
            if (!TENANTS.contains(id.value())) {
                throw Problem.of(TenancyProblem.TENANT_UNKNOWN, "no such tenant", null)
                        .asException();
            }
            return new Tenant(id, id.value(), Instant.EPOCH);
        }

        @Override
        public void require(Scope scope) {
            tenant(scope.tenant());
            if (!ENVIRONMENTS.contains(scope.environment().value())) {
                throw Problem.of(TenancyProblem.ENVIRONMENT_UNKNOWN, "no such environment", null)
                        .asException();
            }
        }

        @Override
        public Tenant create(TenantId id, String displayName) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<Tenant> tenants(PageRequest page) {
            throw new UnsupportedOperationException();
        }

        @Override
        public TenantEnvironment createEnvironment(TenantId tenant, Environment environment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Page<TenantEnvironment> environments(TenantId tenant, PageRequest page) {
            throw new UnsupportedOperationException();
        }
    }
}
