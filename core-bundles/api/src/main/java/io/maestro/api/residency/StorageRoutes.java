package io.maestro.api.residency;

import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Which instance keeps the items of a region and kind. A route is what declares the region of its instance: all routes to it,
 * and all items that it keeps, are of one region. Blocks on the database; any thread.
 */
@ProviderType
public interface StorageRoutes {
    /**
     * Makes or changes a route. Items stay where they are; they are moved by a transfer.
     *
     * @param instance of the type storage; need not run
     * @throws io.maestro.model.ProblemException {@link ResidencyProblem#INSTANCE_IN_OTHER_REGION}, {@link
     *     ResidencyProblem#INSTANCE_STORES_NOTHING}, {@link ResidencyProblem#TRANSFER_RUNNING} when its data is being moved
     *     away, an unknown instance; {@link ResidencyProblem#DATA_REGION_MISMATCH} or what the policy says, which leave a
     *     denied write
     */
    Route put(Scope scope, Region region, Kind kind, InstanceId instance, Actor actor);

    /** The route, or {@link ResidencyProblem#STORAGE_ROUTE_UNKNOWN}. */
    Route route(Scope scope, Region region, Kind kind);

    /** All routes of the scope, by region and kind. */
    Page<Route> routes(Scope scope, PageRequest page);

    /** Removes the route; items stay where they are. {@link ResidencyProblem#STORAGE_ROUTE_UNKNOWN}. */
    void remove(Scope scope, Region region, Kind kind, Actor actor);

    /**
     * A route.
     *
     * @param createdAt when it was made or changed last
     * @param createdBy by whom
     */
    record Route(Scope scope, Region region, Kind kind, InstanceId instance, Instant createdAt, String createdBy) {}
}
