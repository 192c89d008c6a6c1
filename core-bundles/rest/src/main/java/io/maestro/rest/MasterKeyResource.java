package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.secrets.Secrets.RotatedMasterKey;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;

/** The key that wraps all data keys of the installation. */
@Path("/master-key:rotate")
@Produces(MediaType.APPLICATION_JSON)
public final class MasterKeyResource {
    private final Secrets secrets;

    MasterKeyResource(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Changes the master key. */
    @POST
    @Allows(Action.PLATFORM_WRITE)
    @Governed("master-key.rotate")
    @Operation(
            operationId = "rotateMasterKey",
            summary = "Puts the configured master key in charge and wraps all data keys anew with it",
            description =
                    "The one before must be configured as the former one. Asked for again, it goes on where it was"
                            + " broken off.")
    @Answers(RotatedMasterKeyBody.class)
    public Object rotate(@Context ContainerRequestContext request) {
        return RotatedMasterKeyBody.of(secrets.rotateMasterKey(Caller.actor(request)));
    }

    record RotatedMasterKeyBody(String masterKey, int dataKeys) {
        static RotatedMasterKeyBody of(RotatedMasterKey rotated) {
            return new RotatedMasterKeyBody(rotated.id(), rotated.dataKeys());
        }
    }
}
