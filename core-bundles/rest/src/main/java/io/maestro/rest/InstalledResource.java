package io.maestro.rest;

import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Registry;
import io.maestro.api.adapters.Registry.InstanceQuery;
import io.maestro.api.adapters.Registry.InstanceSort;
import io.maestro.api.identity.Action;
import io.maestro.model.AdapterName;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** What a tenant has installed, over all of its environments. */
@Path("/tenants")
@Produces(MediaType.APPLICATION_JSON)
public final class InstalledResource {
    private final Registry registry;

    InstalledResource(Registry registry) {
        this.registry = registry;
    }

    /** Lists definitions in use. */
    @GET
    @Path("{tenant}/adapters")
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listInstalledAdapters",
            summary = "Lists the adapters that a tenant uses, by environment, with how many instances there are")
    @Answers(value = InstalledBody.class, list = true)
    public Object installed(
            @PathParam("tenant") String tenant,
            @QueryParam("type") @Nullable String type,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return installed(tenant, null, type, limit, cursor);
    }

    /** Lists definitions in use in one environment. */
    @GET
    @Path("{tenant}/environments/{environment}/adapters")
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listInstalledAdaptersOfScope",
            summary = "Lists the adapters that a scope uses, with how many instances there are")
    @Answers(value = InstalledBody.class, list = true)
    public Object installedInScope(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("type") @Nullable String type,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return installed(tenant, new Environment(environment), type, limit, cursor);
    }

    private Object installed(
            String tenant,
            @Nullable Environment environment,
            @Nullable String type,
            @Nullable String limit,
            @Nullable String cursor) {
        return ListBody.of(
                registry.installed(
                        new TenantId(tenant),
                        environment,
                        Query.of(type, TypeName::new),
                        ListBody.request(limit, cursor)),
                InstalledBody::of);
    }

    /** Lists instances. */
    @GET
    @Path("{tenant}/instances")
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listTenantInstances",
            summary = "Lists the instances of a tenant over all environments",
            description =
                    "Sort by name, updatedAt or adapter. What is observed is filtered by as the node wrote it down"
                            + " last, which may be a moment behind.")
    @Answers(value = InstanceBody.class, list = true)
    public Object instances(
            @PathParam("tenant") String tenant,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("type") @Nullable String type,
            @QueryParam("adapter") @Nullable String adapter,
            @QueryParam("wanted") @Nullable String wanted,
            @QueryParam("observed") @Nullable String observed,
            @QueryParam("sort") @Nullable String sort,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        InstanceQuery query = new InstanceQuery(
                Query.of(environment, Environment::new),
                Query.of(type, TypeName::new),
                Query.of(adapter, AdapterName::new),
                null,
                Query.word("wanted", wanted, Wanted.class),
                Query.word("observed", observed, Observed.class),
                Query.sort(sort, InstanceSort.class));
        return ListBody.of(
                registry.instances(new TenantId(tenant), query, ListBody.request(limit, cursor)), InstanceBody::of);
    }

    /** Lists instances with newer versions. */
    @GET
    @Path("{tenant}/upgrades")
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listUpgrades",
            summary = "Lists the instances of a tenant whose adapter has a newer version")
    @Answers(value = UpgradeBody.class, list = true)
    public Object upgrades(
            @PathParam("tenant") String tenant,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("preReleases") @Nullable String preReleases,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                registry.upgradable(
                        new TenantId(tenant),
                        Query.of(environment, Environment::new),
                        Query.flag("preReleases", preReleases),
                        ListBody.request(limit, cursor)),
                UpgradeBody::of);
    }

    record InstalledBody(
            String environment,
            String adapter,
            String type,
            long instances,
            @Nullable String newest) {
        static InstalledBody of(Registry.Installed installed) {
            return new InstalledBody(
                    installed.environment().value(),
                    installed.definition().toString(),
                    installed.type().value(),
                    installed.instances(),
                    installed.newest() == null ? null : installed.newest().value());
        }
    }

    record UpgradeBody(String tenant, String environment, String instance, String adapter, String newest) {
        static UpgradeBody of(Registry.Upgradable upgradable) {
            return new UpgradeBody(
                    upgradable.scope().tenant().value(),
                    upgradable.scope().environment().value(),
                    upgradable.instance().value(),
                    upgradable.definition().toString(),
                    upgradable.newest().value());
        }
    }
}
