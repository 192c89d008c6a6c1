package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.policy.Mode;
import io.maestro.cli.Output.Column;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How seriously rules are taken, where that is something else than their packs say. */
@Command(
        description = "Shows and changes how seriously rules are taken: shadow, warn or enforce.",
        synopsisSubcommandLabel = "COMMAND")
final class PolicyModeCommands {
    private final Session session;

    PolicyModeCommands(Session session) {
        this.session = session;
    }

    /** Of what the mode is: of a rule, or of all rules of a pack. */
    static final class Subject {
        @Option(names = "--rule", paramLabel = "ID", description = "Of this rule; goes before the mode of its pack.")
        private @Nullable String rule;

        @Option(names = "--pack", paramLabel = "NAME", description = "Of all rules of this pack.")
        private @Nullable String pack;

        String kind() {
            if ((rule == null) == (pack == null)) {
                throw Failure.usage("it is not said whose mode", "Use either --rule ID or --pack NAME.");
            }
            return rule == null ? "pack" : "rule";
        }

        String name() {
            return rule == null ? PolicyPaths.name(String.valueOf(pack)) : rule;
        }
    }

    @Command(description = "Lists the modes that are other than packs say.")
    int list(@Mixin PolicyPaths paths) {
        try (Server server = session.server()) {
            JsonNode kept = server.get(paths.modes());
            session.output()
                    .tableOf(
                            kept,
                            people(kept.path("document")),
                            Column.of("OF", "/kind"),
                            Column.of("NAME", "/name"),
                            Column.of("MODE", "/mode"));
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Gives a rule, or all rules of a pack, another mode, without a new revision of the pack.",
                "shadow: recorded only. warn: allowed, and the answer says so. enforce: refused, or a second person is asked."
            })
    int set(
            @Mixin PolicyPaths paths,
            @Mixin Subject subject,
            @Mixin PlanOptions plan,
            @Parameters(paramLabel = "shadow|warn|enforce", description = "The mode.") Mode mode) {
        String kind = subject.kind();
        String name = subject.name();
        String word = mode.name().toLowerCase(Locale.ROOT);
        try (Server server = session.server()) {
            JsonNode before = server.get(paths.modes());
            ObjectNode wanted = PolicySettingsCommands.document(before);
            wanted.withObjectProperty(kind + "s").put(name, word);
            JsonNode answer = put(server, paths, plan, before, wanted);
            if (plan.dry()) {
                return PlanOptions.show(session.output(), answer);
            }
            session.output().done(answer, "The " + kind + " " + name + " has the mode " + word + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Takes a mode away again: then the pack's own hold, or for a rule that of its pack.")
    int clear(@Mixin PolicyPaths paths, @Mixin Subject subject, @Mixin PlanOptions plan) {
        String kind = subject.kind();
        String name = subject.name();
        try (Server server = session.server()) {
            JsonNode before = server.get(paths.modes());
            ObjectNode wanted = PolicySettingsCommands.document(before);
            if (wanted.withObjectProperty(kind + "s").remove(name) == null) {
                throw Failure.usage(
                        "no mode is set for the " + kind + " " + Output.clean(name), "See maestro policy mode list.");
            }
            JsonNode answer = put(server, paths, plan, before, wanted);
            if (plan.dry()) {
                return PlanOptions.show(session.output(), answer);
            }
            session.output().done(answer, "The mode of the " + kind + " " + name + " is as packs say.");
        }
        return Exit.OK;
    }

    /** Whole documents are put: what somebody else changed meanwhile must not be lost. */
    private static JsonNode put(
            Server server, PolicyPaths paths, PlanOptions plan, JsonNode before, ObjectNode wanted) {
        return server.put(
                plan.path(paths.modes()), wanted, before.path("revision").asText());
    }

    private static ObjectNode people(JsonNode modes) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        var items = list.putArray("items");
        for (String kind : List.of("pack", "rule")) {
            modes.path(kind + "s")
                    .properties()
                    .forEach(mode -> items.addObject()
                            .put("kind", kind)
                            .put("name", mode.getKey())
                            .set("mode", mode.getValue()));
        }
        return list;
    }
}
