package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adapter instances. */
@Command(description = "Configures, starts, stops and calls adapter instances.", synopsisSubcommandLabel = "COMMAND")
final class InstanceCommands {
    private final Session session;

    InstanceCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Configures an adapter for the scope, starts it, and waits for it to run or fail.",
                "Exit code 1 when it is there but cannot run."
            })
    int create(
            @Mixin ScopeOptions scope,
            @Option(
                            names = {"-a", "--adapter"},
                            required = true,
                            paramLabel = "NAME@VERSION",
                            description = "The definition.")
                    String adapter,
            @Option(
                            names = {"-c", "--config"},
                            paramLabel = "FILE",
                            description = "The configuration as JSON; - for standard input.")
                    @Nullable
                    String config,
            @Option(
                            names = "--set",
                            paramLabel = "KEY=VALUE",
                            description = "One value: true, false, a number, other JSON, else text.")
                    @Nullable
                    List<String> values,
            @Option(
                            names = "--secret",
                            paramLabel = "KEY=SOURCE",
                            description = "One secret, from @FILE, env:NAME, or - for standard input.")
                    @Nullable
                    List<String> secrets,
            @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "10", description = "Wait so long (10).")
                    int seconds,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("id", new InstanceId(id).value());
        wanted.put("adapter", DefinitionId.parse(adapter).toString());
        wanted.set(
                "configuration",
                Configuration.of(
                        session.terminal(),
                        config,
                        values == null ? List.of() : values,
                        secrets == null ? List.of() : secrets));
        try (Server server = session.server()) {
            return show(server.post(scope.instances() + "?waitSeconds=" + seconds, wanted), "running");
        }
    }

    @Command(description = "Lists the instances of the scope.")
    int list(@Mixin ScopeOptions scope, @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(scope.instances(), options.limit()),
                            Column.of("INSTANCE", "/id"),
                            Column.of("ADAPTER", "/adapter"),
                            Column.of("TYPE", "/type"),
                            Column.of("WANTED", "/wanted"),
                            Column.of("OBSERVED", "/observed"),
                            Column.of("PROBLEM", "/problem/code"));
        }
        return Exit.OK;
    }

    @Command(description = "Shows an instance.")
    int get(@Mixin ScopeOptions scope, @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            show(server.get(path(scope, id)), "");
        }
        return Exit.OK;
    }

    @Command(description = "Starts an instance and waits for it to run or fail; exit code 1 when it cannot run.")
    int start(
            @Mixin ScopeOptions scope,
            @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "10", description = "Wait so long (10).")
                    int seconds,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            return show(server.post(path(scope, id) + "/start?waitSeconds=" + seconds, null), "running");
        }
    }

    @Command(description = "Stops an instance and waits for it to be closed.")
    int stop(
            @Mixin ScopeOptions scope,
            @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "10", description = "Wait so long (10).")
                    int seconds,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            return show(server.post(path(scope, id) + "/stop?waitSeconds=" + seconds, null), "stopped");
        }
    }

    @Command(description = "Deletes an instance with its folder; what it stored outside stays.")
    int delete(@Mixin ScopeOptions scope, @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            server.delete(path(scope, id));
            session.output()
                    .done(JsonNodeFactory.instance.objectNode().put("deleted", id), "Deleted instance " + id + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Calls an operation and prints its output as JSON.")
    int call(
            @Mixin ScopeOptions scope,
            @Option(
                            names = {"-i", "--input"},
                            paramLabel = "JSON",
                            defaultValue = "{}",
                            description = "The input as JSON, @FILE, or - for standard input ({}).")
                    String input,
            @Option(
                            names = "--idempotency-key",
                            paramLabel = "KEY",
                            description = "Names the act, so that it is done once; a fresh one when left out.")
                    @Nullable
                    String key,
            @Parameters(index = "0", paramLabel = "INSTANCE", description = "The instance.") String id,
            @Parameters(index = "1", paramLabel = "OPERATION", description = "For example list.") String operation) {
        JsonNode body = Configuration.document(session.terminal(), input);
        String act = key == null ? UUID.randomUUID().toString() : key;
        try (Server server = session.server()) {
            session.output()
                    .document(server.post(path(scope, id) + "/operations/" + new OperationName(operation), body, act));
        }
        return Exit.OK;
    }

    private int show(JsonNode instance, String wanted) {
        Output output = session.output();
        output.fields(
                instance,
                Column.of("Instance", "/id"),
                Column.of("Tenant", "/tenant"),
                Column.of("Environment", "/environment"),
                Column.of("Adapter", "/adapter"),
                Column.of("Type", "/type"),
                Column.of("Configuration", "/configuration"),
                Column.of("Wanted", "/wanted"),
                Column.of("Observed", "/observed"),
                Column.of("Revision", "/revision"),
                Column.of("Changed", "/updatedAt"));
        JsonNode problem = instance.path("problem");
        if (problem.isObject()) {
            output.problem(problem);
        }
        boolean there = wanted.isEmpty() || instance.path("observed").asText().equals(wanted);
        return there ? Exit.OK : Exit.REFUSED;
    }

    private static String path(ScopeOptions scope, String id) {
        return scope.instances() + "/" + new InstanceId(id);
    }
}
