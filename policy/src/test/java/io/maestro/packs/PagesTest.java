package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Rego;
import io.maestro.rego.syntax.Annotation;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Parser;
import io.maestro.rego.test.PolicyTests;
import io.maestro.rego.test.TestReport;
import io.maestro.rego.test.TestReport.Outcome;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pages about policies say what the packs do. */
class PagesTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Pattern REGO = Pattern.compile("```rego\n(.*?)```", Pattern.DOTALL);

    @Test
    void pageOfRulesNamesThemAll() throws IOException {
        Path page = DOCS.resolve("reference/policy-rules.md");
        StringBuilder text = new StringBuilder("""
                # Policy rules

                The rules of the built-in pack, by the file they stand in. Generated from their annotations: `-Dpolicy.update=true` in
                [`policy`](../../policy/README.md) writes this page anew. `deny` refuses, `require_approval` waits for a second person.
                """);
        for (Map.Entry<String, String> source : Packs.sources().entrySet()) {
            if (!source.getKey().endsWith("_test.rego")) {
                text.append(rules(Parser.module(source.getKey(), source.getValue())));
            }
        }
        if (Packs.UPDATE) {
            Files.writeString(page, text);
        }

        assertThat(page).hasContent(text.toString());
    }

    private static String rules(Module module) {
        StringBuilder rows = new StringBuilder();
        for (Annotation annotation : module.annotations()) {
            if (annotation.content().get("custom") instanceof ObjectValue custom) {
                rows.append("| `%s` | `%s` | %s | %s | %s |\n"
                        .formatted(
                                text(custom.get("id")),
                                annotation.path().getLast(),
                                text(custom.get("mode")),
                                text(custom.get("severity")),
                                text(annotation.content().get("description"))));
            }
        }
        return rows.isEmpty()
                ? ""
                : "\n## `" + module.file() + "`\n\n| rule | in | mode | severity | what it wants |\n"
                        + "| --- | --- | --- | --- | --- |\n" + rows;
    }

    private static String text(@Nullable Value value) {
        return value instanceof StringValue text ? text.value() : "";
    }

    @Test
    void packOfTheHowToPassesItsTests() {
        Map<String, String> sources = new TreeMap<>();
        Matcher block = REGO.matcher(Packs.read(DOCS.resolve("how-to/policy-packs.md")));
        while (block.find()) {
            sources.put(sources.size() == 0 ? "install.rego" : "install_test.rego", block.group(1));
        }
        Policy policy = Rego.compile(sources, Capabilities.deterministic());
        TestReport report = PolicyTests.run(policy, Packs.question(ObjectValue.EMPTY));

        assertThat(sources).hasSize(2);
        assertThat(report.count(Outcome.PASSED)).isEqualTo(2);
        assertThat(report.passed()).isTrue();
        assertThat(report.percent()).isEqualTo(100);
    }
}
