package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.maestro.cli.Output.Column;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Environments of tenants. */
@Command(description = "Creates, lists and deletes environments of a tenant.", synopsisSubcommandLabel = "COMMAND")
final class EnvironmentCommands {
    private final Session session;

    EnvironmentCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Creates a further environment of a tenant.")
    int create(
            @Option(
                            names = {"-t", "--tenant"},
                            required = true,
                            paramLabel = "TENANT",
                            description = "The tenant.")
                    String tenant,
            @Parameters(paramLabel = "ENVIRONMENT", description = "Its name.") String name) {
        try (Server server = session.server()) {
            JsonNode made = server.post(
                    path(tenant), JsonNodeFactory.instance.objectNode().put("name", new Environment(name).value()));
            session.output()
                    .done(made, "Created environment " + made.path("name").asText() + " of tenant " + tenant + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Lists the environments of a tenant.")
    int list(
            @Option(
                            names = {"-t", "--tenant"},
                            required = true,
                            paramLabel = "TENANT",
                            description = "The tenant.")
                    String tenant,
            @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(path(tenant), options.limit()),
                            Column.of("ENVIRONMENT", "/name"),
                            Column.of("CREATED", "/createdAt"));
        }
        return Exit.OK;
    }

    @Command(description = "Deletes an environment that holds nothing.")
    int delete(
            @Option(
                            names = {"-t", "--tenant"},
                            required = true,
                            paramLabel = "TENANT",
                            description = "The tenant.")
                    String tenant,
            @Parameters(paramLabel = "ENVIRONMENT", description = "Its name.") String name) {
        try (Server server = session.server()) {
            server.delete(path(tenant) + "/" + new Environment(name));
            session.output()
                    .done(
                            JsonNodeFactory.instance.objectNode().put("deleted", name),
                            "Deleted environment " + name + " of tenant " + tenant + ".");
        }
        return Exit.OK;
    }

    private static String path(String tenant) {
        return "/tenants/" + new TenantId(tenant) + "/environments";
    }
}
