package io.maestro.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProductClassesTest {
    private final JavaClasses product;
    private final JavaClasses counterExamples;

    ProductClassesTest() throws IOException {
        product = Reactor.here().productClasses();
        counterExamples = new ClassFileImporter()
                .withImportOption(location -> location.contains("/counterexample/"))
                .importPackages("io.maestro");
    }

    static Stream<ArchRule> rules() {
        return Rules.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void productKeepsTheRule(ArchRule rule) {
        rule.check(product);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void ruleFailsOnItsCounterExample(ArchRule rule) {
        assertThatThrownBy(() -> rule.check(counterExamples))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("was violated");
    }

    @Test
    void everyModuleWithSourcesWasSeen() throws IOException {
        Map<String, Long> seen = product.stream()
                .map(JavaClass::getPackageName)
                .flatMap(name -> Imports.part(name).stream())
                .collect(Collectors.groupingBy(part -> part, TreeMap::new, Collectors.counting()));
        assertThat(seen.keySet()).hasSameSizeAs(Reactor.here().productModules());
        assertThat(seen)
                .containsKeys("model", "adapter.spi", "api")
                .allSatisfy((part, count) -> assertThat(count).as(part).isGreaterThan(2));
        assertThat(product.size()).isGreaterThan(300);
    }
}
