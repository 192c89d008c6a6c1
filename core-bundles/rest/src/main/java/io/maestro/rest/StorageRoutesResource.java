package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageRoutes;
import io.maestro.api.residency.StorageRoutes.Route;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which instance keeps the items of a region and kind. */
@Path("/tenants/{tenant}/environments/{environment}/storage-routes")
@Produces(MediaType.APPLICATION_JSON)
public final class StorageRoutesResource {
    private final StorageRoutes routes;

    StorageRoutesResource(StorageRoutes routes) {
        this.routes = routes;
    }

    /** Lists routes. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "listStorageRoutes", summary = "Lists which instance keeps the items of a region and kind")
    @Answers(value = StorageRouteBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                routes.routes(Scope.of(tenant, environment), ListBody.request(limit, cursor)), StorageRouteBody::of);
    }

    /** One route. */
    @GET
    @Path("{region}/{kind}")
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "getStorageRoute", summary = "Gives one route")
    @Answers(StorageRouteBody.class)
    public Object route(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("region") String region,
            @PathParam("kind") String kind) {
        return StorageRouteBody.of(routes.route(Scope.of(tenant, environment), new Region(region), new Kind(kind)));
    }

    /** Makes or changes a route. */
    @PUT
    @Path("{region}/{kind}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "storage-route.put", subject = "region")
    @Operation(
            operationId = "putStorageRoute",
            summary = "Has an instance keep the items of a region and kind from now on",
            description =
                    "Declares the region of the instance, which is one for all that it keeps. The policy is asked as for a"
                            + " write. Items that are there stay where they are; a transfer moves them.")
    @Answers(StorageRouteBody.class)
    public Object put(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("region") String region,
            @PathParam("kind") String kind,
            WantedRoute wanted,
            @Context ContainerRequestContext request) {
        return StorageRouteBody.of(routes.put(
                Scope.of(tenant, environment),
                new Region(region),
                new Kind(kind),
                new InstanceId(wanted.instance()),
                Caller.actor(request)));
    }

    /** Removes a route. */
    @DELETE
    @Path("{region}/{kind}")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "storage-route.delete", subject = "region")
    @Operation(operationId = "deleteStorageRoute", summary = "Removes a route; items stay where they are")
    @Answers(value = Void.class, status = 204)
    public void remove(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("region") String region,
            @PathParam("kind") String kind,
            @Context ContainerRequestContext request) {
        routes.remove(Scope.of(tenant, environment), new Region(region), new Kind(kind), Caller.actor(request));
    }

    @Schema(example = "{\"instance\":\"files\"}")
    record WantedRoute(String instance) {
        WantedRoute {
            Wire.required("/instance", instance);
        }
    }

    /** A route as it crosses the wire. */
    record StorageRouteBody(
            String tenant,
            String environment,
            String region,
            String kind,
            String instance,
            Instant createdAt,
            String createdBy) {
        static StorageRouteBody of(Route route) {
            return new StorageRouteBody(
                    route.scope().tenant().value(),
                    route.scope().environment().value(),
                    route.region().value(),
                    route.kind().value(),
                    route.instance().value(),
                    route.createdAt(),
                    route.createdBy());
        }
    }
}
