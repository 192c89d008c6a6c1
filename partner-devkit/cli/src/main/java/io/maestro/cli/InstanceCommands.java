package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.AdapterVersion;
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
            @Mixin PlanOptions plan,
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
            @Option(
                            names = "--secret-ref",
                            paramLabel = "KEY=NAME",
                            description = "One secret that the scope has already, by its name.")
                    @Nullable
                    List<String> references,
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
                        secrets == null ? List.of() : secrets,
                        references == null ? List.of() : references));
        try (Server server = session.server()) {
            return act(plan, server.post(plan.path(scope.instances() + "?waitSeconds=" + seconds), wanted), "running");
        }
    }

    @Command(
            description = {
                "Changes the configuration of an instance, and waits for it to be used.",
                "Without a file, the present configuration is taken, with what is given here over it.",
                "A secret that a file leaves out stays as it is. Exit code 1 when the new one cannot be used."
            })
    int configure(
            @Mixin ScopeOptions scope,
            @Mixin PlanOptions plan,
            @Option(
                            names = {"-c", "--config"},
                            paramLabel = "FILE",
                            description = "The whole configuration as JSON; - for standard input.")
                    @Nullable
                    String config,
            @Option(
                            names = "--set",
                            paramLabel = "KEY=VALUE",
                            description = "One value: true, false, a number, other JSON, else text.")
                    @Nullable
                    List<String> values,
            @Option(names = "--unset", paramLabel = "KEY", description = "Without this value or secret.") @Nullable
                    List<String> unset,
            @Option(
                            names = "--secret",
                            paramLabel = "KEY=SOURCE",
                            description = "One secret, from @FILE, env:NAME, or - for standard input.")
                    @Nullable
                    List<String> secrets,
            @Option(
                            names = "--secret-ref",
                            paramLabel = "KEY=NAME",
                            description = "One secret that the scope has already, by its name.")
                    @Nullable
                    List<String> references,
            @Option(
                            names = "--if-match",
                            paramLabel = "REVISION",
                            description = "Only if the instance is at this revision.")
                    @Nullable
                    String revision,
            @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "10", description = "Wait so long (10).")
                    int seconds,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            JsonNode present = server.get(path(scope, id));
            ObjectNode before = present.path("configuration") instanceof ObjectNode read
                    ? read.deepCopy()
                    : JsonNodeFactory.instance.objectNode();
            ObjectNode wanted = Configuration.changed(
                    config == null ? before : Configuration.file(session.terminal(), config),
                    session.terminal(),
                    values == null ? List.of() : values,
                    secrets == null ? List.of() : secrets,
                    references == null ? List.of() : references);
            for (String key : unset == null ? List.<String>of() : unset) {
                // a secret that is merely left out stays
                if (before.path(key).has("$secret")) {
                    wanted.putNull(key);
                } else {
                    wanted.remove(key);
                }
            }
            JsonNode changed = server.put(
                    plan.path(path(scope, id) + "/configuration?waitSeconds=" + seconds),
                    wanted,
                    revision == null ? present.path("revision").asText() : revision);
            if (plan.dry()) {
                return PlanOptions.show(session.output(), changed);
            }
            show(changed, "");
            return changed.path("problem").isObject() ? Exit.REFUSED : Exit.OK;
        }
    }

    @Command(description = "Lists the instances of the scope.")
    int list(@Mixin ScopeOptions scope, @Mixin InstanceFilter filter, @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(filter.of(scope.instances()).toString(), options.limit()),
                            InstanceFilter.COLUMNS.toArray(Column[]::new));
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Says why an instance is not as it should be, and what to do about it.",
                "Exit code 1 when there is a cause."
            })
    int why(@Mixin ScopeOptions scope, @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        return UpkeepCommands.why(session, scope, id);
    }

    @Command(description = "Lists what depends on an instance, for example workflows.")
    int dependents(
            @Mixin ScopeOptions scope, @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.get(path(scope, id) + "/dependents"),
                            Column.of("KIND", "/kind"),
                            Column.of("ID", "/id"),
                            Column.of("NAME", "/name"));
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Tells how an instance is: calls, errors, times, breaker, and what it says itself.",
                "Exit code 1 when it fails."
            })
    int health(@Mixin ScopeOptions scope, @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            return HealthView.show(session.output(), server.get(path(scope, id) + "/health"));
        }
    }

    @Command(
            description = {
                "Lists how the last calls of an instance went, newest first, as the node that answers saw them.",
                "Those that failed are kept longer. Never shows what they were called with."
            })
    int calls(
            @Mixin ScopeOptions scope,
            @Option(
                            names = "--outcome",
                            paramLabel = "OUTCOME",
                            description =
                                    "Only those that ended so: ok, rejected, failed, late, refused, cancelled; error for"
                                            + " failed, late and refused.")
                    @Nullable
                    String outcome,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.get(Filter.of(path(scope, id) + "/calls")
                                    .with("outcome", outcome)
                                    .toString()),
                            Column.of("AT", "/at"),
                            Column.of("OPERATION", "/operation"),
                            Column.of("CALLER", "/caller"),
                            Column.of("OUTCOME", "/outcome"),
                            Column.of("MS", "/milliseconds"),
                            Column.of("TRY", "/try"),
                            Column.of("PROBLEM", "/problem"),
                            Column.of("CORRELATION", "/correlationId"));
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
            @Mixin PlanOptions plan,
            @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "10", description = "Wait so long (10).")
                    int seconds,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            String path = plan.path(path(scope, id) + "/start?waitSeconds=" + seconds);
            return act(plan, server.post(path, null), "running");
        }
    }

    @Command(description = "Stops an instance and waits for it to be closed.")
    int stop(
            @Mixin ScopeOptions scope,
            @Mixin PlanOptions plan,
            @Option(names = "--wait", paramLabel = "SECONDS", defaultValue = "10", description = "Wait so long (10).")
                    int seconds,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            String path = plan.path(path(scope, id) + "/stop?waitSeconds=" + seconds);
            return act(plan, server.post(path, null), "stopped");
        }
    }

    @Command(description = "Deletes an instance with its folder; what it stored outside stays.")
    int delete(
            @Mixin ScopeOptions scope,
            @Mixin PlanOptions plan,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            JsonNode answer = server.deletion(plan.path(path(scope, id)));
            if (plan.dry()) {
                return PlanOptions.show(session.output(), answer);
            }
            session.output()
                    .done(JsonNodeFactory.instance.objectNode().put("deleted", id), "Deleted instance " + id + ".");
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Takes an instance to a newer version, which has to prove itself beside the old one first.",
                "When it cannot, the instance is exactly what it was. Exit code 1 then."
            })
    int upgrade(
            @Mixin ScopeOptions scope,
            @Mixin PlanOptions plan,
            @Option(names = "--to", required = true, paramLabel = "VERSION", description = "The version.")
                    String version,
            @Option(
                            names = {"-c", "--config"},
                            paramLabel = "FILE",
                            description =
                                    "The whole configuration for it as JSON; - for standard input. The present one,"
                                            + " migrated as its manifest says, when left out.")
                    @Nullable
                    String config,
            @Option(
                            names = "--if-match",
                            paramLabel = "REVISION",
                            description = "Only if the instance is at this revision.")
                    @Nullable
                    String revision,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("version", new AdapterVersion(version).value());
        if (config != null) {
            wanted.set("configuration", Configuration.file(session.terminal(), config));
        }
        return move(scope, plan, id, "/upgrade", wanted, revision);
    }

    @Command(
            description = {
                "Takes an instance back to the version and the configuration that it had before.",
                "Works also when the present version cannot be opened."
            })
    int rollback(
            @Mixin ScopeOptions scope,
            @Mixin PlanOptions plan,
            @Option(names = "--to", paramLabel = "VERSION", description = "The version; the one before when left out.")
                    @Nullable
                    String version,
            @Option(
                            names = "--if-match",
                            paramLabel = "REVISION",
                            description = "Only if the instance is at this revision.")
                    @Nullable
                    String revision,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        if (version != null) {
            wanted.put("version", new AdapterVersion(version).value());
        }
        return move(scope, plan, id, "/rollback", wanted, revision);
    }

    private int move(
            ScopeOptions scope,
            PlanOptions plan,
            String id,
            String what,
            ObjectNode wanted,
            @Nullable String revision) {
        try (Server server = session.server()) {
            String path = plan.path(path(scope, id) + what);
            JsonNode answer = revision == null ? server.post(path, wanted) : server.postIf(path, wanted, revision);
            return act(plan, answer, "");
        }
    }

    @Command(description = "Lists the versions and configurations that an instance had, the newest first.")
    int versions(
            @Mixin ScopeOptions scope,
            @Mixin ListOptions options,
            @Parameters(paramLabel = "INSTANCE", description = "Its name.") String id) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(path(scope, id) + "/versions", options.limit()),
                            Column.of("NUMBER", "/number"),
                            Column.of("ADAPTER", "/adapter"),
                            Column.of("WHY", "/why"),
                            Column.of("BY", "/actor"),
                            Column.of("SINCE", "/since"),
                            Column.of("CONFIGURATION", "/configuration"));
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

    private int act(PlanOptions plan, JsonNode answer, String wanted) {
        return plan.dry() ? PlanOptions.show(session.output(), answer) : show(answer, wanted);
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
