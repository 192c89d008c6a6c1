package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.StorageLocations;
import io.maestro.api.residency.StorageLocations.Denials;
import io.maestro.api.residency.StorageLocations.DeniedWrite;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The report of writes that were denied for where they would have gone. */
@Path("/tenants/{tenant}/denied-writes")
@Produces(MediaType.APPLICATION_JSON)
public final class DeniedWritesResource {
    private final StorageLocations locations;

    DeniedWritesResource(StorageLocations locations) {
        this.locations = locations;
    }

    /** Lists denied writes. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Operation(
            operationId = "listDeniedWrites",
            summary = "Lists the writes that were denied because the data would have left its region, newest first",
            description =
                    "Each names the policy's decision, and has a security event of the same correlation id. Kept for 400 days.")
    @Answers(value = DeniedWriteBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @QueryParam("environment") @Nullable String environment,
            @QueryParam("region") @Nullable String region,
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        Denials which = new Denials(
                Query.of(environment, Environment::new),
                Query.of(region, Region::new),
                Query.instant("from", from),
                Query.instant("until", until));
        return ListBody.of(
                locations.deniedWrites(new TenantId(tenant), which, ListBody.request(limit, cursor)),
                DeniedWriteBody::of);
    }

    record DeniedWriteBody(
            long id,
            Instant at,
            String environment,
            String action,
            @Nullable String kind,
            @Nullable String key,
            String region,
            String instance,
            @Nullable String keptIn,
            String principal,
            String correlationId,
            @Nullable String decisionId,
            String code,
            String detail) {
        static DeniedWriteBody of(DeniedWrite denied) {
            return new DeniedWriteBody(
                    denied.id(),
                    denied.at(),
                    denied.environment().value(),
                    denied.action(),
                    denied.kind() == null ? null : denied.kind().value(),
                    denied.key(),
                    denied.region().value(),
                    denied.instance().value(),
                    denied.keptIn(),
                    denied.principal(),
                    denied.correlationId(),
                    denied.decision() == null ? null : denied.decision().toString(),
                    denied.code(),
                    denied.detail());
        }
    }
}
