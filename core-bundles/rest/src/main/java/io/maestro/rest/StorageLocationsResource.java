package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.residency.StorageLocations;
import io.maestro.api.residency.StorageLocations.Location;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** Where a tenant's data lies. */
@Path("/tenants/{tenant}/storage-locations")
@Produces(MediaType.APPLICATION_JSON)
public final class StorageLocationsResource {
    private final StorageLocations locations;

    StorageLocationsResource(StorageLocations locations) {
        this.locations = locations;
    }

    /** Sums it up. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "getStorageLocations",
            summary =
                    "Tells where the data of a tenant lies: by environment, region, instance and kind, with counts and bytes",
            description = "unsettled counts further objects that are being written, or are about to be deleted.")
    @Answers(StorageLocationsBody.class)
    public Object locations(@PathParam("tenant") String tenant) {
        List<LocationBody> found = locations.locations(new TenantId(tenant)).stream()
                .map(LocationBody::of)
                .toList();
        return new StorageLocationsBody(
                tenant,
                found.stream().mapToLong(LocationBody::items).sum(),
                found.stream().mapToLong(LocationBody::bytes).sum(),
                found);
    }

    record StorageLocationsBody(String tenant, long items, long bytes, List<LocationBody> locations) {}

    record LocationBody(
            String environment, String region, String instance, String kind, long items, long bytes, long unsettled) {
        static LocationBody of(Location location) {
            return new LocationBody(
                    location.environment().value(),
                    location.region().value(),
                    location.instance().value(),
                    location.kind().value(),
                    location.items(),
                    location.bytes(),
                    location.unsettled());
        }
    }
}
