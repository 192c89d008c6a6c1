package io.maestro.cli;

import io.maestro.cli.Output.Column;
import io.maestro.model.TenantId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is wrong with instances for longer than a moment. */
@Command(description = "Lists alerts and the rules by which they are raised.", synopsisSubcommandLabel = "COMMAND")
final class AlertCommands {
    private final Session session;

    AlertCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Lists the alerts that are raised, of all tenants or of one.")
    int list(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "Only those of this tenant.")
                    @Nullable
                    String tenant,
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            description = "Only those of this environment of the tenant.")
                    @Nullable
                    String environment,
            @Option(
                            names = {"-i", "--instance"},
                            paramLabel = "INSTANCE",
                            description = "Only those of instances of this name of the tenant.")
                    @Nullable
                    String instance,
            @Mixin ListOptions options) {
        if (tenant == null && (environment != null || instance != null)) {
            throw Failure.usage("it is not said of which tenant", "Give --tenant too.");
        }
        String path = tenant == null
                ? "/alerts"
                : Filter.of("/tenants/" + new TenantId(tenant) + "/alerts")
                        .with("environment", environment)
                        .with("instance", instance)
                        .toString();
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(path, options.limit()),
                            Column.of("SEVERITY", "/severity"),
                            Column.of("TENANT", "/tenant"),
                            Column.of("ENVIRONMENT", "/environment"),
                            Column.of("INSTANCE", "/instance"),
                            Column.of("RULE", "/rule"),
                            Column.of("SINCE", "/since"),
                            Column.of("NODE", "/node"),
                            Column.of("WHAT", "/text"));
        }
        return Exit.OK;
    }

    @Command(description = "Lists the rules: what raises an alert, for how long, and what clears it.")
    int rules() {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.get("/alerts/rules"),
                            Column.of("RULE", "/rule"),
                            Column.of("TYPE", "/type"),
                            Column.of("SEVERITY", "/severity"),
                            Column.of("RAISED WHEN", "/raisedWhen"),
                            Column.of("FOR S", "/holdingSeconds"),
                            Column.of("CLEARED WHEN", "/clearedWhen"),
                            Column.of("FOR S", "/overSeconds"));
        }
        return Exit.OK;
    }
}
