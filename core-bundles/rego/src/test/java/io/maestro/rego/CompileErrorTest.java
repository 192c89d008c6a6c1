package io.maestro.rego;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.rego.error.RegoException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an author is told: the cases stand in {@code compile-errors.txt}, each a policy and below it its errors. */
class CompileErrorTest {
    record Case(String name, String policy, List<String> errors) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(CompileErrorTest.class.getResourceAsStream("compile-errors.txt"))) {
            List<Case> cases = new ArrayList<>();
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String block : text.split("(?m)^=== ", -1)) {
                if (block.isBlank() || block.startsWith("#")) {
                    continue;
                }
                List<String> lines = block.lines().toList();
                int mark = lines.indexOf("---");
                cases.add(new Case(
                        lines.getFirst(),
                        lines.subList(1, mark).stream().collect(Collectors.joining("\n", "", "\n")),
                        lines.subList(mark + 1, lines.size()).stream()
                                .filter(line -> !line.isBlank())
                                .toList()));
            }
            return cases.stream();
        }
    }

    @Test
    void thereAreManyAndEachHasItsName() throws IOException {
        List<String> names = cases().map(Case::name).toList();
        assertThat(names).hasSizeGreaterThanOrEqualTo(150).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void saysWhatIsWrongAndWhere(Case each) {
        RegoException thrown = catchThrowableOfType(
                RegoException.class, () -> Rego.compile(Map.of("p.rego", each.policy()), Capabilities.standard()));

        assertThat(thrown).as("a policy that must not compile").isNotNull();
        assertThat(thrown.errors().stream().map(Object::toString)).containsExactlyElementsOf(each.errors());
    }
}
