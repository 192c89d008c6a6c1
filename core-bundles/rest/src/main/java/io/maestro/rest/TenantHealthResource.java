package io.maestro.rest;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.identity.Action;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** How the instances of a tenant are. */
@Path("/tenants/{tenant}/health")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantHealthResource {
    private final InstanceHealth health;

    TenantHealthResource(InstanceHealth health) {
        this.health = health;
    }

    /** The health of the instances of a tenant. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listHealth",
            summary = "Tells how the instances of a tenant are, by name; or those of one environment",
            description = "With series=true each with its last hour minute by minute.")
    @Answers(value = HealthBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("series") @Nullable String series,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        boolean wanted = Query.flag("series", series);
        return ListBody.of(
                health.healths(
                        new TenantId(tenant), Query.of(environment, Environment::new), ListBody.request(limit, cursor)),
                one -> HealthBody.of(one, wanted ? health.series(one.scope(), one.instance()) : null));
    }
}
