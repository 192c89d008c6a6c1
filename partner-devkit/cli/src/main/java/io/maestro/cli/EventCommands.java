package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What happens. */
@Command(description = "Lists what happened during the last day.", synopsisSubcommandLabel = "COMMAND")
final class EventCommands {
    private static final int LARGEST_PAGE = 500;

    private final Session session;

    EventCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Lists what happened, oldest first, as far as you may see it.",
                "With --json the answer has the cursor to go on with."
            })
    int list(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "Only what happened in this tenant.")
                    @Nullable
                    String tenant,
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            description = "Only what happened in this environment.")
                    @Nullable
                    String environment,
            @Option(
                            names = "--type",
                            paramLabel = "TYPE",
                            description = "Only these, for example instance.observed; several with commas.")
                    @Nullable
                    String type,
            @Option(
                            names = "--after",
                            paramLabel = "CURSOR",
                            description = "Go on behind this; without it, begin with the oldest that is kept.")
                    @Nullable
                    String after,
            @Mixin ListOptions options) {
        ArrayNode items = JsonNodeFactory.instance.arrayNode();
        String cursor = after;
        boolean more = true;
        try (Server server = session.server()) {
            while (more && items.size() < options.limit()) {
                JsonNode page = server.get(Filter.of("/changes")
                        .with("tenant", tenant)
                        .with("environment", environment)
                        .with("eventType", type)
                        .with("cursor", cursor)
                        .with("limit", Math.min(LARGEST_PAGE, options.limit() - items.size()))
                        .toString());
                page.path("items").forEach(items::add);
                cursor = page.path("cursor").asText();
                more = page.path("more").asBoolean();
            }
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.set("items", items);
        all.put("cursor", cursor).put("more", more);
        session.output()
                .table(
                        all,
                        Column.of("AT", "/at"),
                        Column.of("TYPE", "/type"),
                        Column.of("TENANT", "/tenant"),
                        Column.of("ENVIRONMENT", "/environment"),
                        Column.of("ACTION", "/action"),
                        Column.of("SUBJECT", "/subject/name"),
                        Column.of("WHO", "/actor"));
        return Exit.OK;
    }
}
