package io.maestro.tenancy;

import io.maestro.api.store.Transaction;
import io.maestro.api.tenancy.Members;
import io.maestro.api.tenancy.Offboarding;
import io.maestro.api.tenancy.Tenant;
import io.maestro.api.tenancy.TenantEnvironment;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Offers tenants, members and offboarding once their schema is up to date. */
@Component(service = {Tenants.class, Members.class, Offboarding.class})
public final class TenantsComponent implements Tenants, Members, Offboarding {
    private static final Duration PERIOD = Duration.ofSeconds(2);

    /** They come and go with their bundles. */
    @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
    private final List<TenantHoldings> engines = new CopyOnWriteArrayList<>();

    private final Tenants tenants;
    private final Members members;
    private final Departures departures;
    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("offboarding").factory());

    @Activate
    public TenantsComponent(@Reference Database database) {
        database.migrate(JooqTenants.MIGRATIONS);
        InstantSource clock = InstantSource.system();
        JooqDepartures rows = new JooqDepartures(database, clock);
        Holdings holdings = new Holdings(rows, engines);
        this.tenants = new JooqTenants(database, holdings, clock);
        this.members = new JooqMembers(database, tenants, clock);
        this.departures = new Departures(tenants, rows, holdings);
    }

    /** Learns who is leaving before anybody is let in, and goes on with what a crash broke off. */
    @Activate
    public void start() {
        departures.look();
        // never fails: a look catches and logs
        var _ = looks.scheduleWithFixedDelay(
                departures::look, PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Ends the looks; what is under way ends first. */
    @Deactivate
    public void stop() {
        looks.shutdown();
    }

    @Override
    public Tenant create(TenantId id, String displayName, Actor actor) {
        return tenants.create(id, displayName, actor);
    }

    @Override
    public Tenant tenant(TenantId id) {
        return tenants.tenant(id);
    }

    @Override
    public Page<Tenant> tenants(String prefix, PageRequest page) {
        return tenants.tenants(prefix, page);
    }

    @Override
    public TenantEnvironment createEnvironment(TenantId tenant, Environment environment, Actor actor) {
        return tenants.createEnvironment(tenant, environment, actor);
    }

    @Override
    public Page<TenantEnvironment> environments(TenantId tenant, PageRequest page) {
        return tenants.environments(tenant, page);
    }

    @Override
    public void require(Scope scope) {
        tenants.require(scope);
    }

    @Override
    public void hold(Transaction act, TenantId tenant, @Nullable Environment environment) {
        tenants.hold(act, tenant, environment);
    }

    @Override
    public Tenant rename(TenantId id, String displayName, @Nullable Long revision, Actor actor) {
        return tenants.rename(id, displayName, revision, actor);
    }

    @Override
    public TenantEnvironment environment(Scope scope) {
        return tenants.environment(scope);
    }

    @Override
    public void deleteEnvironment(Scope scope, @Nullable Instant createdAt, Actor actor) {
        tenants.deleteEnvironment(scope, createdAt, actor);
    }

    @Override
    public Optional<Member> member(TenantId tenant, String principal) {
        return members.member(tenant, principal);
    }

    @Override
    public Page<Member> members(TenantId tenant, PageRequest page) {
        return members.members(tenant, page);
    }

    @Override
    public Member put(TenantId tenant, String principal, Grant grant, Expected expected, Actor actor) {
        return members.put(tenant, principal, grant, expected, actor);
    }

    @Override
    public void remove(TenantId tenant, String principal, @Nullable Long revision, Actor actor) {
        members.remove(tenant, principal, revision, actor);
    }

    @Override
    public Optional<Member> before(TenantId tenant, String principal, @Nullable Grant grant, Expected expected) {
        return members.before(tenant, principal, grant, expected);
    }

    @Override
    public Departure plan(TenantId tenant) {
        return departures.plan(tenant);
    }

    @Override
    public Departure begin(TenantId tenant, String confirmation, Actor actor) {
        return departures.begin(tenant, confirmation, actor);
    }

    @Override
    public Departure departure(TenantId tenant) {
        return departures.departure(tenant);
    }

    @Override
    public boolean leaving(TenantId tenant) {
        return departures.leaving(tenant);
    }
}
