package io.maestro.packs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The suites that a running server simulates end to end, by the packs alone: so that it is known at once when one of them no
 * longer says what is expected. {@code -Dpolicy.update=true} writes the expectations anew, to be read in the difference.
 */
class SimulationSuiteTest {
    private static final Path FOLDER = Path.of("simulations");

    private final Packs packs = Packs.atWork();
    private final Schemas schemas = new Schemas();

    private static JsonNode read(String profile, String file) {
        return Packs.json(Packs.read(FOLDER.resolve(profile).resolve(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"internal", "white-label", "hosted-saas"})
    void saysWhatIsExpected(String profile) throws IOException {
        JsonNode inputs = read(profile, "inputs.json");
        JsonNode expected = read(profile, "expected.json");
        assertThat(inputs).hasSameSizeAs(expected).hasSizeGreaterThan(15);
        ArrayNode told = new JsonMapper().createArrayNode();
        for (int i = 0; i < inputs.size(); i++) {
            assertThat(schemas.ofInput(inputs.get(i))).as("%s %d", profile, i).isEmpty();
            told.add(told(expected.get(i).path("what").asText(), inputs.get(i), profile));
        }
        if (Packs.UPDATE) {
            Files.writeString(FOLDER.resolve(profile).resolve("expected.json"), told.toPrettyString() + "\n");
        }

        assertThat(read(profile, "expected.json")).isEqualTo(told);
    }

    private ObjectNode told(String what, JsonNode input, String profile) {
        Answer answer = packs.answer(input, Packs.json("{\"node\":{\"profile\":\"" + profile + "\"}}"));
        ObjectNode told = new JsonMapper().createObjectNode();
        told.put("what", what);
        told.put("outcome", answer.waits() ? "approval" : answer.allowed() ? "allow" : "deny");
        ArrayNode rules = told.putArray("rules");
        answer.reasons().forEach(reason -> rules.add(reason.path("rule").asText()));
        return told;
    }

    /** Otherwise three suites would be one. */
    @Test
    void tellTheProfilesApart() {
        List<String> all = new ArrayList<>();
        for (String profile : List.of("internal", "white-label", "hosted-saas")) {
            Set<String> outcomes = new LinkedHashSet<>();
            read(profile, "expected.json")
                    .forEach(one -> outcomes.add(one.path("outcome").asText()));
            assertThat(outcomes).as(profile).contains("allow", "deny");
            all.add(read(profile, "expected.json").toString());
        }
        assertThat(all).doesNotHaveDuplicates();
    }
}
