package io.maestro.packs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the document of an entry point says, added up as the server adds it up. */
record Answer(JsonNode document) {
    boolean allowed() {
        return document.path("allow").asBoolean() && enforced("deny").isEmpty();
    }

    boolean waits() {
        return allowed() && !enforced("require_approval").isEmpty();
    }

    /** In the order of their rules. */
    List<JsonNode> reasons() {
        return Stream.of("deny", "require_approval").flatMap(this::all).toList();
    }

    private List<JsonNode> enforced(String set) {
        return all(set).filter(reason -> reason.path("mode").asText().equals("enforce"))
                .toList();
    }

    private Stream<JsonNode> all(String set) {
        return StreamSupport.stream(document.path(set).spliterator(), false)
                .sorted(Comparator.comparing(reason -> reason.path("rule").asText()));
    }

    /** As a person reads it. */
    String shown() {
        if (!allowed()) {
            return "Refused\n\n" + shown(enforced("deny"));
        }
        return waits() ? "Waits for a second person\n\n" + shown(enforced("require_approval")) : "Allowed\n";
    }

    private static String shown(List<JsonNode> reasons) {
        return reasons.stream().map(Answer::shown).collect(Collectors.joining("\n"));
    }

    private static String shown(JsonNode reason) {
        String facts = reason.path("facts").properties().stream()
                .map(fact -> "\n    " + fact.getKey() + ": " + fact.getValue())
                .collect(Collectors.joining());
        return reason.path("title").asText() + " [" + reason.path("rule").asText() + "]\n  "
                + reason.path("message").asText() + "\n  To mend it: "
                + reason.path("remediation").asText() + "\n  Facts:" + facts + "\n";
    }
}
