package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.secrets.Secrets.KeptSecret;
import io.maestro.model.Scope;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Secrets of one scope. Values go in and never come out. */
@Path("/tenants/{tenant}/environments/{environment}/secrets")
@Produces(MediaType.APPLICATION_JSON)
public final class SecretsResource {
    private final Secrets secrets;

    SecretsResource(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Lists secrets. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "listSecrets", summary = "Lists the secrets of a scope, without their values")
    @Answers(value = SecretBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                secrets.secrets(Scope.of(tenant, environment), ListBody.request(limit, cursor)), SecretBody::of);
    }

    /** One secret. */
    @GET
    @Path("{secret: .+}")
    @Allows(Action.TENANT_READ)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-None-Match",
            description = "An ETag; answered with 304 when it is still that.")
    @Operation(
            operationId = "getSecret",
            summary = "Gives one secret without its value: its versions, and which instances use it")
    @Answers(SecretBody.class)
    public Response secret(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("secret") String secret,
            @Context ContainerRequestContext request) {
        KeptSecret found = secrets.secret(Scope.of(tenant, environment), new SecretName(secret));
        return Tags.answer(request, tag(found), SecretBody.of(found));
    }

    /** Keeps a value. */
    @PUT
    @Path("{secret: .+}")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "secret.put", subject = "secret", secret = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another version is refused with 412.")
    @Operation(
            operationId = "putSecret",
            summary = "Keeps the first or the next value of a secret",
            description =
                    "The answer is 201 for a new secret. The value before is destroyed. Running instances that use"
                            + " the secret are given the new one.")
    @Answers(value = SecretBody.class, also = 201)
    public Response put(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("secret") String secret,
            NewValue wanted,
            @Context ContainerRequestContext request) {
        KeptSecret kept = secrets.put(
                Scope.of(tenant, environment),
                new SecretName(secret),
                wanted.value(),
                SecretBody.expected(request),
                Caller.actor(request));
        Response.ResponseBuilder answer = kept.version() == 1
                ? Response.created(
                        URI.create(request.getUriInfo().getRequestUri().getRawPath()))
                : Response.ok();
        return answer.entity(SecretBody.of(kept))
                .header("ETag", Tags.quoted(tag(kept)))
                .build();
    }

    /** Deletes a secret. */
    @DELETE
    @Path("{secret: .+}")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "secret.delete", subject = "secret")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another version is refused with 412.")
    @Operation(operationId = "deleteSecret", summary = "Deletes a secret that no instance uses")
    @Answers(value = Void.class, status = 204)
    public void delete(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("secret") String secret,
            @Context ContainerRequestContext request) {
        secrets.delete(
                Scope.of(tenant, environment),
                new SecretName(secret),
                SecretBody.expected(request),
                Caller.actor(request));
    }

    private static String tag(KeptSecret secret) {
        return Long.toString(secret.version());
    }

    @Schema(example = "{\"value\":\"…\"}")
    record NewValue(String value) {
        NewValue {
            Wire.required("/value", value);
        }

        @Override
        public String toString() {
            return "NewValue[***]";
        }
    }
}
