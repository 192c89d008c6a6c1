package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.cli.Output.Column;

/** Shows why policies decided as they did. */
final class PolicyAnswers {
    private PolicyAnswers() {}

    /** A list of explanations. */
    static void explain(Session session, JsonNode answer) {
        if (session.json()) {
            session.output().document(answer);
            return;
        }
        if (answer.path("items").isEmpty()) {
            session.terminal().out().println("none");
        }
        answer.path("items").forEach(explanation -> one(session, explanation));
    }

    private static void one(Session session, JsonNode explanation) {
        Output output = session.output();
        output.fields(
                explanation,
                Column.of("Decision", "/decision/decision_id"),
                Column.of("Outcome", "/decision/result/outcome"),
                Column.of("Entry point", "/decision/path"),
                Column.of("Action", "/decision/action"),
                Column.of("Tenant", "/decision/tenant"),
                Column.of("Environment", "/decision/environment"),
                Column.of("Who", "/decision/requested_by"),
                Column.of("At", "/decision/timestamp"),
                Column.of("Packs", "/decision/bundles"),
                Column.of("Input", "/decision/input"),
                Column.of("Not shown", "/decision/erased"));
        for (JsonNode rule : explanation.path("rules")) {
            reason(session, rule.path("reason"));
            line(
                    session,
                    "    at ",
                    rule.path("file").asText() + ":" + rule.path("row").asText(),
                    rule.hasNonNull("file"));
            rule.path("read")
                    .properties()
                    .forEach(fact ->
                            line(session, "    read ", fact.getKey() + " = " + Output.text(fact.getValue()), true));
        }
        JsonNode change = explanation.path("smallestChange");
        line(session, "  It would be allowed with ", change.toString(), !change.isMissingNode() && !change.isNull());
        line(
                session,
                "  No change is known: ",
                explanation.path("whyNoChange").asText(),
                explanation.hasNonNull("whyNoChange"));
    }

    /** What a rule has against it, and how to mend that. */
    static void reason(Session session, JsonNode reason) {
        line(
                session,
                "  ",
                reason.path("rule").asText() + " (" + reason.path("severity").asText("-") + ", "
                        + reason.path("mode").asText("-") + "): "
                        + reason.path("message").asText(),
                true);
        line(session, "    To mend it: ", reason.path("remediation").asText(""), reason.hasNonNull("remediation"));
    }

    private static void line(Session session, String lead, String text, boolean wanted) {
        if (wanted) {
            session.terminal().out().println(lead + Output.clean(text));
        }
    }
}
