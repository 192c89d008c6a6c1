package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What packs are told beside the input: the profile and the limits of the installation or of a tenant. */
@Command(
        description = "Shows and sets the profile and the limits that packs of policies go by.",
        synopsisSubcommandLabel = "COMMAND")
final class PolicySettingsCommands {
    private final Session session;

    PolicySettingsCommands(Session session) {
        this.session = session;
    }

    @Command(
            description =
                    "Shows the settings of the installation or of a tenant, without what stands in for absent ones.")
    int show(@Mixin PolicyPaths paths) {
        try (Server server = session.server()) {
            show(server.get(paths.settings()));
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Sets the settings of the installation or of a tenant; platform admins do.",
                "A document takes the place of all settings. Without one, those that are named here change, and others stay.",
                "When somebody else changes them meanwhile, nothing is changed."
            })
    int set(
            @Mixin PolicyPaths paths,
            @Mixin PlanOptions plan,
            @Option(names = "--unset", paramLabel = "KEY", description = "Without this setting. Repeat.") @Nullable
                    List<String> unset,
            @Option(
                            names = "--if-match",
                            paramLabel = "REVISION",
                            description = "Only if the settings are at this revision.")
                    @Nullable
                    Long revision,
            @Parameters(
                            arity = "0..*",
                            paramLabel = "@FILE|KEY=VALUE",
                            description = {
                                "All settings as JSON, from @FILE, or - for standard input;",
                                "or single values: true, false, a number, other JSON, else text."
                            })
                    @Nullable
                    List<String> given) {
        List<String> values = given == null ? List.of() : given;
        List<String> without = unset == null ? List.of() : unset;
        if (values.isEmpty() && without.isEmpty()) {
            throw Failure.usage("it is not said what to set", "Write KEY=VALUE or @FILE, or use --unset KEY.");
        }
        List<String> pairs = new ArrayList<>(values);
        pairs.removeIf(PolicySettingsCommands::isDocument);
        ObjectNode whole =
                whole(values.stream().filter(PolicySettingsCommands::isDocument).toList());
        ObjectNode changes = Configuration.of(session.terminal(), null, pairs, List.of(), List.of());
        try (Server server = session.server()) {
            JsonNode before = server.get(paths.settings());
            ObjectNode wanted = whole == null ? document(before) : whole;
            wanted.setAll(changes);
            wanted.remove(without);
            JsonNode answer = server.put(
                    plan.path(paths.settings()),
                    wanted,
                    revision == null ? before.path("revision").asText() : revision.toString());
            if (plan.dry()) {
                return PlanOptions.show(session.output(), answer);
            }
            show(answer);
        }
        return Exit.OK;
    }

    /** What a server keeps, to be changed. */
    static ObjectNode document(JsonNode kept) {
        return kept.path("document") instanceof ObjectNode read
                ? read.deepCopy()
                : JsonNodeFactory.instance.objectNode();
    }

    private @Nullable ObjectNode whole(List<String> documents) {
        if (documents.isEmpty()) {
            return null;
        }
        if (documents.size() > 1) {
            throw Failure.usage("there are several documents", "Name one, and write KEY=VALUE for what differs.");
        }
        if (Configuration.document(session.terminal(), documents.getFirst()) instanceof ObjectNode read) {
            return read;
        }
        throw Failure.usage("the settings are no JSON object", "Write { \"profile\": \"internal\" }.");
    }

    private static boolean isDocument(String value) {
        return value.equals("-") || value.startsWith("@") || value.startsWith("{");
    }

    /** The document alone on standard output, so that it can be kept in a file and set again. */
    private void show(JsonNode kept) {
        Output output = session.output();
        if (session.json()) {
            output.document(kept);
            return;
        }
        output.document(kept.path("document"));
        output.note(
                kept.path("updatedBy").isTextual()
                        ? "Revision " + kept.path("revision").asText() + ", since "
                                + kept.path("updatedAt").asText() + ", by "
                                + kept.path("updatedBy").asText() + "."
                        : "They were never set.");
    }
}
