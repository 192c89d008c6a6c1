package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.trust.Inspection;
import io.maestro.cli.Output.Column;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.PublisherName;
import io.maestro.model.TypeName;
import io.maestro.trust.Certificates;
import io.maestro.trust.KeyLookup;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adapter artifacts and definitions. */
@Command(description = "Signs, verifies, installs and lists adapters.", synopsisSubcommandLabel = "COMMAND")
final class AdapterCommands {
    private static final List<Column> DEFINITION = List.of(
            Column.of("Adapter", "/id"),
            Column.of("Type", "/type"),
            Column.of("Description", "/description"),
            Column.of("Publisher", "/publisher"),
            Column.of("Key", "/key"),
            Column.of("Digest", "/digest"),
            Column.of("Size", "/size"));

    private static final List<Column> KIT_RESULT = List.of(
            Column.of("Adapter", "/adapter"),
            Column.of("Digest", "/digest"),
            Column.of("Kit", "/type"),
            Column.of("Contract", "/contractVersion"),
            Column.of("Peer", "/peer"),
            Column.of("Tests passed", "/passedTests"),
            Column.of("Tests failed", "/failedTests"),
            Column.of("Not tried", "/notTried"),
            Column.of("Result", "/file"));

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int LATEST = 100;

    private final Session session;

    AdapterCommands(Session session) {
        this.session = session;
    }

