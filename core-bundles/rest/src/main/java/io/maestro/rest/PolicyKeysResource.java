package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.rest.PackBodies.NewPolicyKey;
import io.maestro.rest.PackBodies.PolicyKeyBody;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The keys that may sign policy packs of the installation. */
@Path("/policy/keys")
@Produces(MediaType.APPLICATION_JSON)
public final class PolicyKeysResource {
    private final PolicyPacks packs;

    PolicyKeysResource(PolicyPacks packs) {
        this.packs = packs;
    }

    /** Lists keys. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listPlatformPolicyKeys",
            summary = "Lists the keys that may sign policy packs of the installation")
    @Answers(value = PolicyKeyBody.class, list = true)
    public Object list() {
        return new ListBody<>(packs.keys(null).stream().map(PolicyKeyBody::of).toList(), null);
    }

    /** Trusts a key. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed("policy-key.trust")
    @Operation(
            operationId = "trustPlatformPolicyKey",
            summary = "Trusts a key to sign policy packs of the installation")
    @Answers(value = PolicyKeyBody.class, status = 201)
    public Response trust(NewPolicyKey key, @Context ContainerRequestContext request) {
        return Response.status(201)
                .entity(PolicyKeyBody.of(
                        packs.trust(null, key.id(), key.algorithm(), key.publicKey(), Caller.actor(request))))
                .build();
    }

    /** Stops trusting a key. */
    @DELETE
    @Path("{kid}")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-key.distrust", subject = "kid")
    @Operation(
            operationId = "distrustPlatformPolicyKey",
            summary = "Stops trusting a key; packs that are active stay so")
    @Answers(value = Void.class, status = 204)
    public void distrust(@PathParam("kid") String kid, @Context ContainerRequestContext request) {
        packs.distrust(null, kid, Caller.actor(request));
    }
}
