package io.maestro.rego;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maestro.rego.error.RegoException;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.syntax.Formatter;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The cases of the original's own suite, where they are at hand: the system property {@code rego.conformance} names their
 * folder. What this engine does differently is listed by name in {@code conformance-exceptions.txt}.
 */
class ConformanceTest {
    private static final double WANTED = 0.98;

    /** One case with what came of it; the answer is null when there was an error. */
    private record Outcome(
            String category,
            String note,
            boolean right,
            @Nullable ArrayValue answer,
            @Nullable Value wanted,
            String shown) {
        String name() {
            return category + " | " + note;
        }

        /** Something was allowed that the original refuses: an answer where it has none, or true where it has false. */
        boolean isWrongAllow() {
            return !right
                    && answer != null
                    && answer.size() > 0
                    && (!(wanted instanceof ArrayValue bindings)
                            || bindings.size() == 0
                            || (answer.json().contains("true")
                                    && bindings.json().contains("false")));
        }
    }

    @Test
    void answersAsTheOriginalDoes() throws IOException {
        Path folder = Path.of(System.getProperty("rego.conformance", "none"), "cases");
        assumeTrue(Files.isDirectory(folder), "no conformance cases at " + folder);
        Set<String> listed = exceptions();
        List<Outcome> outcomes = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                outcomes.addAll(outcomes(file));
            }
        }
        assertThat(outcomes).hasSizeGreaterThan(1_000);

        assertThat(outcomes.stream().filter(Outcome::isWrongAllow))
                .as("wrong allows")
                .isEmpty();
        List<Outcome> inScope = outcomes.stream()
                .filter(outcome -> !listed.contains(outcome.category() + " | *"))
                .toList();
        Set<String> failed = new HashSet<>();
        inScope.stream().filter(outcome -> !outcome.right()).forEach(outcome -> failed.add(outcome.name()));
        assertThat(inScope.stream()
                        .filter(outcome -> !outcome.right() && !listed.contains(outcome.name()))
                        .map(outcome -> outcome.name() + " | " + outcome.shown()))
                .as("cases that fail and are not listed")
                .isEmpty();
        Set<String> stale = new HashSet<>(listed);
        stale.removeIf(name -> name.endsWith(" | *"));
        stale.removeAll(failed);
        assertThat(stale).as("cases that are listed and pass, or are not there").isEmpty();
        long right = inScope.stream().filter(Outcome::right).count();
        assertThat((double) right / inScope.size()).isGreaterThanOrEqualTo(WANTED);
    }

    @Test
    void formattedPoliciesStayAsTheyAre() throws IOException {
        Path folder = Path.of(System.getProperty("rego.conformance", "none"), "cases");
        assumeTrue(Files.isDirectory(folder), "no conformance cases at " + folder);
        Value document = Json.read(Files.readString(folder.resolve("withkeyword.json")));
        Value cases = document instanceof ObjectValue object ? object.get("cases") : document;
        for (Value each : (ArrayValue) Objects.requireNonNull(cases)) {
            for (Value module : (ArrayValue) Objects.requireNonNull(((ObjectValue) each).get("modules"))) {
                String once = Formatter.format("p.rego", ((StringValue) module).value());
                assertThat(Formatter.format("p.rego", once)).isEqualTo(once);
            }
        }
    }

    /** Lines of {@code category | note | reason}; a star stands for all of a category. */
    private static Set<String> exceptions() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(ConformanceTest.class.getResourceAsStream("conformance-exceptions.txt"))) {
            Set<String> names = new HashSet<>();
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank() && !line.startsWith("#")) {
                    String[] parts = line.split(" \\| ", 3);
                    assertThat(parts).as(line).hasSize(3);
                    names.add(parts[0] + " | " + parts[1]);
                }
            }
            return names;
        }
    }

    private static List<Outcome> outcomes(Path file) {
        String category = file.getFileName().toString().replace(".json", "");
        try {
            Value document = Json.read(Files.readString(file));
            Value cases = document instanceof ObjectValue object ? object.get("cases") : document;
            List<Outcome> outcomes = new ArrayList<>();
            for (Value each : (ArrayValue) Objects.requireNonNull(cases)) {
                outcomes.add(outcome(category, (ObjectValue) each));
            }
            return outcomes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome outcome(String category, ObjectValue given) {
        String note = text(given, "note");
        Value wanted = given.get("want_result");
        try {
            ArrayValue answer = answer(given);
            boolean right = wanted instanceof ArrayValue bindings && same(bindings, answer, given);
            return new Outcome(category, note, right, answer, wanted, answer.json());
        } catch (RegoException e) {
            Value code = given.get("want_error_code");
            boolean right = (wanted == null || given.get("want_error") != null)
                    && (code == null || code.equals(StringValue.of(e.code().code())));
            return new Outcome(category, note, right, null, wanted, String.valueOf(e.getMessage()));
        }
    }

    private static String text(ObjectValue object, String member) {
        return ((StringValue) Objects.requireNonNull(object.get(member))).value();
    }

    private static ArrayValue answer(ObjectValue given) {
        Map<String, String> sources = new HashMap<>();
        for (Value module : (ArrayValue) Objects.requireNonNull(given.get("modules"))) {
            sources.put("module" + sources.size() + ".rego", ((StringValue) module).value());
        }
        Policy policy = Rego.compile(sources, Capabilities.standard());
        Question question = Question.at(Instant.parse("2026-01-01T12:00:00Z"))
                .withBudget(Budget.STANDARD.withTime(Duration.ofMinutes(1)))
                .withInput(given.get("input"));
        if (given.get("data") instanceof ObjectValue data) {
            question = question.withData(data);
        }
        if (given.get("input_term") instanceof StringValue term) {
            question = question.withInput(policy.query("x = " + term.value())
                    .answers(question)
                    .getFirst()
                    .get("x"));
        }
        if (BoolValue.TRUE.equals(given.get("strict_error"))) {
            question = question.strictly();
        }
        List<Value> answers = new ArrayList<>();
        for (Map<String, Value> bindings : policy.query(text(given, "query")).answers(question)) {
            Map<Value, Value> members = new HashMap<>();
            bindings.forEach((name, value) -> members.put(StringValue.of(name), value));
            answers.add(Json.read(ObjectValue.keeping(members).json()));
        }
        return ArrayValue.keeping(answers);
    }

    private static boolean same(ArrayValue wanted, ArrayValue answer, ObjectValue given) {
        boolean unordered = BoolValue.TRUE.equals(given.get("sort_bindings"));
        return sorted(wanted, unordered).equals(sorted(answer, unordered));
    }

    /** Bindings come in any order; where the case says so, so do the arrays in them. */
    private static ArrayValue sorted(ArrayValue bindings, boolean deep) {
        List<Value> members = new ArrayList<>();
        bindings.forEach(each -> members.add(deep ? deeplySorted(each) : each));
        Collections.sort(members);
        return ArrayValue.keeping(members);
    }

    private static Value deeplySorted(Value value) {
        return switch (value) {
            case ArrayValue array -> sorted(array, true);
            case ObjectValue object -> {
                Map<Value, Value> members = new HashMap<>();
                object.members().forEach((key, member) -> members.put(key, deeplySorted(member)));
                yield ObjectValue.keeping(members);
            }
            default -> value;
        };
    }
}
