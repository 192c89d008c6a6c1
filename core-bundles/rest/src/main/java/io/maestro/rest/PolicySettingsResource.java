package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.PolicySettings;
import io.maestro.model.Json;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

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
    @Governed("policy-settings.put")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "putPlatformPolicySettings",
            summary = "Replaces the policy settings of the installation",
            description = "Packs know them as data.settings.platform.")
    @Answers(PolicyDocument.class)
    public Response putSettings(InputStream body, @Context ContainerRequestContext request) throws IOException {
        Json document = PolicyDocument.read(body);
        return PolicyDocument.answer(
                settings.put(null, document, PolicyDocument.expected(request), Caller.actor(request)));
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
    @Governed("policy-modes.put")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "putPlatformPolicyModes",
            summary = "Replaces the modes of the installation",
            description = "{\"packs\":{NAME:MODE},\"rules\":{ID:MODE}} with shadow, warn or enforce.")
    @Answers(PolicyDocument.class)
    public Response putModes(InputStream body, @Context ContainerRequestContext request) throws IOException {
        Json document = PolicyDocument.read(body);
        return PolicyDocument.answer(
                settings.putModes(null, document, PolicyDocument.expected(request), Caller.actor(request)));
    }
}
