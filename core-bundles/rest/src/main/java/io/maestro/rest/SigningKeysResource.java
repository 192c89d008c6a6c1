package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.provenance.SigningKeys;
import io.maestro.api.provenance.SigningKeys.SigningKey;
import io.maestro.model.Digest;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The keys that sign receipts. */
@Path("/receipt-keys")
@Produces(MediaType.APPLICATION_JSON)
public final class SigningKeysResource {
    private final SigningKeys keys;

    SigningKeysResource(SigningKeys keys) {
        this.keys = keys;
    }

    /** Lists keys; they are few. */
    @GET
    @Allows(Action.PLATFORM_READ)
    @Operation(operationId = "listReceiptKeys", summary = "Lists the keys that sign receipts, oldest first")
    @Answers(value = SigningKeyBody.class, list = true)
    public Object list() {
        return new ListBody<>(keys.keys().stream().map(SigningKeyBody::of).toList(), null);
    }

    /** Gives this node a new key. */
    @POST
    @Path("rotate")
    @Allows(Action.PLATFORM_WRITE)
    @Governed("signing-key.rotate")
    @Idempotent
    @Operation(
            operationId = "rotateReceiptKey",
            summary = "Gives the node that answers a new key to sign receipts with")
    @Answers(value = SigningKeyBody.class, status = 201)
    public Response rotate(@Context ContainerRequestContext request) {
        return made(keys.rotate(Caller.actor(request)));
    }

    /** Introduces the key of a signer. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed("signing-key.introduce")
    @Idempotent
    @Operation(
            operationId = "introduceReceiptKey",
            summary = "Introduces the key of a signer apart from the server, given in PEM form")
    @Answers(value = SigningKeyBody.class, status = 201)
    public Response introduce(NewSigningKey wanted, @Context ContainerRequestContext request) {
        return made(keys.introduce(wanted.publicKey(), Caller.actor(request)));
    }

    /** Retires the key of a signer. */
    @POST
    @Path("{id}/retire")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "signing-key.retire", subject = "id")
    @Operation(
            operationId = "retireReceiptKey",
            summary = "Accepts no more signatures of a signer's key; what it signed is verified with it for ever")
    @Answers(SigningKeyBody.class)
    public Object retire(@PathParam("id") String id, @Context ContainerRequestContext request) {
        return SigningKeyBody.of(keys.retire(Digest.parse(id), Caller.actor(request)));
    }

    private static Response made(SigningKey key) {
        return Response.status(Response.Status.CREATED)
                .entity(SigningKeyBody.of(key))
                .build();
    }

    @Schema(example = "{\"publicKey\":\"-----BEGIN PUBLIC KEY-----\\n…\\n-----END PUBLIC KEY-----\"}")
    record NewSigningKey(String publicKey) {
        NewSigningKey {
            Wire.required("/publicKey", publicKey);
        }
    }

    record SigningKeyBody(
            String id,
            String publicKey,
            String origin,
            @Nullable String node,
            Instant createdAt,
            @Nullable Instant validFrom,
            @Nullable Instant retiredAt,
            @Nullable String introducedBy) {
        static SigningKeyBody of(SigningKey key) {
            return new SigningKeyBody(
                    key.id().toString(),
                    key.publicKey(),
                    key.origin(),
                    key.node(),
                    key.createdAt(),
                    key.validFrom(),
                    key.retiredAt(),
                    key.introducedBy() == null ? null : key.introducedBy().toString());
        }
    }
}
