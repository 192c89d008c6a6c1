package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.TenantId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tenants. */
@Command(description = "Creates and lists tenants.", synopsisSubcommandLabel = "COMMAND")
final class TenantCommands {
    private final Session session;

    TenantCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Creates a tenant with the environments dev, staging and prod.")
    int create(
            @Parameters(paramLabel = "TENANT", description = "Its name: lower-case letters, digits and hyphens.")
                    String id,
            @Option(names = "--display-name", paramLabel = "TEXT", description = "What people call it.") @Nullable
                    String displayName) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("id", new TenantId(id).value());
        if (displayName != null) {
            wanted.put("displayName", displayName);
        }
        try (Server server = session.server()) {
            JsonNode tenant = server.post("/tenants", wanted);
            session.output().done(tenant, "Created tenant " + tenant.path("id").asText() + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Lists tenants.")
    int list(@Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list("/tenants", options.limit()),
                            Column.of("TENANT", "/id"),
                            Column.of("NAME", "/displayName"),
                            Column.of("CREATED", "/createdAt"));
        }
        return Exit.OK;
    }
}
