package io.maestro.rest;

import io.maestro.api.events.Alerts;
import io.maestro.api.identity.Action;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** What is wrong with the instances of a tenant. */
@Path("/tenants/{tenant}/alerts")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantAlertsResource {
    private final Alerts alerts;

    TenantAlertsResource(Alerts alerts) {
        this.alerts = alerts;
    }

    /** Lists alerts. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listTenantAlerts",
            summary = "Lists the alerts that are raised for instances of a tenant, or for one of them, on any node")
    @Answers(value = AlertBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("instance") @Nullable String instance,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        Alerts.Filter filter = new Alerts.Filter(
                new TenantId(tenant), Query.of(environment, Environment::new), Query.of(instance, InstanceId::new));
        return ListBody.of(alerts.alerts(filter, ListBody.request(limit, cursor)), AlertBody::of);
    }
}
