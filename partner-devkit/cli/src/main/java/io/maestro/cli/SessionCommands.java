package io.maestro.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.maestro.cli.Output.Column;
import io.maestro.model.TenantId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** People who are logged in with a browser. */
@Command(
        description = "Lists and ends the sessions of people who are logged in with a browser.",
        synopsisSubcommandLabel = "COMMAND")
final class SessionCommands {
    private final Session session;

    SessionCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Lists running sessions, newest first.")
    int list(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "Those of a tenant.")
                    @Nullable
                    String tenant,
            @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(path(tenant), options.limit()),
                            Column.of("ID", "/id"),
                            Column.of("NAME", "/name"),
                            Column.of("PRINCIPAL", "/principal"),
                            Column.of("PROVIDER", "/provider"),
                            Column.of("LAST USED", "/lastUsedAt"),
                            Column.of("EXPIRES", "/expiresAt"));
        }
        return Exit.OK;
    }

    @Command(description = "Ends a session now.")
    int end(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "The tenant that it belongs to.")
                    @Nullable
                    String tenant,
            @Parameters(paramLabel = "ID", description = "The id as listed.") String id) {
        try (Server server = session.server()) {
            server.delete(path(tenant) + "/" + Server.encoded(id));
            session.output().done(JsonNodeFactory.instance.objectNode().put("ended", id), "Ended session " + id + ".");
        }
        return Exit.OK;
    }

    private static String path(@Nullable String tenant) {
        return tenant == null ? "/sessions" : "/tenants/" + new TenantId(tenant) + "/sessions";
    }
}
