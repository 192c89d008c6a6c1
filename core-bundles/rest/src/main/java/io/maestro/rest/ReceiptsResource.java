package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.provenance.Receipts;
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

/** The receipts of the installation. */
@Path("/receipts")
@Produces(MediaType.APPLICATION_JSON)
public final class ReceiptsResource {
    private final Receipts receipts;

    ReceiptsResource(Receipts receipts) {
        this.receipts = receipts;
    }

    /** Lists receipts. */
    @GET
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "listPlatformReceipts",
            summary = "Lists the receipts of the installation, each verified as it is read")
    @Answers(value = SealedBody.class, list = true)
    public Object list(@BeanParam Wanted wanted) {
        return ReceiptBodies.list(receipts, null, wanted);
    }

    /** One receipt. */
    @GET
    @Path("{id}")
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "getPlatformReceipt",
            summary = "Gives one receipt of the installation; one that is not sealed yet says so")
    @Answers(SealedBody.class)
    public Object receipt(@PathParam("id") String id) {
        return ReceiptBodies.one(receipts, null, id);
    }

    /** Verifies the chain. */
    @GET
    @Path("verification")
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "verifyPlatformReceipts",
            summary = "Verifies the chain of the installation from a place on, up to 10,000 receipts at a time")
    @Answers(ChainBody.class)
    public Object verify(@QueryParam("after") @Nullable String after) {
        return ReceiptBodies.verify(receipts, null, after);
    }

    /** Exports receipts. */
    @GET
    @Path("export")
    @Produces(ReceiptBodies.LINES)
    @Allows(Action.PLATFORM_AUDIT)
    @Operation(
            operationId = "exportPlatformReceipts",
            summary =
                    "Exports the receipts of the installation that were sealed in a time, in a form that verifies by itself")
    @Answers(value = byte[].class)
    public Response export(
            @QueryParam("from") @Nullable String from,
            @QueryParam("until") @Nullable String until,
            @Context ContainerRequestContext request) {
        return ReceiptBodies.export(receipts, null, from, until, request);
    }

    /** Accepts that the end of the chain is lost. */
    @POST
    @Path("accept-break")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.PLATFORM_WRITE)
    @Governed("chain.accept-break")
    @Idempotent
    @Operation(
            operationId = "acceptPlatformBreak",
            summary =
                    "Has the chain of the installation go on that lost its end; leaves a receipt in the installation's chain")
    @Answers(BreakBody.class)
    public Object acceptBreak(AcceptedBreak wanted, @Context ContainerRequestContext request) {
        return ReceiptBodies.acceptBreak(receipts, null, wanted, request);
    }
}
