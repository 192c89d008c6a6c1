package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.secrets.SecretName;
import io.maestro.cli.Output.Column;
import java.net.http.HttpRequest.BodyPublishers;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Secrets of one scope. */
@Command(
        description = "Keeps, lists and deletes the secrets of a scope, and changes the key that seals them.",
        synopsisSubcommandLabel = "COMMAND")
final class SecretCommands {
    private final Session session;

    SecretCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Keeps the first or the next value of a secret; the value before is destroyed.",
                "Running instances that use it are given the new one."
            })
    int set(
            @Mixin ScopeOptions scope,
            @Option(
                            names = "--from",
                            paramLabel = "SOURCE",
                            description =
                                    "Where the value is: @FILE, env:NAME, or - for standard input; else it is asked for.")
                    @Nullable
                    String source,
            @Option(
                            names = "--if-version",
                            paramLabel = "N",
                            description = "Only when this version is still the current one.")
                    @Nullable
                    Long version,
            @Parameters(paramLabel = "NAME", description = "Its name, for example shared/database.") String name) {
        Terminal terminal = session.terminal();
        String value = source == null
                ? Secrets.password(terminal, null, "MAESTRO_SECRET_VALUE", "Value of " + name)
                : Secrets.value(terminal, source);
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("value", value);
        String[] condition = version == null ? new String[0] : new String[] {"If-Match", "\"" + version + "\""};
        try (Server server = session.server()) {
            show(server.upload(
                    "PUT", path(scope, name), BodyPublishers.ofString(body.toString()), "application/json", condition));
        }
        return Exit.OK;
    }

    @Command(description = "Lists the secrets of the scope.")
    int list(@Mixin ScopeOptions scope, @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(scope.secrets(), options.limit()),
                            Column.of("NAME", "/name"),
                            Column.of("VERSION", "/version"),
                            Column.of("CHANGED", "/updatedAt"),
                            Column.of("USED BY", "/usedBy"));
        }
        return Exit.OK;
    }

    @Command(description = "Shows a secret, but not its value.")
    int get(@Mixin ScopeOptions scope, @Parameters(paramLabel = "NAME", description = "Its name.") String name) {
        try (Server server = session.server()) {
            show(server.get(path(scope, name)));
        }
        return Exit.OK;
    }

    @Command(description = "Deletes a secret that no instance uses.")
    int delete(@Mixin ScopeOptions scope, @Parameters(paramLabel = "NAME", description = "Its name.") String name) {
        try (Server server = session.server()) {
            server.delete(path(scope, name));
            session.output()
                    .done(JsonNodeFactory.instance.objectNode().put("deleted", name), "Deleted secret " + name + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Lists which instance was given which secret, when and why, newest first.")
    int accesses(@Mixin ScopeOptions scope, @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(scope.path("secret-accesses"), options.limit()),
                            Column.of("AT", "/at"),
                            Column.of("INSTANCE", "/instance"),
                            Column.of("SECRET", "/secret"),
                            Column.of("VERSION", "/version"),
                            Column.of("PURPOSE", "/purpose"),
                            Column.of("REQUEST", "/correlationId"));
        }
        return Exit.OK;
    }

    @Command(
            name = "rotate-data-key",
            description =
                    "Makes a new data key for the scope and seals all its secrets anew; instances notice nothing.")
    int rotateDataKey(@Mixin ScopeOptions scope) {
        try (Server server = session.server()) {
            JsonNode rotated = server.post(scope.secrets() + ":rotate-data-key", null);
            session.output()
                    .done(
                            rotated,
                            "Sealed " + rotated.path("secrets").asInt() + " secrets anew; data key "
                                    + rotated.path("dataKey").asInt() + ".");
        }
        return Exit.OK;
    }

    @Command(
            name = "rotate-master-key",
            description =
                    "Wraps the data keys of all scopes anew, with the master key that the server was started with.")
    int rotateMasterKey() {
        try (Server server = session.server()) {
            JsonNode rotated = server.post("/master-key:rotate", null);
            session.output()
                    .done(
                            rotated,
                            "Wrapped " + rotated.path("dataKeys").asInt() + " data keys anew; master key "
                                    + rotated.path("masterKey").asText() + ".");
        }
        return Exit.OK;
    }

    private void show(JsonNode secret) {
        session.output()
                .fields(
                        secret,
                        Column.of("Secret", "/name"),
                        Column.of("Tenant", "/tenant"),
                        Column.of("Environment", "/environment"),
                        Column.of("Version", "/version"),
                        Column.of("Used by", "/usedBy"),
                        Column.of("Created", "/createdAt"),
                        Column.of("Changed", "/updatedAt"));
    }

    private static String path(ScopeOptions scope, String name) {
        return scope.secrets() + "/" + new SecretName(name);
    }
}
