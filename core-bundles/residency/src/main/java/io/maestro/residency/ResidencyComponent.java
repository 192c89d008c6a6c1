package io.maestro.residency;

import io.maestro.api.adapters.Calls;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Dependents;
import io.maestro.api.adapters.Instances;
import io.maestro.api.adapters.Presence;
import io.maestro.api.adapters.Registry.Dependent;
import io.maestro.api.identity.Oversteps;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.PolicySettings;
import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Items;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageLocations;
import io.maestro.api.residency.StorageRoutes;
import io.maestro.api.residency.Transfers;
import io.maestro.api.store.Transaction;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers routes, items, locations and transfers; immediate, for transfers go on whether anybody asks or not. */
@Component(immediate = true)
public final class ResidencyComponent implements StorageRoutes, Items, StorageLocations, Transfers, Dependents {
    private final Residency residency;

    @Activate
    public ResidencyComponent(
            @Reference Database database,
            @Reference Tenants tenants,
            @Reference Instances instances,
            @Reference Definitions definitions,
            @Reference Presence presence,
            @Reference Calls calls,
            @Reference Governance governance,
            @Reference PolicySettings settings,
            @Reference Oversteps oversteps) {
        Backends backends = new Backends(
                instances::instance,
                definitions::definition,
                calls,
                new ConfiguredRegion(() -> settings.settings(null).document()));
        this.residency = new Residency(
                database,
                tenants,
                presence,
                backends,
                governance,
                oversteps,
                InstantSource.system(),
                Residency.PATIENCE);
        residency.start();
    }

    @Deactivate
    void close() {
        residency.close();
    }

    @Override
    public Route put(Scope scope, Region region, Kind kind, InstanceId instance, Actor actor) {
        return residency.router().put(scope, region, kind, instance, actor);
    }

    @Override
    public Route route(Scope scope, Region region, Kind kind) {
        return residency.router().route(scope, region, kind);
    }

    @Override
    public Page<Route> routes(Scope scope, PageRequest page) {
        return residency.router().routes(scope, page);
    }

    @Override
    public void remove(Scope scope, Region region, Kind kind, Actor actor) {
        residency.router().remove(scope, region, kind, actor);
    }

    @Override
    public Item put(Scope scope, ItemName name, Region region, Content content, Actor actor) {
        return residency.router().put(scope, name, region, content, actor);
    }

    @Override
    public OpenItem open(Scope scope, ItemName name, Actor actor) {
        return residency.router().open(scope, name, actor);
    }

    @Override
    public Item item(Scope scope, ItemName name) {
        return residency.router().item(scope, name);
    }

    @Override
    public Page<Item> items(Scope scope, @Nullable Kind kind, PageRequest page) {
        return residency.router().items(scope, kind, page);
    }

    @Override
    public void delete(Scope scope, ItemName name, Actor actor) {
        residency.router().delete(scope, name, actor);
    }

    @Override
    public List<Location> locations(TenantId tenant) {
        return residency.locations(tenant);
    }

    @Override
    public Page<DeniedWrite> deniedWrites(TenantId tenant, Denials which, PageRequest page) {
        return residency.deniedWrites(tenant, which, page);
    }

    @Override
    public Transfer start(Scope scope, Course course, Actor actor) {
        return residency.transfers().start(scope, course, actor);
    }

    @Override
    public Transfer transfer(Scope scope, UUID id) {
        return residency.transfers().transfer(scope, id);
    }

    @Override
    public Page<Transfer> transfers(Scope scope, PageRequest page) {
        return residency.transfers().transfers(scope, page);
    }

    @Override
    public Transfer cancel(Scope scope, UUID id, Actor actor) {
        return residency.transfers().cancel(scope, id, actor);
    }

    @Override
    public Transfer resume(Scope scope, UUID id, Actor actor) {
        return residency.transfers().resume(scope, id, actor);
    }

    @Override
    public List<Dependent> of(Scope scope, InstanceId instance, int limit) {
        return residency.dependents().of(scope, instance, limit);
    }

    @Override
    public void requireDeletable(Transaction act, Scope scope, InstanceId instance) {
        residency.dependents().requireDeletable(act, scope, instance);
    }
}
