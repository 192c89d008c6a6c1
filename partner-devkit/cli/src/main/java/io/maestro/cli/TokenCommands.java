package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.TenantId;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** API tokens, of the installation or of one tenant. */
@Command(
        description =
                "Creates, lists, rotates and revokes API tokens: of the installation, or with --tenant of one tenant.",
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
        TENANT_DEVELOPER,
        /** Submits artifacts. */
        PUBLISHER,
        /** Looks into what was submitted and refused. */
        REVIEWER,
        /** Reads everything, in one tenant or in all. */
        AUDITOR,
        /** A program that reads and calls, in one tenant or in all. */
        SERVICE;

        /** As the server writes it. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Command(
            description = {
                "Creates a token and prints it this once.",
                "With --tenant it is a tenant_developer unless told otherwise, without it a platform_admin."
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
            @Option(names = "--role", paramLabel = "ROLE", description = "Any number of ${COMPLETION-CANDIDATES}.")
                    @Nullable
                    List<RoleOption> roles,
            @Option(names = "--days", paramLabel = "N", description = "How long it is good for; 90 days when left out.")
                    @Nullable
                    Integer days,
            @Parameters(paramLabel = "NAME", description = "What people call it.") String name) {
        RoleOption usual = tenant == null ? RoleOption.PLATFORM_ADMIN : RoleOption.TENANT_DEVELOPER;
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("name", name);
        ArrayNode given = wanted.putArray("roles");
        (roles == null ? List.of(usual) : roles).forEach(role -> given.add(role.toString()));
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
                            Column.of("ROLES", "/roles"),
                            Column.of("ENVIRONMENT", "/environment"),
                            Column.of("EXPIRES", "/expiresAt"),
                            Column.of("LAST USED", "/lastUsedAt"),
                            Column.of("REVOKED", "/revokedAt"));
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Gives a token another value and prints it this once.",
                "The value before ends at once, or after --grace-minutes."
            })
    int rotate(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "The tenant that it belongs to.")
                    @Nullable
                    String tenant,
            @Option(
                            names = "--grace-minutes",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "How long the value before stays good, up to 1440 (0).")
                    int graceMinutes,
            @Parameters(paramLabel = "ID", description = "The id as listed.") String id) {
        try (Server server = session.server()) {
            JsonNode rotated = server.post(
                    path(tenant) + "/" + Server.encoded(id) + "/rotate",
                    JsonNodeFactory.instance.objectNode().put("graceMinutes", graceMinutes));
            Output output = session.output();
            output.done(rotated, rotated.path("bearer").asText());
            output.note("Token " + id + " has another value, shown this once; the one before is good until "
                    + rotated.at("/token/formerUntil").asText() + ".");
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
