package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.AdapterName;
import io.maestro.model.AdapterVersion;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Rollouts. */
@Command(
        description = "Takes instances of an adapter to a newer version step by step, and back by itself.",
        synopsisSubcommandLabel = "COMMAND")
final class RolloutCommands {
    private final Session session;

    RolloutCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Begins a rollout; without steps, of all instances at once.",
                "A step is written as words: tenants=acme,globex instances=acme/prod/files percent=10 hold=60 calls=100."
            })
    int start(
            @Mixin PlanOptions plan,
            @Option(names = "--to", required = true, paramLabel = "VERSION", description = "The version.")
                    String version,
            @Option(names = "--step", paramLabel = "STEP", description = "One step; may be given several times.")
                    @Nullable
                    List<String> steps,
            @Option(
                            names = "--gate",
                            paramLabel = "KEY=VALUE",
                            description =
                                    "A limit: errors, percentile, slowdown, slackMs, refusals, shadow, differences or"
                                            + " samples.")
                    @Nullable
                    List<String> gates,
            @Parameters(paramLabel = "ADAPTER", description = "Its name.") String adapter) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("version", new AdapterVersion(version).value());
        if (steps != null) {
            ArrayNode all = wanted.putArray("steps");
            steps.forEach(step -> all.add(step(step)));
        }
        if (gates != null) {
            ObjectNode limits = wanted.putObject("gates");
            for (String gate : gates) {
                String[] parts = pair(gate);
                limits.set(parts[0], value(parts[1]));
            }
        }
        try (Server server = session.server()) {
            JsonNode answer = server.post(plan.path("/adapters/" + new AdapterName(adapter) + "/rollouts"), wanted);
            if (plan.dry()) {
                return PlanOptions.show(session.output(), answer);
            }
            show(answer);
        }
        return Exit.OK;
    }

    @Command(description = "Shows a rollout; exit code 1 when it went back.")
    int show(@Parameters(paramLabel = "ROLLOUT", description = "Its id.") String id) {
        try (Server server = session.server()) {
            JsonNode rollout = server.get("/rollouts/" + id(id));
            show(rollout);
            return rollout.path("problem").isObject() ? Exit.REFUSED : Exit.OK;
        }
    }

    @Command(description = "Lists the rollouts of an adapter, the newest first.")
    int list(
            @Mixin ListOptions options, @Parameters(paramLabel = "ADAPTER", description = "Its name.") String adapter) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list("/adapters/" + new AdapterName(adapter) + "/rollouts", options.limit()),
                            Column.of("ROLLOUT", "/id"),
                            Column.of("VERSION", "/version"),
                            Column.of("STATE", "/state"),
                            Column.of("STEP", "/step"),
                            Column.of("BY", "/actor"),
                            Column.of("STARTED", "/startedAt"),
                            Column.of("ENDED", "/endedAt"));
        }
        return Exit.OK;
    }

    @Command(description = "Has everything of a running rollout go back to what it was.")
    int cancel(@Parameters(paramLabel = "ROLLOUT", description = "Its id.") String id) {
        try (Server server = session.server()) {
            show(server.post("/rollouts/" + id(id) + "/cancel", null));
        }
        return Exit.OK;
    }

    private static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("\"" + text + "\" is no id of a rollout", "See maestro rollout start --help.");
        }
    }

    private static ObjectNode step(String text) {
        ObjectNode step = JsonNodeFactory.instance.objectNode();
        for (String word : text.strip().split("\\s+", -1)) {
            String[] parts = pair(word);
            switch (parts[0]) {
                case "tenants" -> {
                    ArrayNode tenants = step.putArray("tenants");
                    for (String tenant : parts[1].split(",", -1)) {
                        tenants.add(new TenantId(tenant).value());
                    }
                }
                case "instances" -> {
                    ArrayNode instances = step.putArray("instances");
                    for (String place : parts[1].split(",", -1)) {
                        instances.add(place(place));
                    }
                }
                case "percent", "calls" -> step.set(parts[0], value(parts[1]));
                case "hold" -> step.set("holdSeconds", value(parts[1]));
                default ->
                    throw Failure.usage("a step has no \"" + parts[0] + "\"", "See maestro rollout start --help.");
            }
        }
        return step;
    }

    private static ObjectNode place(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != 3) {
            throw Failure.usage(
                    "\"" + text + "\" is not TENANT/ENVIRONMENT/INSTANCE", "See maestro rollout start --help.");
        }
        Scope scope = Scope.of(parts[0], parts[1]);
        return JsonNodeFactory.instance
                .objectNode()
                .put("tenant", scope.tenant().value())
                .put("environment", scope.environment().value())
                .put("instance", new InstanceId(parts[2]).value());
    }

    private static String[] pair(String text) {
        int sign = text.indexOf('=');
        if (sign < 1) {
            throw Failure.usage("\"" + text + "\" is not KEY=VALUE", "See maestro rollout start --help.");
        }
        return new String[] {text.substring(0, sign), text.substring(sign + 1)};
    }

    private static JsonNode value(String text) {
        if (text.equals("true") || text.equals("false")) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(text));
        }
        try {
            return text.contains(".")
                    ? JsonNodeFactory.instance.numberNode(Double.parseDouble(text))
                    : JsonNodeFactory.instance.numberNode(Integer.parseInt(text));
        } catch (NumberFormatException e) {
            throw Failure.usage("\"" + text + "\" is no number", "See maestro rollout start --help.");
        }
    }

    private void show(JsonNode rollout) {
        Output output = session.output();
        output.fields(
                rollout,
                Column.of("Rollout", "/id"),
                Column.of("Adapter", "/adapter"),
                Column.of("Version", "/version"),
                Column.of("State", "/state"),
                Column.of("Step", "/step"),
                Column.of("Seen", "/seen"),
                Column.of("Report", "/report"),
                Column.of("Started", "/startedAt"),
                Column.of("Ended", "/endedAt"));
        if (!output.json()) {
            ObjectNode members = JsonNodeFactory.instance.objectNode();
            members.set("items", rollout.path("members"));
            output.table(
                    members,
                    Column.of("TENANT", "/tenant"),
                    Column.of("ENVIRONMENT", "/environment"),
                    Column.of("INSTANCE", "/instance"),
                    Column.of("FROM", "/from"),
                    Column.of("PROGRESS", "/progress"),
                    Column.of("PROBLEM", "/problem/detail"));
        }
        JsonNode problem = rollout.path("problem");
        if (problem.isObject()) {
            output.problem(problem);
        }
    }
}
