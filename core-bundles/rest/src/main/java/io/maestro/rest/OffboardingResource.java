package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.tenancy.Offboarding;
import io.maestro.api.tenancy.Offboarding.Departure;
import io.maestro.api.tenancy.Offboarding.Stage;
import io.maestro.model.TenantId;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How a tenant leaves. */
@Path("/tenants/{tenant}/offboard")
@Produces(MediaType.APPLICATION_JSON)
public final class OffboardingResource {
    private final Offboarding offboarding;

    OffboardingResource(Offboarding offboarding) {
        this.offboarding = offboarding;
    }

    /** Begins, goes on, or only tells what would go. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "tenant.offboard", subject = "tenant")
    @Departing
    @Operation(
            operationId = "offboardTenant",
            summary = "Refuses all access to a tenant and erases all it has; its name is never given again",
            description =
                    "With dryRun=true it only tells what would go. Else confirm has to be the tenant's name. The answer"
                            + " may come before the end: ask again with GET. Repeating is harmless. Receipts stay.")
    @Answers(DepartureBody.class)
    public Object offboard(
            @PathParam("tenant") String tenant,
            @QueryParam("dryRun") @Nullable String dryRun,
            NewOffboarding wanted,
            @Context ContainerRequestContext request) {
        TenantId id = new TenantId(tenant);
        return DepartureBody.of(
                Query.flag("dryRun", dryRun)
                        ? offboarding.plan(id)
                        : offboarding.begin(id, Wire.required("/confirm", wanted.confirm()), Caller.actor(request)));
    }

    /** How far it is. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Departing
    @Operation(operationId = "getOffboarding", summary = "Tells how far the offboarding of a tenant is")
    @Answers(DepartureBody.class)
    public Object departure(@PathParam("tenant") String tenant) {
        return DepartureBody.of(offboarding.departure(new TenantId(tenant)));
    }

    @Schema(example = "{\"confirm\":\"acme\"}")
    record NewOffboarding(@Nullable String confirm) {}

    record DepartureBody(String tenant, Stage stage, List<PartBody> parts) {
        static DepartureBody of(Departure departure) {
            return new DepartureBody(
                    departure.tenant().value(),
                    departure.stage(),
                    departure.parts().stream()
                            .map(part -> new PartBody(part.name(), part.done(), new TreeMap<>(part.holdings())))
                            .toList());
        }
    }

    record PartBody(String name, boolean done, Map<String, Long> holdings) {}
}
