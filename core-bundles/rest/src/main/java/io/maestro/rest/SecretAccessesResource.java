package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.secrets.Secrets.Purpose;
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

/** Who was given which secret. */
@Path("/tenants/{tenant}/environments/{environment}/secret-accesses")
@Produces(MediaType.APPLICATION_JSON)
public final class SecretAccessesResource {
    private final Secrets secrets;

    SecretAccessesResource(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Lists accesses. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Operation(
            operationId = "listSecretAccesses",
            summary = "Lists which instance was given which secret, when and why, newest first; for 90 days")
    @Answers(value = SecretAccessBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                secrets.reads(Scope.of(tenant, environment), ListBody.request(limit, cursor)), SecretAccessBody::of);
    }

    record SecretAccessBody(
            String secret, long version, String instance, Purpose purpose, Instant at, String correlationId) {
        static SecretAccessBody of(Secrets.Read read) {
            return new SecretAccessBody(
                    read.secret().value(),
                    read.version(),
                    read.instance().value(),
                    read.purpose(),
                    read.at(),
                    read.correlationId());
        }
    }
}
