package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import org.junit.jupiter.api.Test;

class ConfigurationsTest {
    private final Configurations configurations = new Configurations();

    @Test
    void acceptsWhatObeysTheSchema() {
        assertThat(configurations
                        .check(
                                new Json("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
                                        + "\"required\":[\"url\"],\"properties\":{\"url\":{\"format\":\"uri\"}}}"),
                                new Json("{\"url\":\"https://example.com/x\"}"))
                        .path("url")
                        .asText())
                .isEqualTo("https://example.com/x");
    }

    @Test
    void pointsAtMissingMistypedAndMisformedProperties() {
        Problem problem = refused(
                "{\"required\":[\"region\"],\"properties\":{\"url\":{\"type\":\"string\",\"format\":\"uri\"},"
                        + "\"n\":{\"properties\":{\"port\":{\"type\":\"integer\"}}}}}",
                "{\"url\":\"not a uri\",\"n\":{\"port\":\"x\"}}");
        assertThat(problem.violations())
                .extracting(Violation::pointer)
                .containsExactlyInAnyOrder("/region", "/url", "/n/port");
    }

    @Test
    void loadsNoSchemaFromAnywhere() {
        for (String elsewhere :
                new String[] {"http://127.0.0.1:1/x.json", "file:///etc/passwd", "classpath:secret.json"}) {
            Problem problem = refused("{\"properties\":{\"a\":{\"$ref\":\"" + elsewhere + "\"}}}", "{\"a\":1}");
            assertThat(problem.detail()).contains("schema in the adapter's manifest");
        }
    }

    @Test
    void boundsSizeAndDepth() {
        assertThat(refused("{}", "{\"a\":\"" + "x".repeat(Configurations.LARGEST) + "\"}")
                        .detail())
                .contains("larger");
        assertThat(refused("{}", "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}")
                        .code())
                .isEqualTo("configuration-invalid");
        assertThat(refused("{}", "{\"a\":1,\"a\":2}").code()).isEqualTo("configuration-invalid");
        assertThat(refused("{}", "{} {}").code()).isEqualTo("configuration-invalid");
        assertThat(refused("{}", "{\"a\":\"\\ud800\"}").code()).isEqualTo("configuration-invalid");
    }

    @Test
    void givesUpAPatternThatBacktracksWithoutEnd() {
        Problem problem = refused(
                "{\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"^((a|a)+)+$\"}}}",
                "{\"a\":\"" + "a".repeat(26) + "!\"}");

        // without the bound it would be the text that is refused, after a long while
        assertThat(problem.detail()).contains("schema in the adapter's manifest");
    }

    private Problem refused(String schema, String configuration) {
        return catchThrowableOfType(
                        ProblemException.class, () -> configurations.check(new Json(schema), new Json(configuration)))
                .problem();
    }
}
