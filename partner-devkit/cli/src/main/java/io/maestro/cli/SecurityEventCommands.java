package io.maestro.cli;

import io.maestro.cli.Output.Column;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The record of attempts to overstep. */
@Command(name = "security-event", description = "Lists attempts to overstep.", synopsisSubcommandLabel = "COMMAND")
final class SecurityEventCommands {
    private final Session session;

    SecurityEventCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Lists attempts to overstep, newest first.")
    int list(@Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list("/security-events", options.limit()),
                            Column.of("AT", "/at"),
                            Column.of("RULE", "/rule"),
                            Column.of("WHO", "/principal"),
                            Column.of("METHOD", "/method"),
                            Column.of("RESOURCE", "/resource"));
        }
        return Exit.OK;
    }
}
