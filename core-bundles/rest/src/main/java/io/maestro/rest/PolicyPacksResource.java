package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.rest.PackBodies.NewRollback;
import io.maestro.rest.PackBodies.PolicyPackBody;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;

/** Packs of policies of the installation. */
@Path("/policy/packs")
@Produces(MediaType.APPLICATION_JSON)
public final class PolicyPacksResource {
    private final PolicyPacks packs;

    PolicyPacksResource(PolicyPacks packs) {
        this.packs = packs;
    }

    /** Lists packs. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "listPlatformPolicyPacks", summary = "Lists the policy packs of the installation")
    @Answers(value = PolicyPackBody.class, list = true)
    public Object list() {
        return new ListBody<>(packs.packs(null).stream().map(PolicyPackBody::of).toList(), null);
    }

    /** One pack. */
    @GET
    @Path("{name}")
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "getPlatformPolicyPack", summary = "Gives one policy pack of the installation")
    @Answers(PolicyPackBody.class)
    public Object one(@PathParam("name") String name) {
        return PolicyPackBody.of(packs.pack(null, name));
    }

    /** Takes a bundle in. */
    @PUT
    @Path("{name}")
    @Consumes({"application/gzip", MediaType.APPLICATION_OCTET_STREAM})
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-pack.upload", subject = "name")
    @Operation(
            operationId = "uploadPlatformPolicyPack",
            summary = "Takes in a signed bundle, and makes it active when it passes its own tests",
            description =
                    "The pack maestro replaces the built-in one; others lie below packs/NAME and can only forbid more."
                            + " When it is refused, the revision before stays active, and lastRefused says why.")
    @Answers(PolicyPackBody.class)
    public Object upload(@PathParam("name") String name, InputStream bundle, @Context ContainerRequestContext request)
            throws IOException {
        byte[] bytes = new BoundedInput(bundle, PackBodies.LARGEST_BUNDLE).readAllBytes();
        return PolicyPackBody.of(packs.upload(null, name, bytes, Caller.actor(request)));
    }

    /** Goes back. */
    @POST
    @Path("{name}/rollback")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-pack.rollback", subject = "name")
    @Operation(
            operationId = "rollBackPlatformPolicyPack",
            summary = "Makes an earlier revision of a pack the active one again",
            description = "The one before the active one, when none is named.")
    @Answers(PolicyPackBody.class)
    public Object rollback(
            @PathParam("name") String name, NewRollback wanted, @Context ContainerRequestContext request) {
        return PolicyPackBody.of(packs.rollback(null, name, wanted.revision(), Caller.actor(request)));
    }

    /** Takes a pack away. */
    @DELETE
    @Path("{name}")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-pack.remove", subject = "name")
    @Operation(operationId = "removePlatformPolicyPack", summary = "Takes away a policy pack of the installation")
    @Answers(value = Void.class, status = 204)
    public void remove(@PathParam("name") String name, @Context ContainerRequestContext request) {
        packs.remove(null, name, Caller.actor(request));
    }
}
