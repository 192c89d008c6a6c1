package io.maestro.rest;

import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.InstanceActs.Version;
import io.maestro.api.identity.Action;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What an instance was in turn. */
@Path("/tenants/{tenant}/environments/{environment}/instances/{instance}/versions")
@Produces(MediaType.APPLICATION_JSON)
public final class VersionsResource {
    private final InstanceActs acts;

    VersionsResource(InstanceActs acts) {
        this.acts = acts;
    }

    /** What the instance was in turn. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listInstanceVersions",
            summary = "Lists the versions and configurations that an instance had, the newest first")
    @Answers(value = InstanceVersionBody.class, list = true)
    public Object versions(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("instance") String instance,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                acts.versions(Scope.of(tenant, environment), new InstanceId(instance), ListBody.request(limit, cursor)),
                InstanceVersionBody::of);
    }

    record InstanceVersionBody(
            long number, String adapter, Json configuration, Instant since, String actor, String why) {
        static InstanceVersionBody of(Version version) {
            return new InstanceVersionBody(
                    version.number(),
                    version.definition().toString(),
                    version.configuration(),
                    version.since(),
                    version.actor(),
                    version.why());
        }
    }
}
