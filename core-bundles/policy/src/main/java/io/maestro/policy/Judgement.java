package io.maestro.policy;

import io.maestro.api.policy.Mode;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.Reason;
import io.maestro.api.policy.Reason.Kind;
import io.maestro.model.Json;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the documents of packs add up to: allowed when the installation's pack allows it and no rule in enforce mode is
 * against it. Whatever is not as it should be is against it.
 *
 * @param outcome how it ended
 * @param reasons the most serious first
 */
record Judgement(Outcome outcome, List<Reason> reasons) {
    private static final int MOST_REASONS = 100;
    private static final int LONGEST_RULE = 100;
    private static final int LONGEST_TEXT = 1_000;
    private static final int MOST_FACTS = 4 * 1024;
    private static final List<String> SEVERITIES = List.of("critical", "high", "medium", "low");

    private static final Comparator<Reason> MOST_SERIOUS_FIRST = Comparator.comparing(
                    Reason::mode, Comparator.reverseOrder())
            .thenComparing(Reason::kind)
            .thenComparingInt(reason -> SEVERITIES.indexOf(reason.severity()))
            .thenComparing(Reason::rule)
            .thenComparing(Reason::message);

    /** Copies the list. */
    Judgement {
        reasons = List.copyOf(reasons);
    }

    /** Nobody could be asked. */
    static Judgement unavailable(String pack) {
        return new Judgement(
                Outcome.UNAVAILABLE,
                List.of(own(
                        "POLICY-UNAVAILABLE",
                        "The policy has to be asked",
                        "the policy cannot be asked, so nothing is allowed",
                        "Ask an administrator to look at the policy packs and at the log of the server.",
                        pack)));
    }

    private static Reason own(String rule, String title, String message, String remediation, String pack) {
        return new Reason(
                Kind.DENY, rule, title, message, Json.EMPTY_OBJECT, remediation, "critical", Mode.ENFORCE, pack);
    }

    /** Collects what packs say about one question. */
    static final class Hearing {
        private final String path;
        private final List<Reason> reasons = new ArrayList<>();
        private boolean allowed;

        Hearing(String path) {
            this.path = path;
        }

        /** What the pack says whose word is needed. */
        void main(String pack, @Nullable Value document, Modes modes) {
            boolean allows = document instanceof ObjectValue object && BoolValue.TRUE.equals(object.get("allow"));
            allowed = allows;
            overlay(pack, document, modes);
            if (!allows && reasons.stream().noneMatch(reason -> reason.mode() == Mode.ENFORCE)) {
                reasons.add(own(
                        "NOT-ALLOWED",
                        "What is not allowed is forbidden",
                        "no rule of the policy allows " + path,
                        "Ask an administrator for a rule that allows it.",
                        pack));
            }
        }

        /** What a pack says that can only be against it. */
        void overlay(String pack, @Nullable Value document, Modes modes) {
            switch (document) {
                case null -> {}
                case ObjectValue object -> {
                    read(Kind.DENY, pack, object.get("deny"), modes);
                    read(Kind.APPROVAL, pack, object.get("require_approval"), modes);
                }
                default -> reasons.add(malformed(pack));
            }
        }

        private void read(Kind kind, String pack, @Nullable Value found, Modes modes) {
            switch (found) {
                case null -> {}
                case SetValue set -> read(kind, pack, set.sorted(), set.size(), modes);
                case ArrayValue array -> read(kind, pack, array, array.size(), modes);
                default -> reasons.add(malformed(pack));
            }
        }

        private void read(Kind kind, String pack, Iterable<Value> found, int size, Modes modes) {
            if (size > MOST_REASONS) {
                reasons.add(malformed(pack));
                return;
            }
            found.forEach(one -> reasons.add(reason(kind, pack, one, modes)));
        }

        private Reason malformed(String pack) {
            return own(
                    "MALFORMED",
                    "Packs answer in the agreed form",
                    "the pack " + pack + " answers " + path + " in another form than was agreed",
                    "Make deny and require_approval sets of at most " + MOST_REASONS
                            + " objects, with rules of at most " + LONGEST_RULE
                            + " characters, other texts of at most " + LONGEST_TEXT + ", and facts of at most "
                            + MOST_FACTS + " bytes.",
                    pack);
        }

        private Reason reason(Kind kind, String pack, Value one, Modes modes) {
            if (!(one instanceof ObjectValue object) || !(object.get("rule") instanceof StringValue rule)) {
                return malformed(pack);
            }
            String title = text(object, "title", rule.value());
            String facts = object.get("facts") instanceof ObjectValue told ? told.json() : "{}";
            if (!isBounded(object, rule.value(), facts)) {
                return malformed(pack);
            }
            return new Reason(
                    kind,
                    rule.value(),
                    title,
                    text(object, "message", title),
                    new Json(facts),
                    object.get("remediation") instanceof StringValue remediation ? remediation.value() : null,
                    severity(text(object, "severity", "high")),
                    modes.of(pack, rule.value(), Modes.mode(object.get("mode")).orElse(Mode.ENFORCE)),
                    pack);
        }

        /** All of it is written down, and told to whoever asked. */
        private static boolean isBounded(ObjectValue reason, String rule, String facts) {
            return rule.length() <= LONGEST_RULE
                    && facts.getBytes(StandardCharsets.UTF_8).length <= MOST_FACTS
                    && Stream.of("title", "message", "remediation")
                            .allMatch(name -> text(reason, name, "").length() <= LONGEST_TEXT);
        }

        private static String severity(String word) {
            return SEVERITIES.contains(word) ? word : "high";
        }

        private static String text(ObjectValue object, String name, String otherwise) {
            return object.get(name) instanceof StringValue text ? text.value() : otherwise;
        }

        /** The end of it; {@code approved} when a second person has approved this very act. */
        Judgement judge(boolean approved) {
            List<Reason> ordered = reasons.stream().sorted(MOST_SERIOUS_FIRST).toList();
            return new Judgement(outcome(ordered, approved), ordered);
        }

        private Outcome outcome(List<Reason> ordered, boolean approved) {
            if (!allowed || ordered.stream().anyMatch(reason -> insists(reason, Kind.DENY))) {
                return Outcome.DENY;
            }
            boolean wanted = ordered.stream().anyMatch(reason -> insists(reason, Kind.APPROVAL));
            return wanted && !approved ? Outcome.APPROVAL : Outcome.ALLOW;
        }

        private static boolean insists(Reason reason, Kind kind) {
            return reason.mode() == Mode.ENFORCE && reason.kind() == kind;
        }
    }
}
