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
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

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
    @Governed(value = "policy-settings.put", entryPoint = EntryPoint.TENANT_ALLOW, subject = "tenant", planned = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "putTenantPolicySettings",
            summary = "Replaces the policy settings of a tenant",
            description =
                    "Packs know them as data.settings.tenants[tenant]."
                            + " With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(PolicyDocument.class)
    public Response putSettings(
            @PathParam("tenant") String tenant,
            InputStream body,
            @QueryParam("dryRun") @Nullable String dryRun,
            @QueryParam("plan") @Nullable String plan,
            @Context ContainerRequestContext request)
            throws IOException {
        TenantId id = new TenantId(tenant);
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
}
