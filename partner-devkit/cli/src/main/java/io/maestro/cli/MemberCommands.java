package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Members of tenants. */
@Command(description = "Adds, changes and removes members of a tenant.", synopsisSubcommandLabel = "COMMAND")
final class MemberCommands {
    private static final String TENANT = "The tenant.";
    private static final String PRINCIPAL = "The member's principal id, as whoami shows it.";

    private final Session session;

    MemberCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Makes a principal a member, or changes what it is.")
    int put(
            @Option(
                            names = {"-t", "--tenant"},
                            required = true,
                            paramLabel = "TENANT",
                            description = TENANT)
                    String tenant,
            @Option(
                            names = {"-r", "--role"},
                            required = true,
                            paramLabel = "ROLE",
                            description = "tenant_admin, tenant_developer, auditor or service; may be repeated.")
                    List<String> roles,
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            description = "The one environment that it is confined to; all when left out.")
                    @Nullable
                    String environment,
            @Option(names = "--display-name", paramLabel = "TEXT", description = "What people call it.") @Nullable
                    String displayName,
            @Option(
                            names = "--if-match",
                            paramLabel = "REVISION",
                            description = "Only when the membership has this revision.")
                    @Nullable
                    Long revision,
            @Option(names = "--if-absent", description = "Only when it is no member yet.") boolean ifAbsent,
            @Mixin PlanOptions plan,
            @Parameters(paramLabel = "PRINCIPAL", description = PRINCIPAL) String principal) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode();
        if (displayName != null) {
            wanted.put("displayName", displayName);
        }
        roles.forEach(wanted.putArray("roles")::add);
        if (environment != null) {
            wanted.put("environment", new Environment(environment).value());
        }
        if (ifAbsent && revision != null) {
            throw Failure.usage("--if-absent and --if-match contradict one another", "Give one of them.");
        }
        String[] condition = ifAbsent
                ? new String[] {"If-None-Match", "*"}
                : revision == null ? new String[0] : new String[] {"If-Match", "\"" + revision + "\""};
        try (Server server = session.server()) {
            JsonNode member = server.upload(
                    "PUT",
                    plan.path(path(tenant, principal)),
                    BodyPublishers.ofString(wanted.toString(), UTF_8),
                    "application/json",
                    condition);
            if (plan.dry()) {
                return PlanOptions.show(session.output(), member);
            }
            session.output()
                    .done(member, principal + " is a member of " + tenant + ": " + String.join(", ", roles) + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Lists the members of a tenant.")
    int list(
            @Option(
                            names = {"-t", "--tenant"},
                            required = true,
                            paramLabel = "TENANT",
                            description = TENANT)
                    String tenant,
            @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list("/tenants/" + new TenantId(tenant) + "/members", options.limit()),
                            Column.of("PRINCIPAL", "/principal"),
                            Column.of("NAME", "/displayName"),
                            Column.of("ROLES", "/roles"),
                            Column.of("ENVIRONMENT", "/environment"),
                            Column.of("REVISION", "/revision"));
        }
        return Exit.OK;
    }

    @Command(description = "Shows a member.")
    int get(
            @Option(
                            names = {"-t", "--tenant"},
                            required = true,
                            paramLabel = "TENANT",
                            description = TENANT)
                    String tenant,
            @Parameters(paramLabel = "PRINCIPAL", description = PRINCIPAL) String principal) {
        try (Server server = session.server()) {
            session.output()
                    .fields(
                            server.get(path(tenant, principal)),
                            Column.of("Principal", "/principal"),
                            Column.of("Tenant", "/tenant"),
                            Column.of("Name", "/displayName"),
                            Column.of("Roles", "/roles"),
                            Column.of("Environment", "/environment"),
                            Column.of("Revision", "/revision"),
                            Column.of("Changed", "/updatedAt"));
        }
        return Exit.OK;
    }

    @Command(description = "Ends a membership.")
    int remove(
            @Option(
                            names = {"-t", "--tenant"},
                            required = true,
                            paramLabel = "TENANT",
                            description = TENANT)
                    String tenant,
            @Mixin PlanOptions plan,
            @Parameters(paramLabel = "PRINCIPAL", description = PRINCIPAL) String principal) {
        try (Server server = session.server()) {
            JsonNode answer = server.deletion(plan.path(path(tenant, principal)));
            if (plan.dry()) {
                return PlanOptions.show(session.output(), answer);
            }
            session.output()
                    .done(
                            JsonNodeFactory.instance.objectNode().put("removed", principal),
                            principal + " is no member of " + tenant + " any more.");
        }
        return Exit.OK;
    }

    private static String path(String tenant, String principal) {
        return "/tenants/" + new TenantId(tenant) + "/members/" + Server.encoded(principal);
    }
}
