package io.maestro.cli;

import io.maestro.cli.Output.Column;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The record of attempts to overstep. */
@Command(name = "security-event", description = "Lists attempts to overstep.", synopsisSubcommandLabel = "COMMAND")
final class SecurityEventCommands {
    private final Session session;

    SecurityEventCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Lists attempts to overstep, newest first.")
    int list(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "Those that reached for something of this tenant.")
                    @Nullable
                    String tenant,
            @Option(names = "--rule", paramLabel = "RULE", description = "Those that broke this rule.") @Nullable
                    String rule,
            @Option(names = "--principal", paramLabel = "ID", description = "Those of this principal.") @Nullable
                    String principal,
            @Option(
                            names = "--from",
                            paramLabel = "TIME",
                            description = "Not before, for example 2026-11-20T22:00:00Z.")
                    @Nullable
                    String from,
            @Option(names = "--until", paramLabel = "TIME", description = "Before.") @Nullable String until,
            @Mixin ListOptions options) {
        StringBuilder path = new StringBuilder("/security-events");
        append(path, "tenant", tenant);
        append(path, "rule", rule);
        append(path, "principal", principal);
        append(path, "from", from);
        append(path, "until", until);
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(path.toString(), options.limit()),
                            Column.of("AT", "/at"),
                            Column.of("RULE", "/rule"),
                            Column.of("WHO", "/principal"),
                            Column.of("METHOD", "/method"),
                            Column.of("RESOURCE", "/resource"));
        }
        return Exit.OK;
    }

    private static void append(StringBuilder path, String name, @Nullable String value) {
        if (value != null) {
            path.append(path.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(Server.encoded(value));
        }
    }
}
