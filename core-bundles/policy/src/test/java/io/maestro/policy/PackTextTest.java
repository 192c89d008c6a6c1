package io.maestro.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.rego.value.ObjectValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pack's text tells: whether its answers last, and where its rules are. */
final class PackTextTest {
    private static final String LIB = """
            package maestro.lib

            known if input.principal.id

            late if input.time > "2026"

            pick(x) := x.scope

            profiles.usual.deny contains "a" if input.operation == "b"

            profiles.usual.allow if input.time
            """;

    private static boolean lasts(String call) {
        String text = "package maestro.adapter.call\n\nimport data.maestro.lib\n\n" + call + "\n";
        return new PackText("maestro", "1", Map.of("call.rego", text, "lib.rego", LIB), ObjectValue.EMPTY)
                .isLasting(List.of("maestro", "adapter", "call"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow := true",
                "allow if input.operation",
                "allow if lib.known",
                "allow if object.get(input, \"operation\", \"\") == \"x\"",
                "allow if \"a\" in lib.profiles[input.scope.tenant].deny",
                "allow if data.maestro.lib.known\n\nunused := 1"
            })
    void seesThatAnAnswerLasts(String call) {
        assertThat(lasts(call)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow if input.time",
                "allow if input[\"time\"]",
                "allow if some x in input",
                "allow if input[input.operation]",
                "allow if lib.late",
                "allow if lib[input.operation]",
                "allow if lib.pick(input)",
                "allow if time.now_ns() > 1",
                "allow if io.jwt.decode_verify(input.operation, {\"secret\": \"s\"})[0]",
                "allow if not helper\n\nhelper if input.correlationId",
                "allow if object.get(input, input.operation, 1)",
                "allow if object.get(input, \"time\", 1)",
                "allow if count([x | x := input.approval]) > 0",
                "allow if every x in [1] { x < input.time }",
                "allow if lib.profiles[input.scope.tenant].allow",
                "allow if data.maestro.lib.known with input as input",
                "allow if f(1)\n\nf(x) if input.time",
                "import input as whole\n\nallow if whole.time"
            })
    void seesThatAnAnswerMayDifferEachTime(String call) {
        assertThat(lasts(call)).isFalse();
    }

    @Test
    void findsRulesByTheIdInTheirMetadata() {
        PackText text = new PackText("maestro", "1", OfficeOfTests.PACK, ObjectValue.EMPTY);
        PackText rules = BuiltIn.of(text.modules());

        assertThat(rules.places())
                .containsOnlyKeys("R-REGION", "R-RISK", "R-OLD")
                .extractingByKey("R-RISK")
                .satisfies(place -> {
                    assertThat(place.file()).isEqualTo("adapter/install.rego");
                    assertThat(place.inputs()).contains(List.of("adapter", "adapter_risk_level"));
                });
    }
}
