package io.maestro.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What every engine keeps. */
abstract class PolicyEngineContract {
    static final Instant NOW = Instant.parse("2026-05-05T05:05:05Z");

    /** What the engines under test know. */
    static final Map<String, String> MODULES = Map.of("install.rego", """
            package maestro.adapter.install

            default allow := false

            allow if input.operation == "echo"

            deny contains {"rule": "R-1", "message": sprintf("%s is no region of ours", [input.region])} if {
            	not input.region in data.settings.platform.regions
            }
            """, "odd.rego", """
            package maestro.odd

            endless := count([1 | some _ in numbers.range(1, 200000000)])

            large := concat("", [x | some _ in numbers.range(1, 30); x := input.big])

            conflict := 1 if input.a
            conflict := 2 if input.b
            """);

    /** The engine with {@link #MODULES}. */
    abstract PolicyEngine engine();

    private static ObjectValue object(String json) {
        return (ObjectValue) Json.read(json);
    }

    private static final ObjectValue SETTINGS = object("{\"settings\":{\"platform\":{\"regions\":[\"eu\"]}}}");

    @Test
    void givesTheDocument() throws EngineException {
        ObjectValue document = (ObjectValue) Objects.requireNonNull(engine().ask(
                        "maestro/adapter/install",
                        object("{\"operation\":\"echo\",\"region\":\"eu\"}"),
                        SETTINGS,
                        NOW));

        assertThat(document.get("allow")).isEqualTo(BoolValue.TRUE);
        assertThat(Objects.requireNonNull(document.get("deny")).json()).isEqualTo("[]");
    }

    @Test
    void givesWhatIsAgainstIt() throws EngineException {
        ObjectValue document = (ObjectValue) Objects.requireNonNull(
                engine().ask("maestro/adapter/install", object("{\"region\":\"us\"}"), SETTINGS, NOW));

        assertThat(document.get("allow")).isEqualTo(BoolValue.FALSE);
        assertThat(Objects.requireNonNull(document.get("deny")).json())
                .isEqualTo("[{\"message\":\"us is no region of ours\",\"rule\":\"R-1\"}]");
    }

    @Test
    void takesUpOtherData() throws EngineException {
        ObjectValue input = object("{\"region\":\"us\"}");
        PolicyEngine engine = engine();
        engine.ask("maestro/adapter/install", input, SETTINGS, NOW);

        ObjectValue document = (ObjectValue) Objects.requireNonNull(engine.ask(
                "maestro/adapter/install",
                input,
                object("{\"settings\":{\"platform\":{\"regions\":[\"eu\",\"us\"]}}}"),
                NOW));
        assertThat(Objects.requireNonNull(document.get("deny")).json()).isEqualTo("[]");
    }

    @Test
    void givesNothingForWhatIsUndefined() throws EngineException {
        assertThat(engine().ask("maestro/nothing/here", ObjectValue.EMPTY, SETTINGS, NOW))
                .isNull();
    }

    @Test
    void hasNoAnswerToWhatContradictsItself() {
        assertThatThrownBy(() -> engine().ask("maestro/odd/conflict", object("{\"a\":1,\"b\":2}"), SETTINGS, NOW))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void hasNoAnswerToWhatTakesTooLong() {
        assertThatThrownBy(() -> engine().ask("maestro/odd/endless", ObjectValue.EMPTY, SETTINGS, NOW))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void hasNoAnswerThatIsTooLarge() {
        ObjectValue input = object("{\"big\":\"" + "x".repeat(200_000) + "\"}");

        assertThatThrownBy(() -> engine().ask("maestro/odd/large", input, SETTINGS, NOW))
                .isInstanceOf(EngineException.class);
    }
}
