package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.rego.syntax.Annotation;
import io.maestro.rego.syntax.Module;
import io.maestro.rego.syntax.Parser;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every rule says what it is for, and every rule that gives reasons how to mend them. */
class AnnotationTest {
    private static final String GIVES_A_REASON = "rego.metadata.rule()";
    private static final int LONGEST_TITLE = 80;

    private final List<Module> modules = Packs.sources().entrySet().stream()
            .filter(source -> !source.getKey().endsWith("_test.rego"))
            .map(source -> Parser.module(source.getKey(), source.getValue()))
            .toList();

    @Test
    void everyPackageSaysWhatItIsFor() {
        for (Module module : modules) {
            assertThat(module.annotations()).as(module.file()).anySatisfy(annotation -> {
                assertThat(annotation.scope()).isEqualTo(Annotation.Scope.PACKAGE);
                assertSays(annotation);
            });
        }
    }

    @Test
    void everyRuleSaysWhatItIsFor() {
        for (Module module : modules) {
            for (Rule rule : module.rules()) {
                Annotation annotation = of(module, rule);
                assertThat(annotation).as(rule.at().toString()).isNotNull();
                assertSays(java.util.Objects.requireNonNull(annotation));
            }
        }
    }

    @Test
    void everyRuleThatGivesReasonsSaysHowToMendThem() {
        List<String> ids = new ArrayList<>();
        for (Module module : modules) {
            for (Annotation annotation : giving(module)) {
                String where = annotation.at().toString();
                ObjectValue custom = (ObjectValue) annotation.content().get("custom");
                assertThat(custom).as(where).isNotNull();
                ids.add(text(custom, "id"));
                assertThat(text(custom, "id")).as(where).matches("[a-z]+(-[a-z]+)+");
                assertThat(text(custom, "remediation"))
                        .as(where)
                        .matches("[A-Z].+[.]")
                        .hasSizeLessThan(200);
                assertThat(text(custom, "severity")).as(where).isIn("low", "medium", "high", "critical");
                assertThat(text(custom, "mode")).as(where).isIn("enforce", "warn", "shadow");
                assertThat(text(annotation.content(), "title"))
                        .as(where)
                        .hasSizeLessThan(LONGEST_TITLE)
                        .doesNotEndWith(".");
            }
        }
        assertThat(ids).hasSizeGreaterThan(50).doesNotHaveDuplicates();
    }

    @Test
    void rulesOfProfilesCarryItsName() {
        for (String profile : List.of("internal", "white-label", "hosted-saas")) {
            assertThat(modules)
                    .filteredOn(module -> module.file().startsWith("maestro/profiles/" + profile + "/"))
                    .flatMap(AnnotationTest::giving)
                    .isNotEmpty()
                    .allSatisfy(annotation -> assertThat(
                                    text((ObjectValue) annotation.content().get("custom"), "id"))
                            .startsWith(profile + "-"));
        }
    }

    @Test
    void whatAnnotationsSayIsWhatTheSchemasSay() {
        Set<String> entrypoints = modules.stream()
                .flatMap(module -> module.annotations().stream())
                .filter(annotation -> annotation.content().get("entrypoint") != null)
                .map(annotation -> String.join(
                        "/", annotation.path().subList(2, annotation.path().size() - 1)))
                .collect(java.util.stream.Collectors.toSet());

        assertThat(entrypoints).containsExactlyInAnyOrderElementsOf(new Schemas().entryPoints());
    }

    /** The annotations of the rules of a module whose text asks for their own annotation. */
    private static List<Annotation> giving(Module module) {
        List<String> lines =
                Packs.sources().getOrDefault(module.file(), "").lines().toList();
        List<Annotation> annotations = new ArrayList<>();
        for (Rule rule : module.rules()) {
            String text = String.join("\n", lines.subList(rule.at().row() - 1, rule.end()));
            if (text.contains(GIVES_A_REASON)) {
                annotations.add(java.util.Objects.requireNonNull(
                        ofRule(module, rule), rule.at().toString()));
            }
        }
        return annotations;
    }

    private static @Nullable Annotation of(Module module, Rule rule) {
        Annotation own = ofRule(module, rule);
        return own != null ? own : ofDocument(module, rule);
    }

    private static @Nullable Annotation ofRule(Module module, Rule rule) {
        return module.annotations().stream()
                .filter(annotation -> annotation.row() == rule.at().row())
                .findFirst()
                .orElse(null);
    }

    /** Definitions that belong together need one annotation; it stands above the first of them, or is said to be of the document. */
    private static @Nullable Annotation ofDocument(Module module, Rule rule) {
        return module.annotations().stream()
                .filter(annotation ->
                        annotation.scope() == Annotation.Scope.DOCUMENT || annotation.scope() == Annotation.Scope.RULE)
                .filter(annotation -> annotation.path().getLast().equals(rule.name()))
                .findFirst()
                .orElse(null);
    }

    private static void assertSays(Annotation annotation) {
        assertThat(text(annotation.content(), "title"))
                .as(annotation.at().toString())
                .isNotBlank();
        assertThat(text(annotation.content(), "description"))
                .as(annotation.at().toString())
                .matches("[A-Z](?s:.)+[.]");
    }

    private static String text(@Nullable ObjectValue object, String name) {
        Value value = object == null ? null : object.get(name);
        return value instanceof StringValue text ? text.value() : "";
    }
}
