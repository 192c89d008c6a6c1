package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.policy.EntryPoint;
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
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;

/** What packs are told beside the input about a tenant. */
@Path("/tenants/{tenant}/policy-settings")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantPolicySettingsResource {
    private final PolicySettings settings;

    TenantPolicySettingsResource(PolicySettings settings) {
        this.settings = settings;
    }

    /** The settings. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "getTenantPolicySettings", summary = "Gives the policy settings of a tenant")
    @Answers(PolicyDocument.class)
    public Response settings(@PathParam("tenant") String tenant) {
        return PolicyDocument.answer(settings.settings(new TenantId(tenant)));
    }

    /** Replaces them. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "policy-settings.put", entryPoint = EntryPoint.TENANT_ALLOW, subject = "tenant")
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "putTenantPolicySettings",
            summary = "Replaces the policy settings of a tenant",
            description = "Packs know them as data.settings.tenants[tenant].")
    @Answers(PolicyDocument.class)
    public Response putSettings(
            @PathParam("tenant") String tenant, InputStream body, @Context ContainerRequestContext request)
            throws IOException {
        Json document = PolicyDocument.read(body);
        return PolicyDocument.answer(
                settings.put(new TenantId(tenant), document, PolicyDocument.expected(request), Caller.actor(request)));
    }
}
