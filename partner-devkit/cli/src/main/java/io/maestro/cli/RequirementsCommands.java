package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Wanted adapters against those that are there. */
@Command(description = "Checks wanted adapters against those of a scope.", synopsisSubcommandLabel = "COMMAND")
final class RequirementsCommands {
    private final Session session;

    RequirementsCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Checks which wanted adapters the scope has, and says what to do about each that it has not.",
                "Exit code 1 when one is missing. Changes nothing."
            })
    int check(
            @Mixin ScopeOptions scope,
            @Parameters(
                            paramLabel = "FILE",
                            description = "{\"requirements\": [{\"type\": …}]} as JSON; - for standard input.")
                    String file) {
        JsonNode wanted = Configuration.document(session.terminal(), file.equals("-") ? "-" : "@" + file);
        try (Server server = session.server()) {
            JsonNode answer = server.post(scope.path("requirements:validate"), wanted);
            session.output()
                    .tableOf(
                            answer,
                            people(wanted, answer),
                            Column.of("TYPE", "/type"),
                            Column.of("ADAPTER", "/adapter"),
                            Column.of("INSTANCE", "/instance"),
                            Column.of("FINDING", "/finding"),
                            Column.of("TO MEND IT", "/fix"));
            return answer.path("satisfied").asBoolean() ? Exit.OK : Exit.REFUSED;
        }
    }

    private static ObjectNode people(JsonNode wanted, JsonNode answer) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        var items = list.putArray("items");
        for (int i = 0; i < answer.path("findings").size(); i++) {
            JsonNode requirement = wanted.path("requirements").path(i);
            JsonNode finding = answer.path("findings").path(i);
            boolean there = finding.path("satisfied").asBoolean();
            ObjectNode item = items.addObject();
            item.set("type", requirement.path("type"));
            item.set("adapter", there ? finding.path("adapter") : requirement.path("adapter"));
            item.set("instance", there ? finding.path("instance") : requirement.path("instance"));
            item.put(
                    "finding",
                    there ? "satisfied" : finding.path("problem").path("code").asText());
            item.put("fix", there ? "" : finding.path("problem").path("fix").asText());
        }
        return list;
    }
}
