package io.maestro.packs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.Rego;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The packs as they lie in the repository, asked as the server asks them. */
final class Packs {
    static final Path FOLDER = Path.of("packs");
    static final Path SCHEMAS = Path.of("schemas");
    static final boolean UPDATE = Boolean.getBoolean("policy.update");

    private static final JsonMapper JSON = new JsonMapper();

    private final Policy policy;

    private Packs(Policy policy) {
        this.policy = policy;
    }

    /** Without their tests, as the server runs them. */
    static Packs atWork() {
        Map<String, String> sources = sources();
        sources.keySet().removeIf(file -> file.endsWith("_test.rego"));
        return new Packs(compile(sources));
    }

    /** With their tests. */
    static Policy withTests() {
        return compile(sources());
    }

    private static Policy compile(Map<String, String> sources) {
        // whatever is given as deterministic is good for a tenant's pack too, and can be simulated
        return Rego.compile(sources, Capabilities.deterministic());
    }

    /** Text by file name, relative to {@link #FOLDER}. */
    static Map<String, String> sources() {
        Map<String, String> sources = new TreeMap<>();
        for (Path file : files(FOLDER, ".rego")) {
            sources.put(FOLDER.relativize(file).toString(), read(file));
        }
        return sources;
    }

    static List<Path> files(Path folder, String end) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Question question(ObjectValue data) {
        return Question.at(Instant.parse("2026-11-26T23:00:00Z")).withData(data).strictly();
    }

    /** What the document of the entry point says. */
    Answer answer(JsonNode input, JsonNode settings) {
        String path = "maestro/" + input.required("entryPoint").textValue();
        ObjectValue data = ObjectValue.of("settings", Json.read(settings.toString()));
        Value document =
                policy.evaluate(List.of(path.split("/", -1)), question(data).withInput(Json.read(input.toString())));
        return new Answer(json(Objects.requireNonNull(document, path).json()));
    }

    List<String> paths() {
        return policy.rules().stream()
                .map(rule -> String.join("/", rule.path()))
                .toList();
    }
}