    @Command(
            description = {
                "Signs an adapter jar, and checks that a server which trusts the key would take it.",
                "Nothing is written when it would not."
            })
    int sign(
            @Mixin KeyOptions key,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "The signed jar; JAR with the ending -signed.jar when left out.")
                    @Nullable
                    Path output,
            @Parameters(paramLabel = "JAR", description = "The adapter as built.") Path jar)
            throws IOException {
        Path target = output == null ? signedName(jar) : output;
        Inspection.Passed passed = JarSigning.sign(jar, target, key.read(session.terminal()));
        ObjectNode answer = answer(passed);
        answer.put("file", target.toString());
        session.output()
                .fields(
                        answer,
                        Column.of("Signed", "/file"),
                        Column.of("Adapter", "/id"),
                        Column.of("Key", "/key"),
                        Column.of("Digest", "/digest"));
        return Exit.OK;
    }

    @Command(
            description = {
                "Checks an artifact on this machine as a server does: shape, signature, manifest, structure.",
                "Trusts the given certificates, or with --server whom the server trusts. Exit code 5 when it is refused."
            })
    int verify(
            @Option(
                            names = "--certificate",
                            paramLabel = "FILE",
                            description = "A trusted certificate in PEM form; may be repeated.")
                    @Nullable
                    List<Path> certificates,
            @Option(names = "--server", description = "Trust whom the server trusts.") boolean askServer,
            @Parameters(paramLabel = "JAR", description = "The signed adapter.") Path jar)
            throws IOException {
        if ((certificates == null) != askServer) {
            throw Failure.usage("it is not said whom to trust", "Use either --certificate FILE or --server.");
        }
        Inspection.Passed passed = ArtifactChecks.check(jar, trusted(certificates));
        session.output().fields(answer(passed), DEFINITION.toArray(Column[]::new));
        return Exit.OK;
    }

    @Command(
            description = {
                "Runs the conformance kit of its type on a packed adapter, against the outside system that a file describes.",
                "The adapter's code runs on this machine, in a process of its own. Exit code 5 when a test fails."
            })
    int test(
            @Option(
                            names = "--peer",
                            required = true,
                            paramLabel = "FILE",
                            description = "Describes the outside system, in YAML.")
                    Path peer,
            @Option(
                            names = "--result",
                            paramLabel = "FILE",
                            description = "Where the result goes; JAR with the ending -kit.json when left out.")
                    @Nullable
                    Path result,
            @Option(
                            names = "--minutes",
                            paramLabel = "N",
                            defaultValue = "30",
                            description = "Ends the run after so long (30).")
                    int minutes,
            @Parameters(paramLabel = "JAR", description = "The adapter, packed; sign it before, its digest changes.")
                    Path jar)
            throws IOException {
        Path target = result == null ? named(jar, "-kit.json") : result;
        JsonNode report = KitProcess.of(System.getProperty("maestro.home"))
                .run(jar, peer, Duration.ofMinutes(minutes), session.terminal().err());
        Files.writeString(target, report.toPrettyString() + "\n", StandardCharsets.UTF_8);
        session.output().fields(summary(report).put("file", target.toString()), KIT_RESULT.toArray(Column[]::new));
        return report.path("passed").asBoolean() ? Exit.OK : Exit.ARTIFACT;
    }

    @Command(
            name = "sign-result",
            description = {
                "Signs a result of maestro adapter test: that you ran the kit, and this came out.",
                "A command of its own, so that no key is near while somebody's code runs."
            })
    int signResult(
            @Mixin KeyOptions key,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "The signed result; RESULT itself when left out.")
                    @Nullable
                    Path output,
            @Parameters(paramLabel = "RESULT", description = "The result as it was written.") Path result)
            throws IOException {
        ObjectNode signed = KitResults.sign(result, key.read(session.terminal()));
        Path target = output == null ? result : output;
        Files.writeString(target, signed.toPrettyString() + "\n", StandardCharsets.UTF_8);
        session.output()
                .done(JsonNodeFactory.instance.objectNode().put("file", target.toString()), "Signed " + target + ".");
        return Exit.OK;
    }

    @Command(
            name = "test-result",
            description = {
                "Checks a signed result of maestro adapter test: whose it is, and that it is of this jar.",
                "Exit code 5 when it does not hold, or tells of a test that failed."
            })
    int testResult(
            @Option(
                            names = "--certificate",
                            required = true,
                            paramLabel = "FILE",
                            description = "The certificate of who ran the kit, in PEM form.")
                    Path certificate,
            @Parameters(paramLabel = "RESULT", description = "The signed result.") Path result,
            @Parameters(paramLabel = "JAR", description = "The adapter.") Path jar)
            throws IOException {
        JsonNode report = KitResults.verified(
                result,
                Certificates.parse(Files.readString(certificate, StandardCharsets.UTF_8), Instant.now()),
                KitProcess.digest(jar));
        session.output().fields(summary(report).put("file", result.toString()), KIT_RESULT.toArray(Column[]::new));
        return report.path("passed").asBoolean() ? Exit.OK : Exit.ARTIFACT;
    }

    private static ObjectNode summary(JsonNode report) {
        ObjectNode summary = JsonNodeFactory.instance.objectNode();
        for (String name : List.of("adapter", "digest", "type", "contractVersion", "peer", "endedAt", "passed")) {
            summary.set(name, report.path(name));
        }
        int passed = 0;
        var failed = summary.putArray("failed");
        for (JsonNode test : report.path("tests")) {
            switch (test.path("outcome").asText()) {
                case "PASSED" -> passed++;
                case "FAILED" -> failed.add(test.path("name"));
                default -> {
                    // stands in notTried
                }
            }
        }
        summary.put("passedTests", passed);
        summary.put("failedTests", failed.size());
        summary.set("notTried", report.path("notTried"));
        return summary;
    }

    @Command(description = "Uploads a signed adapter. Exit code 5 when the server refuses the artifact.")
    int install(@Mixin PlanOptions plan, @Parameters(paramLabel = "JAR", description = "The signed adapter.") Path jar)
            throws FileNotFoundException {
        try (Server server = session.server()) {
            JsonNode definition = server.upload(
                    "POST", plan.path("/adapters"), BodyPublishers.ofFile(jar), "application/java-archive");
            if (plan.dry()) {
                return PlanOptions.show(session.output(), definition);
            }
            session.output().fields(definition, DEFINITION.toArray(Column[]::new));
            return Exit.OK;
        } catch (Failure e) {
            // the server judged the artifact, rather than the caller; of a plan that has changed it says nothing
            boolean judged = e.exit() == Exit.REFUSED
                    && e.problem().path("status").asInt() / 100 == 4
                    && !e.problem().path("code").asText().equals("plan-changed");
            throw judged ? Failure.of(Exit.ARTIFACT, e.problem()) : e;
        }
    }

    @Command(description = "Shows one definition, and what its configuration takes.")
    int get(@Parameters(paramLabel = "NAME@VERSION", description = "The definition.") String adapter) {
        DefinitionId id = DefinitionId.parse(adapter);
        try (Server server = session.server()) {
            JsonNode definition = server.get("/adapters/" + id.name() + "/" + id.version());
            session.output().fields(definition, DEFINITION.toArray(Column[]::new));
            if (!session.json()) {
                session.output()
                        .table(
                                settings(definition.path("configurationSchema")),
                                Column.of("CONFIGURATION", "/name"),
                                Column.of("TYPE", "/type"),
                                Column.of("REQUIRED", "/required"),
                                Column.of("GIVEN WITH", "/option"),
                                Column.of("DESCRIPTION", "/description"));
            }
        }
        return Exit.OK;
    }

    /** The properties of a schema as a list; what is written only is a secret. */
    private static ObjectNode settings(JsonNode schema) {
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        var items = list.putArray("items");
        for (var property : schema.path("properties").properties()) {
            boolean required = false;
            for (JsonNode name : schema.path("required")) {
                required |= name.asText().equals(property.getKey());
            }
            ObjectNode item = items.addObject();
            item.put("name", property.getKey());
            item.put("required", required ? "yes" : "no");
            item.put("option", property.getValue().path("writeOnly").asBoolean() ? "--secret" : "--set");
            item.set("type", property.getValue().path("type"));
            item.set("description", property.getValue().path("description"));
        }
        return list;
    }

    @Command(description = "Lists definitions, or with --quarantined the refused artifacts.")
    int list(
            @Option(names = "--name", paramLabel = "NAME", description = "Only this adapter.") @Nullable String name,
            @Option(names = "--type", paramLabel = "TYPE", description = "Only of this adapter type.") @Nullable
                    String type,
            @Option(names = "--publisher", paramLabel = "NAME", description = "Only what this publisher signed.")
                    @Nullable
                    String publisher,
            @Option(names = "--risk", paramLabel = "RISK", description = "Only low, medium or high.") @Nullable
                    String risk,
            @Option(names = "--owner", paramLabel = "TEXT", description = "Only owners that begin with it.") @Nullable
                    String owner,
            @Option(names = "--newest", description = "Only the newest version of each.") boolean newest,
            @Option(names = "--pre-releases", description = "The newest may be a pre-release.") boolean preReleases,
            @Option(
                            names = "--sort",
                            paramLabel = "KEY",
                            description = "name or createdAt; with a hyphen before it the other way round (name).")
                    @Nullable
                    String sort,
            @Option(names = "--quarantined", description = "Refused artifacts with cause and fix, newest first.")
                    boolean quarantined,
            @Mixin ListOptions options) {
        try (Server server = session.server()) {
            Output output = session.output();
            if (quarantined) {
                output.table(
                        server.list("/quarantine", options.limit()),
                        Column.of("REFUSED", "/refusedAt"),
                        Column.of("SOURCE", "/source"),
                        Column.of("ADAPTER", "/name"),
                        Column.of("VERSION", "/version"),
                        Column.of("CODE", "/problem/code"),
                        Column.of("CAUSE", "/problem/detail"));
            } else {
                Filter filter = Filter.of("/adapters")
                        .with("name", name == null ? null : new AdapterName(name))
                        .with("type", type == null ? null : new TypeName(type))
                        .with("publisher", publisher == null ? null : new PublisherName(publisher))
                        .with("risk", risk)
                        .with("owner", owner)
                        .flag("newest", newest)
                        .flag("preReleases", preReleases)
                        .with("sort", sort);
                output.table(
                        server.list(filter.toString(), options.limit()),
                        Column.of("ADAPTER", "/id"),
                        Column.of("TYPE", "/type"),
                        Column.of("PUBLISHER", "/publisher"),
                        Column.of("RISK", "/risk/level"),
                        Column.of("INSTALLED", "/createdAt"));
            }
        }
        return Exit.OK;
    }

    @Command(description = "Lists the adapter types with their operations.")
    int types() {
        try (Server server = session.server()) {
            JsonNode types = server.get("/adapter-types");
            ObjectNode people = JsonNodeFactory.instance.objectNode();
            var items = people.putArray("items");
            for (JsonNode type : types.path("items")) {
                ObjectNode item = items.addObject();
                item.set("name", type.path("name"));
                item.set("contractVersion", type.path("contractVersion"));
                var operations = item.putArray("operations");
                type.path("operations").forEach(operation -> operations.add(operation.path("name")));
            }
            session.output()
                    .tableOf(
                            types,
                            people,
                            Column.of("TYPE", "/name"),
                            Column.of("CONTRACT", "/contractVersion"),
                            Column.of("OPERATIONS", "/operations"));
        }
        return Exit.OK;
    }

    @Command(description = "Lists definitions that have a newer version.")
    int outdated(
            @Option(names = "--pre-releases", description = "A pre-release counts as newer.") boolean preReleases,
            @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(
                                    Filter.of("/adapters/outdated")
                                            .flag("preReleases", preReleases)
                                            .toString(),
                                    options.limit()),
                            Column.of("ADAPTER", "/adapter"),
                            Column.of("NEWEST", "/newest"));
        }
        return Exit.OK;
    }

    @Command(description = "Lists the instances of a definition; within a tenant only the tenant's own.")
    int instances(
            @Mixin ListOptions options,
            @Parameters(paramLabel = "NAME@VERSION", description = "The definition.") String adapter) {
        DefinitionId id = DefinitionId.parse(adapter);
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list("/adapters/" + id.name() + "/" + id.version() + "/instances", options.limit()),
                            Column.of("TENANT", "/tenant"),
                            Column.of("ENVIRONMENT", "/environment"),
                            Column.of("INSTANCE", "/id"),
                            Column.of("WANTED", "/wanted"),
                            Column.of("OBSERVED", "/observed"));
        }
        return Exit.OK;
    }

    @Command(description = "Uninstalls a definition that no instance is of; as the same bytes it can come back.")
    int uninstall(
            @Mixin PlanOptions plan,
            @Parameters(paramLabel = "NAME@VERSION", description = "The definition.") String adapter) {
        DefinitionId id = DefinitionId.parse(adapter);
        try (Server server = session.server()) {
            JsonNode answer = server.deletion(plan.path("/adapters/" + id.name() + "/" + id.version()));
            if (plan.dry()) {
                return PlanOptions.show(session.output(), answer);
            }
            session.output()
                    .done(
                            JsonNodeFactory.instance.objectNode().put("uninstalled", id.toString()),
                            "Uninstalled " + id + ".");
        }
        return Exit.OK;
    }

    @Command(
            name = "wait",
            description = {
                "Waits for a definition to be installed, for example after a jar was copied into the drop folder.",
                "Exit code 5 when it was refused, 1 when it did not come."
            })
    int await(
            @Option(names = "--seconds", paramLabel = "N", defaultValue = "30", description = "Wait so long (30).")
                    int seconds,
            @Parameters(paramLabel = "NAME@VERSION", description = "The definition.") String adapter) {
        DefinitionId id = DefinitionId.parse(adapter);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        try (Server server = session.server()) {
            while (true) {
                try {
                    JsonNode definition = server.get("/adapters/" + id.name() + "/" + id.version());
                    session.output().fields(definition, DEFINITION.toArray(Column[]::new));
                    return Exit.OK;
                } catch (Failure missing) {
                    if (!missing.problem().path("code").asText().equals("definition-unknown")) {
                        throw missing;
                    }
                    if (System.nanoTime() >= end) {
                        throw refusal(server, id, missing);
                    }
                }
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.unreachable("interrupted", e);
        }
    }

    /** Why it is not there: the latest refusal of it, else that it is unknown. */
    private static Failure refusal(Server server, DefinitionId id, Failure missing) {
        for (JsonNode refused : server.list("/quarantine", LATEST).path("items")) {
            if (refused.path("name").asText().equals(id.name().value())
                    && refused.path("version").asText().equals(id.version().value())) {
                return Failure.of(Exit.ARTIFACT, refused.path("problem"));
            }
        }
        return missing;
    }

    private KeyLookup trusted(@Nullable List<Path> certificates) throws IOException {
        if (certificates != null) {
            return ArtifactChecks.trusting(certificates);
        }
        try (Server server = session.server()) {
            return ArtifactChecks.trusting(server);
        }
    }

    private static ObjectNode answer(Inspection.Passed passed) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("id", passed.manifest().id().toString());
        answer.put("name", passed.manifest().id().name().value());
        answer.put("version", passed.manifest().id().version().value());
        answer.put("type", passed.manifest().type().value());
        answer.put("description", passed.manifest().description());
        answer.put("publisher", passed.publisher().value());
        answer.put("key", passed.key().toString());
        answer.put("digest", passed.digest().toString());
        answer.put("size", passed.size());
        return answer;
    }

    private static Path signedName(Path jar) {
        return named(jar, "-signed.jar");
    }

    private static Path named(Path jar, String ending) {
        String name = String.valueOf(jar.getFileName());
        String base = name.endsWith(".jar") ? name.substring(0, name.length() - ".jar".length()) : name;
        return jar.resolveSibling(base + ending);
    }
}
