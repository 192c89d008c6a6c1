package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.rego.value.ObjectValue;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The schemas and the packs speak of the same things. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemaTest {
    private final Schemas schemas = new Schemas();

    @Test
    void everyEntryPointHasASchemaAndADocument() {
        List<String> paths = Packs.atWork().paths();

        for (String entryPoint : schemas.entryPoints()) {
            assertThat(schemas.ids()).contains("urn:maestro:policy:input:1.0:" + entryPoint.replace('/', ':'));
            assertThat(paths).contains("maestro/" + entryPoint + "/allow", "maestro/" + entryPoint + "/deny");
        }
        // beside those: the common form, the settings, and a reason
        assertThat(schemas.ids()).hasSize(schemas.entryPoints().size() + 3);
    }

    @Test
    void whatThePacksAreTestedWithIsValid() {
        ObjectValue nothing = ObjectValue.EMPTY;
        String fixtures = Objects.requireNonNull(
                        Packs.withTests().evaluate(List.of("maestro", "fixtures_test"), Packs.question(nothing)))
                .json();

        List<Map.Entry<String, JsonNode>> inputs = Packs.json(fixtures).properties().stream()
                .filter(fixture -> fixture.getValue().has("entryPoint"))
                .toList();
        assertThat(inputs)
                .extracting(fixture -> fixture.getValue().get("entryPoint").asText())
                .containsAll(schemas.entryPoints());
        assertThat(inputs)
                .allSatisfy(fixture -> assertThat(schemas.ofInput(fixture.getValue()))
                        .as(fixture.getKey())
                        .isEmpty());
    }

    @Test
    void refusesWhatIsNotAgreed() {
        ObjectNode input = (ObjectNode) Tour.questions().getFirst().input();
        assertThat(schemas.ofInput(input)).isEmpty();

        assertThat(schemas.ofInput(input.deepCopy().put("password", "x"))).isNotEmpty();
        assertThat(schemas.ofInput((JsonNode) input.deepCopy().remove(List.of("principal"))))
                .isNotEmpty();
        assertThat(schemas.ofInput(input.deepCopy().put("entryPoint", "adapter/call")))
                .isNotEmpty();
        assertThat(schemas.of(
                        "urn:maestro:policy:settings:1.0", Packs.json("{\"platform\":{\"maxRisk\":\"extreme\"}}")))
                .isNotEmpty();
        assertThat(schemas.of(
                        "urn:maestro:policy:settings:1.0",
                        Packs.json("{\"tenants\":{\"acme\":{\"maxrisk\":\"low\"}}}")))
                .isNotEmpty();
    }
}
