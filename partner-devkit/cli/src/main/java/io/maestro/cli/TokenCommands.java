package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.TenantId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** API tokens, of the installation or of one tenant. */
@Command(
        description = "Creates, lists and revokes API tokens: of the installation, or with --tenant of one tenant.",
        synopsisSubcommandLabel = "COMMAND")
final class TokenCommands {
    private final Session session;

    TokenCommands(Session session) {
        this.session = session;
    }

    /** What a token may do. */
    enum RoleOption {
        /** Everything. */
        PLATFORM_ADMIN,
        /** Everything within one tenant. */
        TENANT_ADMIN,
        /** Reads and calls within one tenant. */
        TENANT_DEVELOPER;

        /** As the server writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            description = {
                "Creates a token and prints it this once.",
                "With --tenant its role is tenant_developer unless told otherwise, without it platform_admin."
            })
    int create(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "Confines it to a tenant.")
                    @Nullable
                    String tenant,
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            description = "Confines it to one environment of the tenant.")
                    @Nullable
                    String environment,
            @Option(names = "--role", paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES}") @Nullable
                    RoleOption role,
            @Option(names = "--days", paramLabel = "N", description = "How long it is good for; 90 days when left out.")
                    @Nullable
                    Integer days,
            @Parameters(paramLabel = "NAME", description = "What people call it.") String name) {
        RoleOption usual = tenant == null ? RoleOption.PLATFORM_ADMIN : RoleOption.TENANT_DEVELOPER;
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("name", name);
        wanted.put("role", (role == null ? usual : role).toString());
        if (environment != null) {
            wanted.put("environment", environment);
        }
        if (days != null) {
            wanted.put("lifetimeDays", days);
        }
        try (Server server = session.server()) {
            JsonNode made = server.post(path(tenant), wanted);
            Output output = session.output();
            output.done(made, made.path("bearer").asText());
            output.note("Token " + made.at("/token/id").asText() + ", good until "
                    + made.at("/token/expiresAt").asText() + ". It is shown this once.");
        }
        return Exit.OK;
    }

    @Command(description = "Lists tokens, newest first.")
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
                            Column.of("ROLE", "/role"),
                            Column.of("ENVIRONMENT", "/environment"),
                            Column.of("EXPIRES", "/expiresAt"),
                            Column.of("LAST USED", "/lastUsedAt"),
                            Column.of("REVOKED", "/revokedAt"));
        }
        return Exit.OK;
    }

    @Command(description = "Ends a token now.")
    int revoke(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "The tenant that it belongs to.")
                    @Nullable
                    String tenant,
            @Parameters(paramLabel = "ID", description = "The id as listed.") String id) {
        try (Server server = session.server()) {
            server.delete(path(tenant) + "/" + Server.encoded(id));
            session.output()
                    .done(JsonNodeFactory.instance.objectNode().put("revoked", id), "Revoked token " + id + ".");
        }
        return Exit.OK;
    }

    private static String path(@Nullable String tenant) {
        return tenant == null ? "/tokens" : "/tenants/" + new TenantId(tenant) + "/tokens";
    }
}
