package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.TenantId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is not as it should be: on nodes, with instances, and what adapters left behind. */
final class UpkeepCommands {
    private UpkeepCommands() {}

    /** Lists what stays in memory of adapters that were taken out. */
    @Command(
            description = {
                "Lists adapters that were taken out of the node and whose classes stay in memory, with what holds them.",
                "Exit code 1 when there is one."
            })
    static final class LeaksCommand implements Callable<Integer> {
        private final Session session;

        @Option(names = "--adapter", paramLabel = "NAME@VERSION", description = "Only this definition.")
        private @Nullable String adapter;

        LeaksCommand(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            String path = Filter.of("/leaks")
                    .with("adapter", adapter == null ? null : DefinitionId.parse(adapter))
                    .toString();
            try (Server server = session.server()) {
                JsonNode answer = server.get(path);
                session.output()
                        .tableOf(
                                answer,
                                people(answer),
                                Column.of("ADAPTER", "/adapter"),
                                Column.of("STATE", "/state"),
                                Column.of("TAKEN OUT", "/removedAt"),
                                Column.of("HELD BY", "/name"),
                                Column.of("RULE", "/ruleText"));
                boolean held = false;
                for (JsonNode leak : answer.path("items")) {
                    held |= leak.path("state").asText().equals("held");
                }
                return held ? Exit.REFUSED : Exit.OK;
            }
        }

        private static ObjectNode people(JsonNode answer) {
            ObjectNode list = JsonNodeFactory.instance.objectNode();
            var items = list.putArray("items");
            for (JsonNode leak : answer.path("items")) {
                if (leak.path("holders").isEmpty()) {
                    items.add(leak);
                }
                for (JsonNode holder : leak.path("holders")) {
                    ObjectNode item = items.addObject();
                    item.setAll((ObjectNode) leak);
                    item.put(
                            "name",
                            holder.path("name").asText() + ": "
                                    + holder.path("way").asText());
                    item.set("ruleText", holder.path("ruleText"));
                }
            }
            return list;
        }
    }

    /** Lists where nodes are not as they should be. */
    @Command(
            description = {
                "Lists the instances that are not, on some node, as they should be, with since when.",
                "Exit code 1 when there is one."
            })
    static final class DriftCommand implements Callable<Integer> {
        private final Session session;

        @Option(
                names = {"-t", "--tenant"},
                paramLabel = "TENANT",
                description = "Only of this tenant.")
        private @Nullable String tenant;

        @Mixin
        private ListOptions options = new ListOptions();

        DriftCommand(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            String path = tenant == null ? "/drift" : "/tenants/" + new TenantId(tenant) + "/drift";
            try (Server server = session.server()) {
                JsonNode answer = server.list(path, options.limit());
                session.output()
                        .table(
                                answer,
                                Column.of("NODE", "/node"),
                                Column.of("TENANT", "/tenant"),
                                Column.of("ENVIRONMENT", "/environment"),
                                Column.of("INSTANCE", "/instance"),
                                Column.of("WANTED", "/wanted"),
                                Column.of("OBSERVED", "/observed"),
                                Column.of("DRIFT", "/kind"),
                                Column.of("SECONDS", "/ageSeconds"),
                                Column.of("PROBLEM", "/problem/detail"));
                return answer.path("items").isEmpty() ? Exit.OK : Exit.REFUSED;
            }
        }
    }

    /** Says why an instance is not as it should be. */
    @Command(
            description = {
                "Says why an instance is not as it should be, and what to do about it.",
                "Exit code 1 when there is a cause."
            })
    static final class WhyCommand implements Callable<Integer> {
        private final Session session;

        @Mixin
        private ScopeOptions scope = new ScopeOptions();

        @Parameters(paramLabel = "INSTANCE", description = "Its name.")
        private String instance = "";

        WhyCommand(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            return why(session, scope, instance);
        }
    }

    /** Explains the instance. */
    static int why(Session session, ScopeOptions scope, String instance) {
        try (Server server = session.server()) {
            JsonNode answer = server.get(scope.instances() + "/" + new InstanceId(instance) + "/why");
            Output output = session.output();
            boolean well = answer.path("causes").isEmpty();
            output.done(
                    answer,
                    "The instance " + answer.path("instance").asText() + " is wanted "
                            + answer.path("wanted").asText() + " and is "
                            + answer.path("observed").asText() + (well ? "; nothing is wrong with it." : "."));
            for (JsonNode cause : answer.path("causes")) {
                output.note(cause.path("sentence").asText() + " ["
                        + cause.path("code").asText() + "]");
                cause.path("evidence")
                        .properties()
                        .forEach(fact -> output.note("  " + fact.getKey() + ": " + Output.text(fact.getValue())));
                output.note("  To mend it: " + cause.at("/remedy/description").asText());
                output.note("    " + cause.at("/remedy/cli").asText());
            }
            return well ? Exit.OK : Exit.REFUSED;
        }
    }
}
