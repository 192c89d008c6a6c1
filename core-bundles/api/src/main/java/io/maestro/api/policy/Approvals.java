package io.maestro.api.policy;

import io.maestro.api.identity.Principal;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Acts that wait for a second person. Whoever asks repeats the very act with the approval's id; it holds once, and for a
 * day. An act that fails before it has changed anything uses none. Blocks on the database; any thread.
 */
@ProviderType
public interface Approvals {
    /**
     * Requests, the newest first.
     *
     * @param tenant whose; null for those of the installation and of all tenants
     * @param environment only those of this one; null for all
     * @param state null for all
     */
    Page<Request> requests(
            @Nullable TenantId tenant, @Nullable Environment environment, @Nullable State state, PageRequest page);

    /**
     * One request.
     *
     * @param tenant whose it must be; null when it may be anybody's
     * @param environment where it must be; null when it may be anywhere
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#APPROVAL_UNKNOWN}
     */
    Request request(@Nullable TenantId tenant, @Nullable Environment environment, UUID id);

    /**
     * Approves or rejects what lies within the decider's confines.
     *
     * @param decider who; whoever asked, and everybody behind whom the same person stands, can only reject
     * @param reason why, for the receipt and for whoever asked
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#APPROVAL_UNKNOWN}, {@link
     *     PolicyProblem#APPROVAL_DECIDED}, {@link PolicyProblem#APPROVAL_OF_ONES_OWN}, and those of {@link
     *     Governance#require}
     */
    Request decide(UUID id, boolean approve, String reason, Principal decider, Actor actor);

    /** How far a request is. */
    enum State {
        /** Nobody has decided yet. */
        PENDING,
        /** It may be done, once. */
        APPROVED,
        /** It may not be done. */
        REJECTED,
        /** It was done. */
        USED,
        /** Nobody decided in time, or nobody did it in time. */
        EXPIRED
    }

    /**
     * A request.
     *
     * @param reasons the rules that want a second person
     * @param input what was asked, as far as it may be shown; as {@code content} what the act would do beyond that
     * @param requestedBy the principal's id
     * @param decidedBy null while nobody has
     * @param comment the decider's reason; null while nobody has decided
     * @param decision the decision that led to it
     */
    record Request(
            UUID id,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            EntryPoint entryPoint,
            String action,
            String subjectType,
            String subject,
            State state,
            List<Reason> reasons,
            Json input,
            String requestedBy,
            Instant requestedAt,
            Instant expiresAt,
            @Nullable String decidedBy,
            @Nullable Instant decidedAt,
            @Nullable String comment,
            UUID decision) {
        /** Copies the list. */
        public Request {
            reasons = List.copyOf(reasons);
        }

        /** The same request, as far as this. */
        public Request in(State next) {
            return new Request(
                    id,
                    tenant,
                    environment,
                    entryPoint,
                    action,
                    subjectType,
                    subject,
                    next,
                    reasons,
                    input,
                    requestedBy,
                    requestedAt,
                    expiresAt,
                    decidedBy,
                    decidedAt,
                    comment,
                    decision);
        }
    }
}
