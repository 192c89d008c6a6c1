package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Explanations.Cause;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.api.tenancy.TenancyProblem;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCode;
import io.maestro.model.Violation;
import io.maestro.store.StoreProblem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes causes of problems: names their kind, says them in a sentence, and adds the evidence and the remedy. */
final class Causes {
    private static final int LONGEST = 500;
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]{1,200})\"");

    /** A filter of the framework, with one level of nesting more than is read. */
    private static final Pattern FILTER =
            Pattern.compile("\\(\\s*[&|!]\\s*\\(.*\\)\\s*\\)|\\((osgi|objectClass)[.\\w]*[=<>~].*?\\)");

    /** Kinds that are told from the code alone. */
    private static final Map<String, CauseCode> BY_CODE = byCode();

    private final Remedies remedies;

    Causes(InstanceRow row) {
        this.remedies = new Remedies(row);
    }

    private static Map<String, CauseCode> byCode() {
        Map<ProblemCode, CauseCode> known = Map.ofEntries(
                Map.entry(AdapterProblem.BUNDLE_UNRESOLVED, CauseCode.CAPABILITY_MISSING),
                Map.entry(AdapterProblem.BUNDLE_START_FAILED, CauseCode.BUNDLE_FAILED),
                Map.entry(AdapterProblem.BUNDLE_START_TIMEOUT, CauseCode.BUNDLE_HANGS),
                Map.entry(AdapterProblem.BUNDLE_WITHOUT_FACTORY, CauseCode.FACTORY_MISSING),
                Map.entry(AdapterProblem.BLAST_RADIUS_EXCEEDED, CauseCode.BLAST_RADIUS),
                Map.entry(AdapterProblem.CONFIGURATION_INVALID, CauseCode.CONFIGURATION_INVALID),
                Map.entry(AdapterProblem.INSTANCE_OPEN_TIMEOUT, CauseCode.OPEN_HANGS),
                Map.entry(AdapterProblem.INSTANCE_KEY_REVOKED, CauseCode.KEY_REVOKED),
                Map.entry(AdapterProblem.SECRETS_UNREADABLE, CauseCode.SECRET_UNREADABLE),
                Map.entry(AdapterProblem.ARTIFACT_LOST, CauseCode.ARTIFACT_LOST),
                Map.entry(AdapterProblem.ADAPTER_FAILED, CauseCode.OPEN_FAILED),
                Map.entry(SecretProblem.SECRET_UNKNOWN, CauseCode.SECRET_MISSING),
                Map.entry(SecretProblem.SECRET_DAMAGED, CauseCode.SECRET_UNREADABLE),
                Map.entry(SecretProblem.MASTER_KEY_WRONG, CauseCode.SECRET_UNREADABLE),
                Map.entry(SecretProblem.MASTER_KEY_UNAVAILABLE, CauseCode.SECRETS_UNAVAILABLE),
                Map.entry(PolicyProblem.POLICY_DENIED, CauseCode.POLICY_DENIED),
                Map.entry(PolicyProblem.APPROVAL_REQUIRED, CauseCode.APPROVAL_MISSING),
                Map.entry(PolicyProblem.APPROVAL_NOT_VALID, CauseCode.APPROVAL_MISSING),
                Map.entry(PolicyProblem.POLICY_UNAVAILABLE, CauseCode.POLICY_UNAVAILABLE),
                Map.entry(TenancyProblem.TENANT_LEAVING, CauseCode.TENANT_LEAVING),
                Map.entry(StoreProblem.DATABASE_UNAVAILABLE, CauseCode.DATABASE_UNAVAILABLE));
        Map<String, CauseCode> byText = new HashMap<>();
        known.forEach((problem, cause) -> byText.put(problem.code(), cause));
        // by its name only, for whoever counts tells of it in a code of its own
        byText.put("quota-exceeded", CauseCode.QUOTA_EXCEEDED);
        byText.put("rate-limited", CauseCode.QUOTA_EXCEEDED);
        return Map.copyOf(byText);
    }

    /** The cause that a problem tells of. */
    Cause of(Problem problem) {
        Evidence evidence = Evidence.of(problem).orElseGet(() -> told(problem));
        return of(evidence.code(), problem.detail(), evidence.facts(), subject(evidence.code(), problem));
    }

    private static Evidence told(Problem problem) {
        CauseCode code = BY_CODE.getOrDefault(problem.code(), CauseCode.OTHER);
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("problem", problem.code());
        if (code == CauseCode.SECRET_MISSING) {
            facts.put("secret", quoted(problem.detail()));
        }
        if (!problem.violations().isEmpty()) {
            facts.put("violations", violations(problem.violations()));
        }
        problem.members().forEach(facts::put);
        return Evidence.of(code, facts);
    }

    static List<Map<String, String>> violations(List<Violation> violations) {
        return violations.stream()
                .map(one -> Map.of("pointer", one.pointer(), "detail", one.detail()))
                .toList();
    }

    private static String subject(CauseCode code, Problem problem) {
        return switch (code) {
            case SECRET_MISSING -> quoted(problem.detail());
            case POLICY_DENIED, APPROVAL_MISSING, QUOTA_EXCEEDED -> {
                Json decision = problem.members().get("decisionId");
                yield decision == null ? "" : Documents.tree(decision.text()).asText();
            }
            default -> "";
        };
    }

    private static String quoted(String detail) {
        Matcher name = QUOTED.matcher(detail);
        return name.find() ? name.group(1) : "";
    }

    /** A cause that was found otherwise. */
    Cause of(CauseCode code, String sentence, Map<String, ?> facts) {
        return of(code, sentence, Json.object(facts), "");
    }

    /** The configuration breaks the schema here: proposed is what is left of it without that. */
    Cause invalid(String sentence, List<Violation> broken) {
        return new Cause(
                CauseCode.CONFIGURATION_INVALID,
                plain(sentence),
                Json.object(Map.of("violations", violations(broken))),
                remedies.without(broken.stream().map(Violation::pointer).toList()));
    }

    private Cause of(CauseCode code, String sentence, Json facts, String subject) {
        return new Cause(code, plain(sentence), facts, remedies.of(code, subject));
    }

    /** One sentence that people can read: not longer than that, and without the framework's filters. */
    static String plain(String sentence) {
        String text = FILTER.matcher(sentence).replaceAll("a requirement").replaceAll("\\p{Cntrl}", " ");
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
