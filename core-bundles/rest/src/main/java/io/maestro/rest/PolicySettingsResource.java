package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.PolicySettings;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What packs are told beside the input, and how seriously rules are taken. */
@Path("/policy")
@Produces(MediaType.APPLICATION_JSON)
public final class PolicySettingsResource {
    private final PolicySettings settings;

    PolicySettingsResource(PolicySettings settings) {
        this.settings = settings;
    }

    /** The settings. */
    @GET
    @Path("settings")
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(operationId = "getPlatformPolicySettings", summary = "Gives the policy settings of the installation")
    @Answers(PolicyDocument.class)
    public Response settings() {
        return PolicyDocument.answer(settings.settings(null));
    }

    /** Replaces them. */
    @PUT
    @Path("settings")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-settings.put", planned = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "putPlatformPolicySettings",
            summary = "Replaces the policy settings of the installation",
            description =
                    "Packs know them as data.settings.platform."
                            + " With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(PolicyDocument.class)
    public Response putSettings(
            InputStream body,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request)
            throws IOException {
        @Nullable TenantId id = null;
        Json document = PolicyDocument.read(body);
        AtomicReference<@Nullable Long> seen = new AtomicReference<>(PolicyDocument.expected(request));
        return ChangePlan.answer(
                dryRun,
                plan,
                request,
                () -> {
                    PolicySettings.Kept before = settings.beforePut(id, document, seen.get(), Caller.actor(request));
                    seen.set(before.revision());
                    return PolicyPlans.settings(id, before, document);
                },
                () -> PolicyDocument.answer(settings.put(id, document, seen.get(), Caller.actor(request))));
    }

    /** The modes. */
    @GET
    @Path("modes")
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "getPlatformPolicyModes",
            summary = "Gives the modes that rules of the installation's packs have other than their packs say")
    @Answers(PolicyDocument.class)
    public Response modes() {
        return PolicyDocument.answer(settings.modes(null));
    }

    /** Replaces them. */
    @PUT
    @Path("modes")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-modes.put", planned = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "putPlatformPolicyModes",
            summary = "Replaces the modes of the installation",
            description =
                    "{\"packs\":{NAME:MODE},\"rules\":{ID:MODE}} with shadow, warn or enforce."
                            + " With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(PolicyDocument.class)
    public Response putModes(
            InputStream body,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request)
            throws IOException {
        @Nullable TenantId id = null;
        Json document = PolicyDocument.read(body);
        AtomicReference<@Nullable Long> seen = new AtomicReference<>(PolicyDocument.expected(request));
        return ChangePlan.answer(
                dryRun,
                plan,
                request,
                () -> {
                    PolicySettings.Kept before =
                            settings.beforePutModes(id, document, seen.get(), Caller.actor(request));
                    seen.set(before.revision());
                    return PolicyPlans.modes(id, before, document);
                },
                () -> PolicyDocument.answer(settings.putModes(id, document, seen.get(), Caller.actor(request))));
    }
}
