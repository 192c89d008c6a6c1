package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.cli.TokenCommands.RoleOption;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Who else may say who somebody is. */
@Command(
        description = "Adds and removes identity providers: of the installation, or with --tenant of one tenant.",
        synopsisSubcommandLabel = "COMMAND")
final class IdentityProviderCommands {
    private static final List<String> SETTINGS =
            List.of("displayName", "tenant", "environment", "instance", "roles", "enabled");

    private final Session session;

    IdentityProviderCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Adds an identity provider: an adapter instance of the type identity.",
                "It grants what the instance maps, as far as --role names it."
            })
    int add(
            @Mixin Home home,
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            required = true,
                            description = "Where the instance is.")
                    String environment,
            @Option(
                            names = "--instance",
                            paramLabel = "INSTANCE",
                            required = true,
                            description = "The instance that stands for it.")
                    String instance,
            @Option(
                            names = "--instance-tenant",
                            paramLabel = "TENANT",
                            description = "The tenant of the instance, for a provider of the installation.")
                    @Nullable
                    String instanceTenant,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            description = "What it may grant; any number of ${COMPLETION-CANDIDATES}.")
                    @Nullable
                    List<RoleOption> roles,
            @Option(names = "--display-name", paramLabel = "TEXT", description = "What people call it.") @Nullable
                    String displayName,
            @Parameters(paramLabel = "PROVIDER", description = "Its name: lower-case letters, digits and hyphens.")
                    String name) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        wanted.put("name", new ProviderName(name).value());
        if (displayName != null) {
            wanted.put("displayName", displayName);
        }
        if (instanceTenant != null) {
            wanted.put("tenant", instanceTenant);
        }
        wanted.put("environment", environment).put("instance", instance);
        ArrayNode granted = wanted.putArray("roles");
        (roles == null ? List.<RoleOption>of() : roles).forEach(role -> granted.add(role.toString()));
        try (Server server = session.server()) {
            JsonNode made = server.post(home.path(), wanted);
            session.output()
                    .done(
                            made,
                            "Added the identity provider " + name + ", "
                                    + made.path("issuer").asText() + "."
                                    + (made.path("login").asBoolean()
                                            ? " Register this address with it, for people to come back to: "
                                                    + made.path("redirectUri").asText()
                                            : ""));
        }
        return Exit.OK;
    }

    @Command(description = "Lists identity providers.")
    int list(@Mixin Home home, @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(home.path(), options.limit()),
                            Column.of("PROVIDER", "/name"),
                            Column.of("NAME", "/displayName"),
                            Column.of("ENABLED", "/enabled"),
                            Column.of("CONFIRMED", "/confirmed"),
                            Column.of("MAY GRANT", "/roles"),
                            Column.of("ISSUER", "/issuer"));
        }
        return Exit.OK;
    }

    @Command(description = "Shows one identity provider.")
    int show(@Mixin Home home, @Parameters(paramLabel = "PROVIDER", description = "Its name.") String name) {
        try (Server server = session.server()) {
            session.output()
                    .fields(
                            server.get(home.path(name)),
                            Column.of("Provider", "/name"),
                            Column.of("Name", "/displayName"),
                            Column.of("Tenant", "/tenant"),
                            Column.of("Environment", "/environment"),
                            Column.of("Instance", "/instance"),
                            Column.of("May grant", "/roles"),
                            Column.of("Enabled", "/enabled"),
                            Column.of("Issuer", "/issuer"),
                            Column.of("Client id", "/clientId"),
                            Column.of("Audiences", "/audiences"),
                            Column.of("Login", "/login"),
                            Column.of("Redirect URI", "/redirectUri"),
                            Column.of("Agreed to", "/agreedFingerprint"),
                            Column.of("Instance is", "/instanceFingerprint"),
                            Column.of("Confirmed", "/confirmed"),
                            Column.of("Revision", "/revision"));
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Asks an identity provider again, and agrees to what its instance is now.",
                "The sessions of its people end when that is something else than before."
            })
    int enable(
            @Mixin Home home,
            @Option(
                            names = "--fingerprint",
                            paramLabel = "SHA256",
                            description = "What the instance has to be, as shown before you looked at it; without it,"
                                    + " whatever it is now.")
                    @Nullable
                    String fingerprint,
            @Parameters(paramLabel = "PROVIDER", description = "Its name.") String name) {
        try (Server server = session.server()) {
            JsonNode before = server.get(home.path(name));
            ObjectNode wanted = settings(before, true);
            if (fingerprint != null) {
                wanted.put("agreedFingerprint", fingerprint);
            } else if (before.path("instanceFingerprint").isTextual()) {
                wanted.set("agreedFingerprint", before.path("instanceFingerprint"));
            }
            JsonNode after =
                    server.put(home.path(name), wanted, before.path("revision").asText());
            session.output().done(after, enabled(name, before, after));
        }
        return Exit.OK;
    }

    /** What there is to know of a provider that was enabled. */
    private static String enabled(String name, JsonNode before, JsonNode after) {
        String text = "Enabled " + name + ".";
        if (!after.path("confirmed").asBoolean()) {
            return text + " It vouches for nobody yet: its instance does not run, or not as it is configured.";
        }
        String agreed = after.path("agreedFingerprint").asText();
        return before.path("agreedFingerprint").asText().equals(agreed)
                ? text
                : text + " Its instance had changed; you have agreed to it as it is now, " + agreed + ".";
    }

    @Command(
            description =
                    "Asks an identity provider no more; its people's tokens are good no longer, and their sessions end.")
    int disable(@Mixin Home home, @Parameters(paramLabel = "PROVIDER", description = "Its name.") String name) {
        try (Server server = session.server()) {
            JsonNode before = server.get(home.path(name));
            JsonNode after = server.put(
                    home.path(name),
                    settings(before, false),
                    before.path("revision").asText());
            session.output().done(after, "Disabled " + name + ".");
        }
        return Exit.OK;
    }

    private static ObjectNode settings(JsonNode provider, boolean enabled) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        SETTINGS.forEach(field -> settings.set(field, provider.path(field)));
        return settings.put("enabled", enabled);
    }

    @Command(description = "Removes an identity provider; the sessions of its people end.")
    int remove(@Mixin Home home, @Parameters(paramLabel = "PROVIDER", description = "Its name.") String name) {
        try (Server server = session.server()) {
            server.delete(home.path(name));
            session.output()
                    .done(
                            JsonNodeFactory.instance.objectNode().put("removed", name),
                            "Removed the identity provider " + name + ".");
        }
        return Exit.OK;
    }

    /** Whose providers. */
    static final class Home {
        @Option(
                names = {"-t", "--tenant"},
                paramLabel = "TENANT",
                description = "Of this tenant; without it of the installation.")
        private @Nullable String tenant;

        String path() {
            return tenant == null ? "/identity-providers" : "/tenants/" + new TenantId(tenant) + "/identity-providers";
        }

        String path(String name) {
            return path() + "/" + new ProviderName(name);
        }
    }
}
