package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.PolicyPacks;
import io.maestro.api.policy.PolicyPacks.Turn;
import io.maestro.model.Actor;
import io.maestro.model.TenantId;
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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

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
    @Governed(value = "policy-pack.upload", subject = "name", planned = true)
    @Operation(
            operationId = "uploadPlatformPolicyPack",
            summary = "Takes in a signed bundle, and makes it active when it passes its own tests",
            description =
                    "The pack maestro replaces the built-in one; others lie below packs/NAME and can only forbid more."
                            + " When it is refused, the revision before stays active, and lastRefused says why."
                            + " With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(PolicyPackBody.class)
    public Response upload(
            @PathParam("name") String name,
            InputStream bundle,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request)
            throws IOException {
        @Nullable TenantId id = null;
        byte[] bytes = new BoundedInput(bundle, PackBodies.LARGEST_BUNDLE).readAllBytes();
        Actor actor = Caller.actor(request);
        AtomicReference<@Nullable Turn> planned = new AtomicReference<>();
        return ChangePlan.answer(
                dryRun,
                plan,
                request,
                () -> {
                    Turn turn = packs.planUpload(id, name, bytes, actor);
                    planned.set(turn);
                    return PolicyPlans.pack("policy-pack.upload", id, name, turn);
                },
                () -> Response.ok(PolicyPackBody.of(packs.upload(id, name, bytes, planned.get(), actor)))
                        .build());
    }

    /** Goes back. */
    @POST
    @Path("{name}/rollback")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-pack.rollback", subject = "name", planned = true)
    @Operation(
            operationId = "rollBackPlatformPolicyPack",
            summary = "Makes an earlier revision of a pack the active one again",
            description =
                    "The one before the active one, when none is named."
                            + " With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(PolicyPackBody.class)
    public Response rollback(
            @PathParam("name") String name,
            NewRollback wanted,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request) {
        @Nullable TenantId id = null;
        Actor actor = Caller.actor(request);
        AtomicReference<@Nullable String> to = new AtomicReference<>(wanted.revision());
        AtomicReference<@Nullable Turn> planned = new AtomicReference<>();
        return ChangePlan.answer(
                dryRun,
                plan,
                request,
                () -> {
                    Turn turn = packs.planRollback(id, name, to.get(), actor);
                    planned.set(turn);
                    // the one that was planned, not the one before whatever is active by then
                    to.set(Objects.requireNonNull(turn.after()).revision());
                    return PolicyPlans.pack("policy-pack.rollback", id, name, turn);
                },
                () -> Response.ok(PolicyPackBody.of(packs.rollback(id, name, to.get(), planned.get(), actor)))
                        .build());
    }

    /** Takes a pack away. */
    @DELETE
    @Path("{name}")
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-pack.remove", subject = "name", planned = true)
    @Operation(
            operationId = "removePlatformPolicyPack",
            summary = "Takes away a policy pack of the installation",
            description =
                    "With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(value = Void.class, status = 204)
    public Response remove(
            @PathParam("name") String name,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request) {
        @Nullable TenantId id = null;
        Actor actor = Caller.actor(request);
        AtomicReference<@Nullable Turn> planned = new AtomicReference<>();
        return ChangePlan.answer(
                dryRun,
                plan,
                request,
                () -> {
                    Turn turn = packs.planRemove(id, name, actor);
                    planned.set(turn);
                    return PolicyPlans.pack("policy-pack.remove", id, name, turn);
                },
                () -> {
                    packs.remove(id, name, planned.get(), actor);
                    return Response.noContent().build();
                });
    }
}
