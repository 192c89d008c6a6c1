package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The policies of a server: which packs decide, and what was decided. They stand beside those of {@link PolicyCommands}. */
final class PolicyPackCommands {
    private static final List<Column> PACK = List.of(
            Column.of("Pack", "/name"),
            Column.of("Tenant", "/tenant"),
            Column.of("Built in", "/builtIn"),
            Column.of("Revision", "/active/revision"),
            Column.of("Digest", "/active/digest"),
            Column.of("Signed by", "/active/key"),
            Column.of("Tests", "/active/tests"),
            Column.of("Since", "/active/uploadedAt"),
            Column.of("By", "/active/uploadedBy"),
            Column.of("Refused at", "/lastRefused/at"));

    private static final String BUNDLE_END = ".tar.gz";

    private PolicyPackCommands() {}

    /** Puts them beside the others. */
    static CommandLine addTo(CommandLine policy, Session session) {
        return policy.addSubcommand("trust-key", new PolicyKeyCommands.Trust(session))
                .addSubcommand("keys", new PolicyKeyCommands.Keys(session))
                .addSubcommand("distrust-key", new PolicyKeyCommands.Distrust(session))
                .addSubcommand("push", new Push(session))
                .addSubcommand("rollback", new Rollback(session))
                .addSubcommand("remove", new Remove(session))
                .addSubcommand("list", new Packs(session))
                .addSubcommand("show", new Show(session))
                .addSubcommand("settings", new PolicySettingsCommands(session))
                .addSubcommand("mode", new PolicyModeCommands(session))
                .addSubcommand("decisions", new Decided(session))
                .addSubcommand("explain", new Explain(session));
    }

    /** Uploads a bundle. */
    @Command(
            description = {
                "Uploads a signed bundle. The server verifies it and runs its tests before it decides anything.",
                "Exit code 5 when it is refused; then the revision before goes on deciding."
            })
    static final class Push implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Mixin
        private PlanOptions plan = new PlanOptions();

        @Option(
                names = {"-n", "--name"},
                paramLabel = "NAME",
                description = "The pack; without it, the name of the file without .tar.gz.")
        private @Nullable String name;

        @Parameters(paramLabel = "BUNDLE", description = "A signed bundle.")
        private Path bundle = Path.of("");

        Push(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() throws FileNotFoundException {
            String pack = name == null ? nameOf(bundle) : name;
            try (Server server = session.server()) {
                JsonNode pushed = server.upload(
                        "PUT", plan.path(paths.pack(pack)), BodyPublishers.ofFile(bundle), "application/gzip");
                if (plan.dry()) {
                    return PlanOptions.show(session.output(), pushed);
                }
                session.output().fields(pushed, PACK.toArray(Column[]::new));
                return Exit.OK;
            } catch (Failure e) {
                // the server judged the bundle, rather than the caller
                throw e.problem().path("code").asText().equals("policy-pack-refused")
                        ? Failure.of(Exit.ARTIFACT, e.problem())
                        : e;
            }
        }

        private static String nameOf(Path bundle) {
            String file = String.valueOf(bundle.getFileName());
            return file.endsWith(BUNDLE_END) ? file.substring(0, file.length() - BUNDLE_END.length()) : file;
        }
    }

    /** Goes back. */
    @Command(description = "Has an older revision decide again.")
    static final class Rollback implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Mixin
        private PlanOptions plan = new PlanOptions();

        @Option(names = "--revision", paramLabel = "REVISION", description = "Which; without it, the one before.")
        private @Nullable String revision;

        @Parameters(paramLabel = "NAME", description = "The pack.")
        private String name = "";

