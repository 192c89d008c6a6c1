package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.secrets.Secrets.RotatedDataKey;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/** The key that seals the secrets of one scope. */
@Path("/tenants/{tenant}/environments/{environment}/secrets:rotate-data-key")
@Produces(MediaType.APPLICATION_JSON)
public final class SecretKeysResource {
    private final Secrets secrets;

    SecretKeysResource(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Changes the data key. */
    @POST
    @Allows(Action.TENANT_WRITE)
    @Governed("data-key.rotate")
    @Operation(
            operationId = "rotateDataKey",
            summary = "Makes a new data key for the scope and seals all its secrets anew",
            description = "Instances notice nothing. What is broken off is gone on with when the node starts again.")
    @Answers(RotatedDataKeyBody.class)
    public Object rotate(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @Context ContainerRequestContext request) {
        return RotatedDataKeyBody.of(secrets.rotateDataKey(Scope.of(tenant, environment), Caller.actor(request)));
    }

    record RotatedDataKeyBody(String tenant, String environment, int dataKey, int secrets) {
        static RotatedDataKeyBody of(RotatedDataKey rotated) {
            return new RotatedDataKeyBody(
                    rotated.scope().tenant().value(),
                    rotated.scope().environment().value(),
                    rotated.version(),
                    rotated.secrets());
        }
    }
}
