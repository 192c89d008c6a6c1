package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.residency.Transfers;
import io.maestro.api.residency.Transfers.Course;
import io.maestro.api.residency.Transfers.State;
import io.maestro.api.residency.Transfers.Transfer;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
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
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Moves of data from one instance to another. */
@Path("/tenants/{tenant}/environments/{environment}/transfers")
@Produces(MediaType.APPLICATION_JSON)
public final class TransfersResource {
    private final Transfers transfers;

    TransfersResource(Transfers transfers) {
        this.transfers = transfers;
    }

    /** Begins a transfer. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.TENANT_WRITE)
    @Governed("transfer.start")
    @Idempotent
    @Operation(
            operationId = "startTransfer",
            summary = "Moves what an instance keeps to another one, in the same region or another",
            description =
                    "From then on the routes to the source lead to the target. Each item is copied, read back and compared,"
                            + " then belongs to the target at once, and its bytes at the source are deleted. Goes on after a crash.")
    @Answers(value = TransferBody.class, status = 201)
    public Response start(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            NewTransfer wanted,
            @Context ContainerRequestContext request) {
        Transfer begun = transfers.start(Scope.of(tenant, environment), wanted.course(), Caller.actor(request));
        return Response.created(URI.create("/api/tenants/" + begun.scope().tenant() + "/environments/"
                        + begun.scope().environment() + "/transfers/" + begun.id()))
                .entity(TransferBody.of(begun))
                .build();
    }

    /** Lists transfers. */
    @GET
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "listTransfers", summary = "Lists the transfers of an environment, the newest first")
    @Answers(value = TransferBody.class, list = true)
    public Object list(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return ListBody.of(
                transfers.transfers(Scope.of(tenant, environment), ListBody.request(limit, cursor)), TransferBody::of);
    }

    /** One transfer. */
    @GET
    @Path("{transfer}")
    @Allows(Action.TENANT_READ)
    @Operation(operationId = "getTransfer", summary = "Gives one transfer, with how far it is")
    @Answers(TransferBody.class)
    public Object transfer(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("transfer") String transfer) {
        return TransferBody.of(transfers.transfer(Scope.of(tenant, environment), id(transfer)));
    }

    /** Ends one. */
    @POST
    @Path("{transfer}/cancel")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "transfer.cancel", subject = "transfer")
    @Operation(
            operationId = "cancelTransfer",
            summary = "Ends a running transfer: what was moved stays at the target, the rest at the source")
    @Answers(TransferBody.class)
    public Object cancel(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("transfer") String transfer,
            @Context ContainerRequestContext request) {
        return TransferBody.of(transfers.cancel(Scope.of(tenant, environment), id(transfer), Caller.actor(request)));
    }

    /** Goes on with one. */
    @POST
    @Path("{transfer}/resume")
    @Allows(Action.TENANT_WRITE)
    @Governed(value = "transfer.resume", subject = "transfer")
    @Operation(operationId = "resumeTransfer", summary = "Goes on with a transfer that has failed or was cancelled")
    @Answers(TransferBody.class)
    public Object resume(
            @PathParam("tenant") String tenant,
            @PathParam("environment") String environment,
            @PathParam("transfer") String transfer,
            @Context ContainerRequestContext request) {
        return TransferBody.of(transfers.resume(Scope.of(tenant, environment), id(transfer), Caller.actor(request)));
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Problem.of(
                            ResidencyProblem.TRANSFER_UNKNOWN,
                            "that is no id of a transfer",
                            "List the transfers of the environment.")
                    .asException(e);
        }
    }

    @Schema(example = "{\"source\":\"files\",\"target\":\"archive\",\"region\":\"eu-central-1\",\"kind\":null}")
    record NewTransfer(
            String source,
            String target,
            String region,
            @Nullable String kind) {
        NewTransfer {
            Wire.required("/source", source);
            Wire.required("/target", target);
            Wire.required("/region", region);
        }

        Course course() {
            return new Course(
                    new InstanceId(source), new InstanceId(target), new Region(region), Query.of(kind, Kind::new));
        }
    }

    /** A transfer as it crosses the wire. */
    record TransferBody(
            String id,
            String tenant,
            String environment,
            String source,
            String target,
            String region,
            @Nullable String kind,
            State state,
            long movedItems,
            long movedBytes,
            long leftItems,
            long leftBytes,
            long unsettled,
            @Nullable String problem,
            Instant startedAt,
            String startedBy,
            @Nullable Instant endedAt) {
        static TransferBody of(Transfer transfer) {
            Course course = transfer.course();
            return new TransferBody(
                    transfer.id().toString(),
                    transfer.scope().tenant().value(),
                    transfer.scope().environment().value(),
                    course.source().value(),
                    course.target().value(),
                    course.region().value(),
                    course.kind() == null ? null : course.kind().value(),
                    transfer.state(),
                    transfer.movedItems(),
                    transfer.movedBytes(),
                    transfer.leftItems(),
                    transfer.leftBytes(),
                    transfer.unsettled(),
                    transfer.problem(),
                    transfer.startedAt(),
                    transfer.startedBy(),
                    transfer.endedAt());
        }
    }
}
