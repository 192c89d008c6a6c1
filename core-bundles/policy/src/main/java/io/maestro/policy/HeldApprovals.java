package io.maestro.policy;

import io.maestro.api.identity.Persons;
import io.maestro.api.identity.Principal;
import io.maestro.api.policy.Approvals;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.policy.Governance;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyInput.Content;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.policy.Reason;
import io.maestro.model.Actor;
import io.maestro.model.Actor.Standing;
import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import io.maestro.policy.JooqApprovals.Stored;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.ValueLimitException;
import io.maestro.store.Cursor;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Two persons for what one must not do alone. */
final class HeldApprovals implements Approvals {
    /** How long a request waits, and how long an approval holds from then on. */
    static final Duration LASTS = Duration.ofHours(24);

    private static final int LONGEST_COMMENT = 2_000;

    /** Where a request shows what the act would do. */
    static final String CONTENT = "content";

    private static final int LARGEST_SHOWN = 64 << 10;

    private final JooqApprovals rows;
    private final ApprovalBinding binding;
    private final Persons persons;
    private final Supplier<Governance> governance;
    private final DecisionIds ids;
    private final InstantSource clock;

    /**
     * Approvals as rows.
     *
     * @param governance asked whether somebody may decide; it needs this object itself
     */
    HeldApprovals(
            JooqApprovals rows,
            ApprovalBinding binding,
            Persons persons,
            Supplier<Governance> governance,
            InstantSource clock) {
        this.rows = rows;
        this.binding = binding;
        this.persons = persons;
        this.governance = governance;
        this.ids = new DecisionIds(clock);
        this.clock = clock;
    }

    /**
     * An approval that holds for an act.
     *
     * @param document as policies see it
     */
    record Granted(Request request, ObjectValue document) {}

    /** The approval that the actor refers to, when it holds for this very act; else null. */
    @Nullable
    Granted granted(PolicyInput input, ObjectValue document) {
        String named = input.actor().approval();
        if (named == null) {
            return null;
        }
        return find(input.tenant(), named)
                .filter(stored -> against(stored, input, document) == null)
                .map(stored -> new Granted(stored.request(), document(stored.request())))
                .orElse(null);
    }

    private Optional<Stored> find(@Nullable TenantId tenant, String named) {
        try {
            return rows.find(tenant, UUID.fromString(named));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What stands against using an approval; null when nothing does. */
    private @Nullable String against(Stored stored, PolicyInput input, ObjectValue document) {
        Request request = stored.request();
        return switch (request.state()) {
            case PENDING -> "nobody has decided on it yet";
            case REJECTED -> "it was rejected";
            case USED -> "it was used already, and holds only once";
            case EXPIRED -> "it has expired";
            case APPROVED ->
                !request.requestedBy().equals(input.actor().id())
                        ? "somebody else asked for it"
                        : stored.digest().equals(binding.digest(document, ApprovalBinding.content(input)))
                                ? null
                                : "it was given for another act, or for other values than these";
        };
    }

    private static ObjectValue document(Request request) {
        Map<Value, Value> members = new HashMap<>();
        members.put(StringValue.of("id"), Inputs.text(request.id().toString()));
        members.put(StringValue.of("approvedBy"), Inputs.text(String.valueOf(request.decidedBy())));
        members.put(StringValue.of("approvedAt"), Inputs.text(String.valueOf(request.decidedAt())));
        members.put(StringValue.of("reason"), Inputs.text(String.valueOf(request.comment())));
        return ObjectValue.keeping(members);
    }

    /** Uses an approval up by itself, for an act that leaves no receipt; of two that try at once, one is refused. */
    void use(PolicyInput input, Decision decision) {
        UUID approval = decision.approval();
        if (approval != null) {
            rows.use(input.tenant(), input.actor().allowedBy(decision.id().toString(), approval.toString()));
        }
    }

    /** Leaves a request for a second person; or says why the approval that was named does not do. */
    ProblemException ask(PolicyInput input, ObjectValue document, Decision decision) {
        String named = input.actor().approval();
        if (named != null) {
            String why = find(input.tenant(), named)
                    .map(stored -> against(stored, input, document))
                    .orElse("there is no such approval here");
            return Refusals.approvalNotValid(input, decision, named, why);
        }
        Content content = ApprovalBinding.content(input);
        Instant now = clock.instant();
        Redaction shown = Redaction.of(shown(document, content));
        List<Reason> reasons = decision.reasons().stream()
                .filter(reason -> reason.kind() == Reason.Kind.APPROVAL && reason.mode() == Mode.ENFORCE)
                .toList();
        Request wanted = new Request(
                ids.next(),
                input.tenant(),
                input.environment(),
                input.entryPoint(),
                input.action(),
                input.subjectType(),
                input.subject(),
                State.PENDING,
                reasons,
                shown.json(),
                input.actor().id(),
                now,
                now.plus(LASTS),
                null,
                null,
                null,
                decision.id());
        Digest digest = binding.digest(document, content);
        return Refusals.approvalRequired(
                input, decision, rows.open(wanted, digest, input.actor()).id());
    }

    /** What policies are asked with, and what the act would do. */
    private static ObjectValue shown(ObjectValue document, @Nullable Content content) {
        if (content == null || content.shown() == null) {
            return document;
        }
        String text = content.shown().text();
        Value whole;
        try {
            whole = text.length() > LARGEST_SHOWN ? Redaction.REDACTED : io.maestro.rego.value.Json.read(text);
        } catch (IllegalArgumentException | ValueLimitException e) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "what would have to be approved cannot be read: " + e.getMessage(),
                            "Send a JSON document.")
                    .asException(e);
        }
        return document.with(StringValue.of(CONTENT), whole);
    }

