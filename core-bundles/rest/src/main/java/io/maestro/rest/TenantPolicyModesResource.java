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

/** How seriously the rules of a tenant's own packs are taken. */
@Path("/tenants/{tenant}/policy-modes")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantPolicyModesResource {
    private final PolicySettings settings;

    TenantPolicyModesResource(PolicySettings settings) {
        this.settings = settings;
    }

    /** The modes. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Operation(
            operationId = "getTenantPolicyModes",
            summary = "Gives the modes that rules of a tenant's own packs have other than their packs say")
    @Answers(PolicyDocument.class)
    public Response modes(@PathParam("tenant") String tenant) {
        return PolicyDocument.answer(settings.modes(new TenantId(tenant)));
    }

    /** Replaces them. */
    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "policy-modes.put", subject = "tenant", planned = true)
    @Parameter(
            in = ParameterIn.HEADER,
            name = "If-Match",
            description = "The ETag as last seen; another revision is refused with 412.")
    @Operation(
            operationId = "putTenantPolicyModes",
            summary = "Replaces the modes of a tenant",
            description =
                    "{\"packs\":{NAME:MODE},\"rules\":{ID:MODE}} with shadow, warn or enforce."
                            + " With dryRun=true, the answer is the plan and nothing is done; with plan=DIGEST, it is done only as planned.")
    @Answers(PolicyDocument.class)
    public Response putModes(
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
                    PolicySettings.Kept before =
                            settings.beforePutModes(id, document, seen.get(), Caller.actor(request));
                    seen.set(before.revision());
                    return PolicyPlans.modes(id, before, document);
                },
                () -> PolicyDocument.answer(settings.putModes(id, document, seen.get(), Caller.actor(request))));
    }
}