        Rollback(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ObjectNode wanted = JsonNodeFactory.instance.objectNode();
            if (revision != null) {
                wanted.put("revision", revision);
            }
            try (Server server = session.server()) {
                JsonNode pack = server.post(plan.path(paths.pack(name) + "/rollback"), wanted);
                if (plan.dry()) {
                    return PlanOptions.show(session.output(), pack);
                }
                session.output().fields(pack, PACK.toArray(Column[]::new));
            }
            return Exit.OK;
        }
    }

    /** Takes away. */
    @Command(
            description = {
                "Takes a pack away with all its revisions; what it forbade is no longer forbidden.",
                "Of the pack maestro, what was uploaded goes, and the built-in one decides again."
            })
    static final class Remove implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Mixin
        private PlanOptions plan = new PlanOptions();

        @Parameters(paramLabel = "NAME", description = "The pack.")
        private String name = "";

        Remove(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            try (Server server = session.server()) {
                JsonNode answer = server.deletion(plan.path(paths.pack(name)));
                if (plan.dry()) {
                    return PlanOptions.show(session.output(), answer);
                }
                session.output()
                        .done(
                                JsonNodeFactory.instance.objectNode().put("removed", name),
                                "The pack " + name + " decides no more.");
            }
            return Exit.OK;
        }
    }

    /** Lists packs. */
    @Command(description = "Lists packs with the revisions that decide.")
    static final class Packs implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        Packs(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            try (Server server = session.server()) {
                session.output()
                        .table(
                                server.get(paths.packs()),
                                Column.of("PACK", "/name"),
                                Column.of("BUILT IN", "/builtIn"),
                                Column.of("REVISION", "/active/revision"),
                                Column.of("SINCE", "/active/uploadedAt"),
                                Column.of("BY", "/active/uploadedBy"),
                                Column.of("LAST REFUSED", "/lastRefused/problem/detail"));
            }
            return Exit.OK;
        }
    }

    /** Shows a pack. */
    @Command(description = "Shows a pack, the revisions to go back to, and why its newest bundle was refused.")
    static final class Show implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Parameters(paramLabel = "NAME", description = "The pack.")
        private String name = "";

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            JsonNode pack;
            try (Server server = session.server()) {
                pack = server.get(paths.pack(name));
            }
            Output output = session.output();
            output.fields(pack, PACK.toArray(Column[]::new));
            if (!session.json()) {
                kept(output, pack.path("revisions"));
                if (pack.path("lastRefused").path("problem").isObject()) {
                    output.problem(pack.path("lastRefused").path("problem"));
                }
            }
            return Exit.OK;
        }

        private static void kept(Output output, JsonNode revisions) {
            if (revisions.isEmpty()) {
                return;
            }
            ObjectNode kept = JsonNodeFactory.instance.objectNode();
            kept.set("items", revisions);
            output.note("Kept to go back to:");
            output.table(
                    kept,
                    Column.of("REVISION", "/revision"),
                    Column.of("AT", "/uploadedAt"),
                    Column.of("BY", "/uploadedBy"),
                    Column.of("DIGEST", "/digest"));
        }
    }

    /** Lists decisions. */
    @Command(description = "Lists what was decided, newest first.")
    static final class Decided implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Option(names = "--entry-point", paramLabel = "NAME", description = "Only of it, as adapter/install.")
        private @Nullable String entryPoint;

        @Option(
                names = "--outcome",
                paramLabel = "OUTCOME",
                description = "Only these: allow, deny, approval, unavailable.")
        private @Nullable String outcome;

        @Option(names = "--rule", paramLabel = "RULE", description = "Only where this rule is a reason.")
        private @Nullable String rule;

        @Option(names = "--actor", paramLabel = "ID", description = "Only what this principal asked.")
        private @Nullable String actor;

        @Option(names = "--execution", paramLabel = "ID", description = "Only of this request, by its correlation id.")
        private @Nullable String execution;

        @Mixin
        private ListOptions options = new ListOptions();

        Decided(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            Filter filter = Filter.of(paths.decisions())
                    .with("path", entryPoint)
                    .with("outcome", outcome)
                    .with("rule", rule)
                    .with("actor", actor)
                    .with("correlationId", execution);
            try (Server server = session.server()) {
                session.output()
                        .table(
                                server.list(filter.toString(), options.limit()),
                                Column.of("AT", "/timestamp"),
                                Column.of("OUTCOME", "/result/outcome"),
                                Column.of("ENTRY POINT", "/path"),
                                Column.of("ACTION", "/action"),
                                Column.of("WHO", "/requested_by"),
                                Column.of("FIRST REASON", "/result/reasons/0/rule"),
                                Column.of("ID", "/decision_id"));
            }
            return Exit.OK;
        }
    }

    /** Tells why. */
    @Command(
            description =
                    "Tells why: the rules with file and line, what they read, and the least that would be allowed.")
    static final class Explain implements Callable<Integer> {
        private final Session session;

        @Mixin
        private PolicyPaths paths = new PolicyPaths();

        @Option(
                names = "--execution",
                paramLabel = "ID",
                description = "All decisions of a request, by its correlation id.")
        private @Nullable String execution;

        @Parameters(arity = "0..1", paramLabel = "DECISION", description = "The id as listed.")
        private @Nullable String decision;

        Explain(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            if ((execution == null) == (decision == null)) {
                throw Failure.usage("it is not said which decision", "Use either DECISION or --execution ID.");
            }
            Filter filter = Filter.of(paths.explain())
                    .with("decisionId", decision == null ? null : id(decision))
                    .with("executionId", execution);
            try (Server server = session.server()) {
                PolicyAnswers.explain(session, server.get(filter.toString()));
            }
            return Exit.OK;
        }
    }

    /** An id as servers give them. */
    static UUID id(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage("\"" + Output.clean(text) + "\" is no id", "Copy it from a list or from a problem.");
        }
    }
}
