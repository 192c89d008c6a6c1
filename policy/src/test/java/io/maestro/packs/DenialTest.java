package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people read when something is refused. Each case is a question with the settings, and beside it the text; after a
 * change, {@code -Dpolicy.update=true} writes the texts anew, to be read in the difference.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DenialTest {
    static final Path FOLDER = Path.of("src/test/resources/denials");
    private static final int LONGEST_MESSAGE = 200;

    private final Packs packs = Packs.atWork();
    private final Schemas schemas = new Schemas();

    static List<String> cases() {
        return Packs.files(FOLDER, ".json").stream()
                .map(file -> file.getFileName().toString().replace(".json", ""))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsWell(String name) throws IOException {
        Path text = FOLDER.resolve(name + ".txt");
        Answer answer = answer(name);
        if (Packs.UPDATE) {
            Files.writeString(text, answer.shown());
        }

        assertThat(text).hasContent(answer.shown());
        assertThat(answer.allowed() && !answer.waits()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isAskedAndAnsweredInTheAgreedForm(String name) {
        JsonNode one = read(name);

        assertThat(schemas.ofInput(one.required("input"))).isEmpty();
        assertThat(schemas.of("urn:maestro:policy:settings:1.0", one.required("settings")))
                .isEmpty();
        assertThat(answer(name).reasons())
                .allSatisfy(reason -> assertThat(schemas.of("urn:maestro:policy:reason:1.0", reason))
                        .isEmpty());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void isOneSentence(String name) {
        assertThat(answer(name).reasons())
                .allSatisfy(reason -> assertThat(reason.path("message").textValue())
                        .hasSizeLessThan(LONGEST_MESSAGE)
                        .doesNotEndWith(".")
                        .doesNotContain(". ", "!", "null", "undefined", "%"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void namesRuleFactsAndFix(String name) {
        assertThat(answer(name).reasons()).isNotEmpty().allSatisfy(reason -> {
            assertThat(reason.path("rule").textValue()).matches("[a-z][a-z-]+");
            assertThat(reason.path("facts").isObject()).isTrue();
            assertThat(reason.path("facts")).isNotEmpty();
            assertThat(reason.path("remediation").textValue()).isNotBlank().endsWith(".");
        });
    }

    @Test
    void thereAreThirty() {
        List<String> rules = cases().stream()
                .flatMap(name -> answer(name).reasons().stream())
                .map(reason -> reason.path("rule").textValue())
                .distinct()
                .toList();

        assertThat(cases()).hasSizeGreaterThanOrEqualTo(30);
        assertThat(rules).hasSizeGreaterThanOrEqualTo(30);
    }

    @Test
    void noTextIsLeftOver() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.filter(file -> file.toString().endsWith(".txt"))).hasSameSizeAs(cases());
        }
    }

    private Answer answer(String name) {
        JsonNode one = read(name);
        return packs.answer(one.required("input"), one.required("settings"));
    }

    private static JsonNode read(String name) {
        return Packs.json(Packs.read(FOLDER.resolve(name + ".json")));
    }
}
