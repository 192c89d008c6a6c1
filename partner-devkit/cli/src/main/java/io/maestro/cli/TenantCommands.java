package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.maestro.model.TypeName;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tenants. */
@Command(
        description = "Creates, lists and renames tenants, shows what they have, and sees them out.",
        synopsisSubcommandLabel = "COMMAND")
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
                            Column.of("STATE", "/state"),
                            Column.of("CREATED", "/createdAt"));
        }
        return Exit.OK;
    }

    @Command(description = "Tells how the instances of a tenant are.")
    int health(
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            description = "Only those of this environment.")
                    @Nullable
                    String environment,
            @Mixin ListOptions options,
            @Parameters(paramLabel = "TENANT", description = "The tenant.") String tenant) {
        try (Server server = session.server()) {
            HealthView.table(
                    session.output(),
                    server.list(
                            Filter.of("/tenants/" + new TenantId(tenant) + "/health")
                                    .with("environment", environment)
                                    .toString(),
                            options.limit()));
        }
        return Exit.OK;
    }

    @Command(description = "Shows a tenant.")
    int get(@Parameters(paramLabel = "TENANT", description = "Its name.") String id) {
        try (Server server = session.server()) {
            session.output()
                    .fields(
                            server.get(path(id)),
                            Column.of("Tenant", "/id"),
                            Column.of("Name", "/displayName"),
                            Column.of("State", "/state"),
                            Column.of("Revision", "/revision"),
                            Column.of("Created", "/createdAt"));
        }
        return Exit.OK;
    }

    @Command(description = "Changes what people call a tenant; its id stays for ever.")
    int rename(
            @Option(
                            names = "--if-match",
                            paramLabel = "REVISION",
                            description = "Only when the tenant has this revision.")
                    @Nullable
                    Long revision,
            @Parameters(index = "0", paramLabel = "TENANT", description = "Its name.") String id,
            @Parameters(index = "1", paramLabel = "TEXT", description = "What people call it from now on.")
                    String displayName) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("displayName", displayName);
        String[] condition = revision == null ? new String[0] : new String[] {"If-Match", "\"" + revision + "\""};
        try (Server server = session.server()) {
            JsonNode tenant = server.upload(
                    "PATCH",
                    path(id),
                    BodyPublishers.ofString(wanted.toString(), UTF_8),
                    "application/json",
                    condition);
            session.output().done(tenant, "Tenant " + id + " is called " + displayName + " now.");
        }
        return Exit.OK;
    }

    @Command(description = "Lists the adapters that a tenant uses, with how many instances there are.")
    int adapters(
            @Option(names = "--type", paramLabel = "TYPE", description = "Only of this adapter type.") @Nullable
                    String type,
            @Mixin ListOptions options,
            @Parameters(paramLabel = "TENANT", description = "Its name.") String id) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(
                                    Filter.of(path(id) + "/adapters")
                                            .with("type", type == null ? null : new TypeName(type))
                                            .toString(),
                                    options.limit()),
                            Column.of("ENVIRONMENT", "/environment"),
                            Column.of("ADAPTER", "/adapter"),
                            Column.of("TYPE", "/type"),
                            Column.of("INSTANCES", "/instances"),
                            Column.of("NEWEST", "/newest"));
        }
        return Exit.OK;
    }

    @Command(description = "Lists the instances of a tenant over all environments.")
    int instances(
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            description = "Only there.")
                    @Nullable
                    String environment,
            @Mixin InstanceFilter filter,
            @Mixin ListOptions options,
            @Parameters(paramLabel = "TENANT", description = "Its name.") String id) {
        String query = filter.of(path(id) + "/instances")
                .with("environment", environment == null ? null : new Environment(environment))
                .toString();
        List<Column> columns = new ArrayList<>(List.of(Column.of("ENVIRONMENT", "/environment")));
        columns.addAll(InstanceFilter.COLUMNS);
        try (Server server = session.server()) {
            session.output().table(server.list(query, options.limit()), columns.toArray(Column[]::new));
        }
        return Exit.OK;
    }

    @Command(description = "Lists the instances of a tenant whose adapter has a newer version.")
    int upgrades(
            @Option(
                            names = {"-e", "--environment"},
                            paramLabel = "ENVIRONMENT",
                            description = "Only there.")
                    @Nullable
                    String environment,
            @Option(names = "--pre-releases", description = "A pre-release counts as newer.") boolean preReleases,
            @Mixin ListOptions options,
            @Parameters(paramLabel = "TENANT", description = "Its name.") String id) {
        String query = Filter.of(path(id) + "/upgrades")
                .with("environment", environment == null ? null : new Environment(environment))
                .flag("preReleases", preReleases)
                .toString();
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(query, options.limit()),
                            Column.of("ENVIRONMENT", "/environment"),
                            Column.of("INSTANCE", "/instance"),
                            Column.of("ADAPTER", "/adapter"),
                            Column.of("NEWEST", "/newest"));
        }
        return Exit.OK;
    }

    @Command(
            description = {
                "Refuses all access to a tenant and erases all that it has. This cannot be taken back.",
                "Without --confirm it only tells what would go. Repeating is harmless and tells how far it is."
            })
    int offboard(
            @Option(
                            names = "--confirm",
                            paramLabel = "TENANT",
                            description = "The tenant's name once more; then it is done.")
                    @Nullable
                    String confirm,
            @Parameters(paramLabel = "TENANT", description = "Its name.") String id) {
        ObjectNode wanted = JsonNodeFactory.instance.objectNode().put("confirm", confirm);
        try (Server server = session.server()) {
            JsonNode departure = server.post(path(id) + "/offboard" + (confirm == null ? "?dryRun=true" : ""), wanted);
            session.output()
                    .note(
                            switch (departure.path("stage").asText()) {
                                case "planned" -> "This would go; nothing has happened:";
                                case "running" -> "All access is refused, and the data goes. Left are:";
                                default -> "Nothing is left of " + id + ".";
                            });
            session.output()
                    .tableOf(
                            departure,
                            JsonNodeFactory.instance.objectNode().set("items", departure.path("parts")),
                            Column.of("ENGINE", "/name"),
                            Column.of("DONE", "/done"),
                            Column.of("HOLDINGS", "/holdings"));
        }
        return Exit.OK;
    }

    private static String path(String id) {
        return "/tenants/" + new TenantId(id);
    }
}
