package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.provenance.Receipts;
import io.maestro.model.TenantId;
import io.maestro.rest.ReceiptBodies.AcceptedBreak;
import io.maestro.rest.ReceiptBodies.BreakBody;
import io.maestro.rest.ReceiptBodies.ChainBody;
import io.maestro.rest.ReceiptBodies.SealedBody;
import io.maestro.rest.ReceiptBodies.Wanted;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.ws.rs.BeanParam;
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
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The receipts of a tenant; those of one that left stay for the installation's own principals. */
@Path("/tenants/{tenant}/receipts")
@Produces(MediaType.APPLICATION_JSON)
public final class TenantReceiptsResource {
    private final Receipts receipts;

    TenantReceiptsResource(Receipts receipts) {
        this.receipts = receipts;
    }

    /** Lists receipts. */
    @GET
    @Allows(Action.TENANT_AUDIT)
    @Departing
    @Operation(operationId = "listReceipts", summary = "Lists the receipts of a tenant, each verified as it is read")
    @Answers(value = SealedBody.class, list = true)
    public Object list(@PathParam("tenant") String tenant, @BeanParam Wanted wanted) {
        return ReceiptBodies.list(receipts, new TenantId(tenant), wanted);
    }

    /** One receipt. */
    @GET
    @Path("{id}")
    @Allows(Action.TENANT_AUDIT)
    @Departing
    @Operation(
            operationId = "getReceipt",
            summary = "Gives one receipt of a tenant; one that is not sealed yet says so")
    @Answers(SealedBody.class)
    public Object receipt(@PathParam("tenant") String tenant, @PathParam("id") String id) {
        return ReceiptBodies.one(receipts, new TenantId(tenant), id);
    }

    /** Verifies the chain. */
    @GET
    @Path("verification")
    @Allows(Action.TENANT_AUDIT)
    @Departing
    @Operation(
            operationId = "verifyReceipts",
            summary = "Verifies the chain of a tenant from a place on, up to 10,000 receipts at a time")
    @Answers(ChainBody.class)
    public Object verify(@PathParam("tenant") String tenant, @QueryParam("after") @Nullable String after) {
        return ReceiptBodies.verify(receipts, new TenantId(tenant), after);
    }

    /** Exports receipts. */
    @GET
    @Path("export")
    @Produces(ReceiptBodies.LINES)
    @Allows(Action.TENANT_AUDIT)
    @Departing
    @Operation(
            operationId = "exportReceipts",
            summary = "Exports the receipts of a tenant that were sealed in a time, in a form that verifies by itself")
    @Answers(value = byte[].class)
    public Response export(
            @PathParam("tenant") String tenant,
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until,
            @Context ContainerRequestContext request) {
        return ReceiptBodies.export(receipts, new TenantId(tenant), from, until, request);
    }

    /** Accepts that the end of the chain is lost. */
    @POST
    @Path("accept-break")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed(value = "chain.accept-break", subject = "tenant")
    @Departing
    @Idempotent
    @Operation(
            operationId = "acceptBreak",
            summary = "Has the chain of a tenant go on that lost its end; leaves a receipt in the installation's chain")
    @Answers(BreakBody.class)
    public Object acceptBreak(
            @PathParam("tenant") String tenant, AcceptedBreak wanted, @Context ContainerRequestContext request) {
        return ReceiptBodies.acceptBreak(receipts, new TenantId(tenant), wanted, request);
    }
}
