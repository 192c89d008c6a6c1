package io.maestro.rest;

import io.maestro.api.adapters.Drifts;
import io.maestro.api.identity.Action;
import io.maestro.model.TenantId;
import io.maestro.rest.DriftResource.DriftBody;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** Where nodes are not as they should be for one tenant. */
@Path("/tenants/{tenant}/drift")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantDriftResource {
    private final Drifts drifts;

    TenantDriftResource(Drifts drifts) {
        this.drifts = drifts;
    }

    /** Lists what drifts, of one tenant. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(
            operationId = "listDriftOfTenant",
            summary = "Lists the instances of a tenant that are not, on some node, as they should be")
    @Answers(value = DriftBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(drifts.drifts(new TenantId(tenant), ListBody.request(limit, cursor)), DriftBody::of);
    }
}
