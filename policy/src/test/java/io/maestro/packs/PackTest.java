package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.rego.syntax.Formatter;
import io.maestro.rego.test.PolicyTests;
import io.maestro.rego.test.TestReport;
import io.maestro.rego.test.TestReport.Outcome;
import io.maestro.rego.value.ObjectValue;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The packs pass their own tests, which reach nearly all of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackTest {
    private static final double WANTED_COVERAGE = 95;

    private final TestReport report = PolicyTests.run(Packs.withTests(), Packs.question(ObjectValue.EMPTY));

    @Test
    void passesItsOwnTests() {
        assertThat(report.results())
                .hasSizeGreaterThan(200)
                .filteredOn(result -> result.outcome() != Outcome.PASSED)
                .isEmpty();
    }

    @Test
    void everyProfileHasASuite() {
        for (String profile : List.of("internal", "white-label", "hosted-saas")) {
            assertThat(report.results())
                    .filteredOn(result ->
                            result.at().file().equals("maestro/profiles/" + profile + "/simulation_test.rego"))
                    .as(profile)
                    .hasSizeGreaterThan(25);
        }
    }

    @Test
    void testsReachNearlyAllOfIt() {
        Map<String, TestReport.Coverage> missed = new java.util.TreeMap<>(report.coverage());
        missed.values().removeIf(coverage -> coverage.missed().isEmpty());
        missed.keySet().removeIf(file -> file.endsWith("_test.rego"));

        assertThat(report.percent()).as(missed.toString()).isGreaterThanOrEqualTo(WANTED_COVERAGE);
    }

    @Test
    void isWrittenInTheUsualWay() throws IOException {
        for (Map.Entry<String, String> source : Packs.sources().entrySet()) {
            String formatted = Formatter.format(source.getKey(), source.getValue());
            if (Packs.UPDATE) {
                Files.writeString(Packs.FOLDER.resolve(source.getKey()), formatted);
            } else {
                assertThat(source.getValue()).as(source.getKey()).isEqualTo(formatted);
            }
        }
    }

    @Test
    void everyFileLiesWhereItsPackageSays() {
        for (Map.Entry<String, String> source : Packs.sources().entrySet()) {
            String folder = source.getKey().replaceAll("(_test)?[.]rego$", "");
            String path = source.getValue()
                    .lines()
                    .filter(line -> line.startsWith("package "))
                    .findFirst()
                    .orElse("")
                    .replace("package ", "")
                    .replaceAll("\\[\"([^\"]+)\"]", ".$1")
                    .replaceAll("_test$", "")
                    .replace('.', '/');
            assertThat(path).isEqualTo(folder);
        }
    }

    @Test
    void manifestOwnsExactlyWhatIsThere() {
        JsonNode manifest = Packs.json(Packs.read(Packs.FOLDER.resolve("maestro/.manifest")));

        assertThat(manifest.path("roots")).hasToString("[\"maestro\"]");
        assertThat(manifest.path("rego_version").intValue()).isEqualTo(1);
        assertThat(manifest.path("revision").textValue()).matches("[0-9]+");
        assertThat(Packs.sources().keySet()).allMatch(file -> file.startsWith("maestro/"));
    }
}
