package io.maestro.policy;

import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Mode;
import io.maestro.api.policy.PolicyInput;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.policy.Reason;
import io.maestro.api.policy.Reason.Kind;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How people are told no: what, by which rule, on which facts, and how to get it allowed. */
final class Refusals {
    private Refusals() {}

    static ProblemException denied(PolicyInput input, Decision decision) {
        Reason first = decision.reasons().getFirst();
        return Problem.of(
                        PolicyProblem.POLICY_DENIED,
                        what(input) + " is not allowed: " + first.message() + " (rule " + first.rule() + ")",
                        first.remediation())
                .with(members(decision, Kind.DENY, null))
                .asException();
    }

    static ProblemException approvalRequired(PolicyInput input, Decision decision, UUID request) {
        List<Reason> reasons = standing(decision, Kind.APPROVAL);
        Reason first = reasons.getFirst();
        return Problem.of(
                        PolicyProblem.APPROVAL_REQUIRED,
                        what(input) + " needs the approval of a second person: " + first.message() + " (rule "
                                + first.rule() + ")",
                        "Have another person who may decide approve the request " + request
                                + ", then repeat this very request with the header Maestro-Approval: " + request + ".")
                .with(members(decision, Kind.APPROVAL, request))
                .asException();
    }

    static ProblemException approvalNotValid(PolicyInput input, Decision decision, String approval, String why) {
        return Problem.of(
                        PolicyProblem.APPROVAL_NOT_VALID,
                        "the approval " + approval + " does not allow " + what(input) + ": " + why,
                        "Repeat the request without the header Maestro-Approval to ask for a new approval.")
                .with(members(decision, Kind.APPROVAL, null))
                .asException();
    }

    static ProblemException approvalGone(UUID approval, String why) {
        return Problem.of(
                        PolicyProblem.APPROVAL_NOT_VALID,
                        "the approval " + approval + " does not hold: " + why,
                        "Repeat the request without the header Maestro-Approval to ask for a new approval.")
                .asException();
    }

    static ProblemException unavailable(PolicyInput input, Decision decision) {
        return Problem.of(
                        PolicyProblem.POLICY_UNAVAILABLE,
                        "the policy cannot be asked whether " + what(input) + " is allowed, so it is not",
                        "Try again; when it stays so, an administrator finds the reason in the log of the server and in"
                                + " GET /api/policy/packs.")
                .with(members(decision, Kind.DENY, null))
                .asException();
    }

    private static String what(PolicyInput input) {
        return input.action() + " of " + input.subjectType() + " \"" + input.subject() + "\"";
    }

    private static List<Reason> standing(Decision decision, Kind kind) {
        return decision.reasons().stream()
                .filter(reason -> reason.mode() == Mode.ENFORCE && reason.kind() == kind)
                .toList();
    }

    private static Map<String, Json> members(Decision decision, Kind kind, @Nullable UUID request) {
        List<Reason> reasons = standing(decision, kind);
        Map<String, Json> members = new HashMap<>();
        members.put("decisionId", text(decision.id()));
        members.put("reasons", ReasonText.write(reasons));
        if (!reasons.isEmpty()) {
            members.put("rule", text(reasons.getFirst().rule()));
            members.put("facts", reasons.getFirst().facts());
        }
        if (request != null) {
            members.put("approvalId", text(request));
        }
        return members;
    }

    private static Json text(Object text) {
        return new Json(io.maestro.rego.value.StringValue.of(text.toString()).json());
    }
}
