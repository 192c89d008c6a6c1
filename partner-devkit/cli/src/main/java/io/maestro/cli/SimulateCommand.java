package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.cli.Output.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Tries a candidate on the server before it decides anything. */
@Command(
        description = {
            "Asks a server what a pack would decide if it were active. Changes nothing, and records nothing.",
            "Asks the inputs that are given, else what was asked last, and shows what would be decided otherwise."
        })
final class SimulateCommand implements Callable<Integer> {
    private static final String MANIFEST = ".manifest";
    private static final String BUNDLE_END = ".tar.gz";
    private static final JsonMapper JSON = new JsonMapper();

    private final Session session;

    @Mixin
    private PolicyPaths paths = new PolicyPaths();

    @Option(
            names = {"-m", "--manifest"},
            paramLabel = "MANIFEST",
            description = {
                "The pack: its folder, the .manifest in it, or a bundle that ends with .tar.gz.",
                "Without it, with --modes: the packs that are active."
            })
    private @Nullable Path manifest;

    @Option(
            names = {"-i", "--inputs"},
            paramLabel = "FILE",
            description = "One input or a list of them as JSON, each with its entryPoint; - for standard input.")
    private @Nullable String inputs;

    @Option(
            names = "--last",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Without inputs: ask the last N decisions again (1000).")
    private int last = 1000;

    @Option(
            names = {"-n", "--name"},
            paramLabel = "NAME",
            description = "The pack that it would replace; without it, the name of the folder or bundle.")
    private @Nullable String name;

    @Option(
            names = "--modes",
            paramLabel = "FILE",
            description = "Modes for packs and rules as JSON: {\"rules\": {\"R-1\": \"warn\"}}.")
    private @Nullable Path modes;

    SimulateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        if (last < 1) {
            throw Failure.usage("nothing is asked with --last " + last, "Ask at least one decision again.");
        }
        if (manifest == null && modes == null) {
            throw Failure.usage("it is not said what is to be tried", "Use --manifest MANIFEST, or --modes FILE.");
        }
        ObjectNode wanted = manifest == null ? JsonNodeFactory.instance.objectNode() : candidate(manifest);
        if (modes != null) {
            wanted.set("modes", json(modes.toString(), Files.readString(modes, UTF_8)));
        }
        if (inputs == null) {
            wanted.put("last", last);
        } else {
            wanted.set("inputs", list(inputs));
        }
        try (Server server = session.server()) {
            show(server.post(paths.simulate(), wanted));
        }
        return Exit.OK;
    }

    private ObjectNode candidate(Path pack) throws IOException {
        ObjectNode candidate = JsonNodeFactory.instance.objectNode();
        Path whole = pack.toAbsolutePath().normalize();
        String file = String.valueOf(whole.getFileName());
        if (file.endsWith(BUNDLE_END)) {
            candidate.put("pack", name(file.substring(0, file.length() - BUNDLE_END.length())));
            return candidate.put("bundle", Base64.getEncoder().encodeToString(Files.readAllBytes(pack)));
        }
        Path folder = file.equals(MANIFEST) ? whole.getParent() : whole;
        if (folder == null || !Files.isDirectory(folder)) {
            throw Failure.usage(
                    pack + " is no pack", "Name a folder, the .manifest in it, or a bundle that ends with .tar.gz.");
        }
        candidate.put("pack", name(String.valueOf(folder.getFileName())));
        byte[] bundle = PolicyBundles.archive(folder, null, List.of());
        return candidate.put("bundle", Base64.getEncoder().encodeToString(bundle));
    }

    private String name(String usual) {
        return PolicyPaths.name(name == null ? usual : name);
    }

    private ArrayNode list(String source) throws IOException {
        String text = source.equals("-")
                ? new String(session.terminal().in().readAllBytes(), UTF_8)
                : Files.readString(Path.of(source), UTF_8);
        JsonNode read = json(source, text);
        ArrayNode list = read instanceof ArrayNode array
                ? array
                : JsonNodeFactory.instance.arrayNode().add(read);
        if (list.isEmpty()) {
            throw Failure.usage("there is no input in " + source, "Write a list of inputs, or leave the option out.");
        }
        for (int i = 0; i < list.size(); i++) {
            if (!list.path(i).path("entryPoint").isTextual()) {
                throw Failure.usage(
                        "input " + i + " of " + source + " does not say what is asked",
                        "Write {\"entryPoint\": \"adapter/install\", …}.");
            }
        }
        return list;
    }

    private static JsonNode json(String source, String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw Failure.usage(
                    source + " is no JSON: " + Output.clean(String.valueOf(e.getOriginalMessage())),
                    "Check quotes, commas and braces.");
        }
    }

    private void show(JsonNode answer) {
        if (session.json()) {
            session.output().document(answer);
            return;
        }
        StringJoiner outcomes = new StringJoiner(", ");
        answer.path("outcomes")
                .properties()
                .forEach(outcome -> outcomes.add(outcome.getKey().toLowerCase(Locale.ROOT) + " "
                        + outcome.getValue().asText()));
        session.output()
                .done(
                        answer,
                        "Asked " + answer.path("asked").asInt() + ": " + outcomes + ". "
                                + answer.path("changed").asInt() + " would be decided otherwise.");
        if (answer.path("changes").isEmpty()) {
            return;
        }
        ObjectNode list = JsonNodeFactory.instance.objectNode();
        list.set("items", answer.path("changes"));
        session.output()
                .table(
                        list,
                        Column.of("PLACE", "/index"),
                        Column.of("ENTRY POINT", "/entryPoint"),
                        Column.of("BEFORE", "/before"),
                        Column.of("AFTER", "/after"),
                        Column.of("DECISION", "/decisionId"),
                        Column.of("RULE", "/reasons/0/rule"),
                        Column.of("WHY", "/reasons/0/message"));
    }
}