    @Override
    public Page<Request> requests(
            @Nullable TenantId tenant, @Nullable Environment environment, @Nullable State state, PageRequest page) {
        return Cursor.page(
                page, rows.list(tenant, environment, state, page), last -> Cursor.at(JooqApprovals.LIST, last.id()));
    }

    @Override
    public Request request(@Nullable TenantId tenant, @Nullable Environment environment, UUID id) {
        return rows.find(tenant, id)
                .map(Stored::request)
                .filter(request -> environment == null || environment.equals(request.environment()))
                .orElseThrow(() -> Problem.of(
                                PolicyProblem.APPROVAL_UNKNOWN,
                                "there is no request " + id + " for an approval here",
                                "List those that wait.")
                        .asException());
    }

    @Override
    public Request decide(UUID id, boolean approve, String reason, Principal decider, Actor actor) {
        Request request = request(decider.tenant(), decider.environment(), id);
        if (request.state() != State.PENDING) {
            throw closed(request);
        }
        String requester = persons.behind(request.requestedBy());
        String person = persons.behind(decider.id());
        Actor allowed = governance.get().allow(question(request, approve, reason, requester, person, actor));
        // whatever the policy says; but whoever asked may take it back
        if (approve && (requester.equals(person) || request.requestedBy().equals(decider.id()))) {
            throw Problem.of(
                            PolicyProblem.APPROVAL_OF_ONES_OWN,
                            "whoever asked cannot approve it, with another token of theirs as little",
                            "Have another person approve it.")
                    .asException();
        }
        Instant now = clock.instant();
        String comment = reason.length() > LONGEST_COMMENT ? reason.substring(0, LONGEST_COMMENT) : reason;
        return rows.change(
                        request,
                        State.PENDING,
                        approve ? "approval.approve" : "approval.reject",
                        before -> in(
                                before,
                                approve ? State.APPROVED : State.REJECTED,
                                decider.id(),
                                now,
                                comment,
                                approve ? now.plus(LASTS) : before.expiresAt()),
                        allowed)
                .orElseThrow(() -> closed(request(null, null, id)));
    }

    private static ProblemException closed(Request request) {
        return Problem.of(
                        PolicyProblem.APPROVAL_DECIDED,
                        "the request " + request.id() + " is " + ReasonText.word(request.state()),
                        "Have whoever wants it ask again.")
                .asException();
    }

    private static Request in(
            Request request,
            State state,
            @Nullable String by,
            @Nullable Instant at,
            @Nullable String comment,
            Instant expires) {
        return new Request(
                request.id(),
                request.tenant(),
                request.environment(),
                request.entryPoint(),
                request.action(),
                request.subjectType(),
                request.subject(),
                state,
                request.reasons(),
                request.input(),
                request.requestedBy(),
                request.requestedAt(),
                expires,
                by,
                at,
                comment,
                request.decision());
    }

    /** What the policy is asked before somebody decides. */
    private static PolicyInput question(
            Request request, boolean approve, String reason, String requester, String person, Actor actor) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("id", request.id());
        asked.put("entryPoint", request.entryPoint().path());
        asked.put("action", request.action());
        asked.put("requestedBy", request.requestedBy());
        asked.put("requestedByPerson", requester);
        asked.put("verdict", approve ? "approve" : "reject");
        asked.put("reason", reason);
        Standing standing = actor.standing();
        return new PolicyInput(
                EntryPoint.APPROVAL_DECIDE,
                approve ? "approval.approve" : "approval.reject",
                actor.with(new Standing(
                        standing.roles(), standing.tenant(), standing.environment(), standing.attributes(), person)),
                request.tenant(),
                request.environment(),
                "approval",
                request.id().toString(),
                Map.of("request", Json.object(asked)));
    }
}
