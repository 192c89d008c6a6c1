package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.trust.Publishers;
import io.maestro.model.Digest;
import io.maestro.model.PublisherName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who may sign adapters. */
@Path("/publishers")
@Produces(MediaType.APPLICATION_JSON)
public final class PublishersResource {
    private final Publishers publishers;

    PublishersResource(Publishers publishers) {
        this.publishers = publishers;
    }

    /** Trusts a key. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed("publisher-key.trust")
    @Idempotent
    @Operation(
            operationId = "trustPublisher",
            summary = "Trusts a publisher's key, given as an X.509 certificate in PEM form")
    @Answers(value = KeyBody.class, status = 201)
    public Response trust(NewPublisher wanted, @Context ContainerRequestContext request) {
        Publishers.PublisherKey key =
                publishers.trust(new PublisherName(wanted.name()), wanted.certificate(), Caller.actor(request));
        return Response.status(Response.Status.CREATED).entity(KeyBody.of(key)).build();
    }

    /** Lists publishers. */
    @GET
    @Allows(Action.PLATFORM_READ)
    @Operation(operationId = "listPublishers", summary = "Lists publishers with their keys")
    @Answers(value = PublisherBody.class, list = true)
    public Object list(@QueryParam("limit") @Nullable String limit, @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(publishers.publishers(ListBody.request(limit, cursor)), PublisherBody::of);
    }

    /** Stops trusting a key, for ever. */
    @POST
    @Path("{name}/keys/{fingerprint}/revoke")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "publisher-key.revoke", subject = "fingerprint")
    @Operation(
            operationId = "revokeKey",
            summary = "Stops trusting a key, for ever; running instances of what it signed are closed")
    @Answers(KeyBody.class)
    public Object revoke(
            @PathParam("name") String name,
            @PathParam("fingerprint") String fingerprint,
            Revocation revocation,
            @Context ContainerRequestContext request) {
        return KeyBody.of(publishers.revoke(
                new PublisherName(name), Digest.parse(fingerprint), revocation.reason(), Caller.actor(request)));
    }

    @Schema(
            example =
                    "{\"name\":\"acme-tools\",\"certificate\":\"-----BEGIN CERTIFICATE-----\\n…\\n-----END CERTIFICATE-----\"}")
    record NewPublisher(String name, String certificate) {
        NewPublisher {
            Wire.required("/name", name);
            Wire.required("/certificate", certificate);
        }
    }

    @Schema(example = "{\"reason\":\"the key was stolen\"}")
    record Revocation(String reason) {
        Revocation {
            Wire.required("/reason", reason);
        }
    }

    record PublisherBody(String name, List<KeyBody> keys) {
        static PublisherBody of(Publishers.Publisher publisher) {
            return new PublisherBody(
                    publisher.name().value(),
                    publisher.keys().stream().map(KeyBody::of).toList());
        }
    }

    record KeyBody(
            String publisher,
            String fingerprint,
            String subject,
            Instant notAfter,
            Instant trustedAt,
            @Nullable Instant revokedAt,
            @Nullable String revokedReason) {
        static KeyBody of(Publishers.PublisherKey key) {
            return new KeyBody(
                    key.publisher().value(),
                    key.fingerprint().toString(),
                    key.subject(),
                    key.notAfter(),
                    key.trustedAt(),
                    key.revokedAt(),
                    key.revokedReason());
        }
    }
}
