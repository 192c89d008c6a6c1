package io.maestro.cli;

import io.maestro.cli.Output.Column;
import picocli.CommandLine.Command;

/** What a node was started with. */
@Command(description = "Lists what holds on the node that answers.", synopsisSubcommandLabel = "COMMAND")
final class ConfigurationCommands {
    private final Session session;

    ConfigurationCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Lists what holds on the node that answers, and who said so.")
    int list() {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.get("/configuration"),
                            Column.of("KEY", "/key"),
                            Column.of("VALUE", "/value"),
                            Column.of("FROM", "/origin"),
                            Column.of("MEANING", "/meaning"));
        }
        return Exit.OK;
    }
}
