package io.maestro.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.model.Problem;
import io.maestro.model.Violation;
import io.maestro.testing.artifacts.AdapterJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestReaderTest {
    private static final String GOOD = AdapterJar.yaml("demo", "1.0.0");
    private static final String GREETING = "greeting: {type: string, minLength: 1, maxLength: 100, title: Greeting}";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: demo | name: Demo | /name",
                "version: 1.0.0 | version: 1.0 | /version",
                "contractVersion: \"1.0\" | contractVersion: 1.0 | /contractVersion",
                "owner: Maestro tests | owner: \"\" | /owner",
                "licence: Apache-2.0 | licence: yes! | /licence",
                "adapter_risk_level: low | adapter_risk_level: none | /risk/adapter_risk_level",
                "requires_approval: false | requires_approval: no | /risk/requires_approval",
                "additionalProperties: false | additionalProperties: true | /configuration/additionalProperties",
                "network: [] | network: ['http://x'] | /permissions/network/0",
                "network: [] | network: ['${missing}'] | /permissions/network/0",
                "files: false | files: 'false' | /permissions/files",
                "java: 25 | java: 26 | /runtime/java",
                "title: Greeting | minimum: x | /configuration/properties/greeting/minimum",
                "title: Greeting | $ref: 'https://evil.example/x' | /configuration/properties/greeting/$ref",
                "title: Greeting | $ref: '#' | /configuration/properties/greeting/$ref",
                "title: Greeting | $id: 'https://evil.example/x' | /configuration/properties/greeting/$id",
                "title: Greeting | $schema: 'https://json-schema.org/draft/2020-12/schema' | /configuration/properties/greeting/$schema",
                "title: Greeting | pattern: '(a+)+' | /configuration/properties/greeting/pattern",
                "title: Greeting | pattern: '(' | /configuration/properties/greeting/pattern",
                "{type: string, minLength: 8 | {type: integer, minLength: 8 | /configuration/properties/password/writeOnly",
            })
    void pointsAtWhatIsWrong(String good, String bad, String pointer) {
        assertThat(GOOD).contains(good);

        Problem problem = refuse(GOOD.replace(good, bad));

        assertThat(problem.code()).isEqualTo("manifest-invalid");
        assertThat(problem.violations()).extracting(Violation::pointer).contains(pointer);
    }

    @Test
    void missesEveryRequiredProperty() {
        Problem problem = refuse("name: demo\n");

        assertThat(problem.code()).isEqualTo("manifest-invalid");
        assertThat(problem.violations()).hasSize(10);
        assertThat(problem.violations()).extracting(Violation::detail).anyMatch(detail -> detail.contains("'version'"));
    }

    @Test
    void refusesUnknownProperties() {
        assertThat(refuse(GOOD + "surprise: 1\n").violations())
                .extracting(Violation::detail)
                .anyMatch(detail -> detail.contains("surprise"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a: &x 1\nb: *x\n",
                "a: !!java.net.URL [http://x]\n",
                "name: a\nname: b\n",
                "--- 1\n--- 2\n",
                "",
                "a: [1\n",
                "? [a]\n: b\n",
                "\u0007",
                "a: \"\\0\"\n",
                "a: \"\\ud800\"\n",
                "\"\\x1b\": a\n",
            })
    void refusesYamlThatIsMoreThanPlain(String yaml) {
        Problem problem = refuse(yaml);

        assertThat(problem.code()).isEqualTo("manifest-invalid");
        assertThat(problem.detail()).contains("line");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{from: '>=1.0.0 <2.0.0', steps: [{move: {from: /a, to: /b/c}}]}] | ",
                "[{from: '*', steps: [{set: {at: /a, value: 1}}, {remove: {at: /b}}]}] | ",
                "[{from: newer, steps: [{remove: {at: /b}}]}] | /migrations/0/from",
                "[{from: '*', steps: []}] | /migrations/0/steps",
                "[{from: '*', steps: [{remove: {at: b}}]}] | /migrations/0/steps/0/remove/at",
                "[{from: '*', steps: [{rename: {at: /b}}]}] | /migrations/0/steps/0",
            })
    void takesMigrationsThatCanBeRead(String migrations, @Nullable String place) {
        String manifest = GOOD + "migrations: " + migrations + "\n";
        if (place == null) {
            Bench bench = new Bench(folder);
            assertThat(bench.pass(AdapterJar.storage("demo", "1.0.0")
                                    .manifest(manifest)
                                    .signedBy(bench.trusted))
                            .manifest()
                            .document()
                            .text())
                    .contains("\"migrations\"");
        } else {
            assertThat(refuse(manifest).violations())
                    .extracting(Violation::pointer)
                    .contains(place);
        }
    }

    @Test
    void refusesADeepDocument() {
        assertThat(refuse("a: " + "[".repeat(50_000)).code()).isEqualTo("manifest-invalid");
    }

    @Test
    void refusesAnEnormousDocument() {
        assertThat(refuse(GOOD + "# " + "x".repeat(256 << 10)).code()).isEqualTo("manifest-invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "2.0", "0.9"})
    void refusesAContractThatThisServerDoesNotHave(String version) {
        Problem problem = refuse(GOOD.replace("\"1.0\"", "\"" + version + "\""));

        assertThat(problem.code()).isEqualTo("manifest-type-unknown");
        assertThat(problem.violations()).extracting(Violation::pointer).containsExactly("/contractVersion");
    }

    @Test
    void refusesPackagesBeyondTheAllowlist() {
        Problem problem = refuse(GOOD.replace("packages: []", "packages: [java.net, io.maestro.store]"));

        assertThat(problem.code()).isEqualTo("import-forbidden");
        assertThat(problem.violations()).extracting(Violation::pointer).containsExactly("/permissions/packages/1");
    }

    @Test
    void takesHostsFromTheConfigurationAndLocalDefinitions() throws IOException {
        Bench bench = new Bench(folder);
        String yaml = GOOD.replace("network: []", "network: ['${greeting}', '*.example.com', 'example.com:443']")
                .replace(GREETING, "greeting: {type: string, $ref: '#/$defs/text'}")
                .replace("  properties:\n", "  $defs: {text: {type: string, pattern: '^[a-z]+$'}}\n  properties:\n");
        assertThat(yaml).contains("$defs").contains("$ref");

        Files.delete(
                bench.pass(AdapterJar.storage("demo", "1.0.0").manifest(yaml).signedBy(bench.trusted))
                        .copy());
    }

    private Problem refuse(String yaml) {
        Bench bench = new Bench(folder);
        return bench.refuse(AdapterJar.storage("demo", "1.0.0").manifest(yaml).signedBy(bench.trusted));
    }
}
