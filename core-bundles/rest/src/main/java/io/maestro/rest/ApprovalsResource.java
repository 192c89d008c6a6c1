package io.maestro.rest;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.policy.Approvals;
import io.maestro.api.policy.Approvals.Request;
import io.maestro.api.policy.Approvals.State;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.Json;
import io.maestro.model.Violation;
import io.maestro.rest.DecisionBodies.ReasonBody;
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
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Acts that wait for a second person. */
@Path("/approvals")
@Produces(MediaType.APPLICATION_JSON)
public final class ApprovalsResource {
    private static final int LONGEST_REASON = 2_000;

    private final Approvals approvals;

    ApprovalsResource(Approvals approvals) {
        this.approvals = approvals;
    }

    /** Lists requests. */
    @GET
    @Allows(Action.APPROVAL_READ)
    @Operation(
            operationId = "listApprovals",
            summary = "Lists acts that wait for a second person, or waited, newest first",
            description = "Those within the caller's tenant and environment, or all for one of the installation.")
    @Answers(value = ApprovalBody.class, list = true)
    public Object list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @Nullable String limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Context ContainerRequestContext request) {
        Principal principal = Caller.of(request).principal();
        return ListBody.of(
                approvals.requests(
                        principal.tenant(),
                        principal.environment(),
                        Query.word("state", state, State.class),
                        ListBody.request(limit, cursor)),
                ApprovalBody::of);
    }

    /** One request. */
    @GET
    @Path("{id}")
    @Allows(Action.APPROVAL_READ)
    @Operation(operationId = "getApproval", summary = "Gives one act that waits for a second person, or waited")
    @Answers(ApprovalBody.class)
    public Object one(@PathParam("id") String id, @Context ContainerRequestContext request) {
        Principal principal = Caller.of(request).principal();
        return ApprovalBody.of(
                approvals.request(principal.tenant(), principal.environment(), DecisionQuery.id("id", id)));
    }

    /** Approves. */
    @POST
    @Path("{id}/approve")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.APPROVAL_DECIDE)
    @AsksWithin(EntryPoint.APPROVAL_DECIDE)
    @Operation(
            operationId = "approve",
            summary = "Approves an act that waits for a second person",
            description = "Not by whoever asked. Who asked repeats the very request with the header Maestro-Approval.")
    @Answers(ApprovalBody.class)
    public Object approve(@PathParam("id") String id, NewVerdict verdict, @Context ContainerRequestContext request) {
        return decide(id, true, verdict, request);
    }

    /** Rejects. */
    @POST
    @Path("{id}/reject")
    @Consumes(MediaType.APPLICATION_JSON)
    @Allows(Action.APPROVAL_DECIDE)
    @AsksWithin(EntryPoint.APPROVAL_DECIDE)
    @Operation(
            operationId = "reject",
            summary = "Rejects an act that waits for a second person",
            description = "Whoever asked can take it back this way.")
    @Answers(ApprovalBody.class)
    public Object reject(@PathParam("id") String id, NewVerdict verdict, @Context ContainerRequestContext request) {
        return decide(id, false, verdict, request);
    }

    private Object decide(String id, boolean approve, NewVerdict verdict, ContainerRequestContext request) {
        return ApprovalBody.of(approvals.decide(
                DecisionQuery.id("id", id),
                approve,
                verdict.reason(),
                Caller.of(request).principal(),
                Caller.actor(request)));
    }

    @Schema(example = "{\"reason\":\"looked at it with the team\"}")
    record NewVerdict(String reason) {
        NewVerdict {
            Wire.required("/reason", reason);
            if (reason.isBlank() || reason.length() > LONGEST_REASON || reason.indexOf('\0') >= 0) {
                throw Wire.invalid(
                        "the reason is empty, or longer than " + LONGEST_REASON + " characters",
                        "Say why, for whoever asked and for the receipt.",
                        List.of(new Violation("/reason", "is no reason")));
            }
        }
    }

    /**
     * A request.
     *
     * @param comment the decider's reason
     */
    record ApprovalBody(
            String id,
            @Nullable String tenant,
            @Nullable String environment,
            String entryPoint,
            String action,
            String subjectType,
            String subject,
            State state,
            List<ReasonBody> reasons,
            Json input,
            String requestedBy,
            Instant requestedAt,
            Instant expiresAt,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            @Nullable String comment,
            String decisionId) {
        static ApprovalBody of(Request request) {
            return new ApprovalBody(
                    request.id().toString(),
                    request.tenant() == null ? null : request.tenant().value(),
                    request.environment() == null ? null : request.environment().value(),
                    request.entryPoint().path(),
                    request.action(),
                    request.subjectType(),
                    request.subject(),
                    request.state(),
                    request.reasons().stream().map(ReasonBody::of).toList(),
                    request.input(),
                    request.requestedBy(),
                    request.requestedAt(),
                    request.expiresAt(),
                    request.decidedBy(),
                    request.decidedAt(),
                    request.comment(),
                    request.decision().toString());
        }
    }
}
