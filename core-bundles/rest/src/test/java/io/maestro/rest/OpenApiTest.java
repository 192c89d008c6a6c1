package io.maestro.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.swagger.v3.oas.annotations.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checked-in description says what the code does. */
final class OpenApiTest {
    private static final Path CHECKED_IN = Path.of("../../docs/reference/openapi.json");

    @Test
    void describesTheApiAsItIs() throws IOException {
        String generated = new OpenApiDocument().text();
        if (Boolean.getBoolean("openapi.update")) {
            Files.writeString(CHECKED_IN, generated);
        }
        assertThat(Files.readString(CHECKED_IN))
                .as("docs/reference/openapi.json is not what the code gives; write it anew with"
                        + " mvn -pl core-bundles/rest -am test -Dopenapi.update=true"
                        + " -Dtest=OpenApiTest -Dsurefire.failIfNoSpecifiedTests=false")
                .isEqualTo(generated);
    }

    @Test
    void isTheSameEachTime() throws IOException {
        assertThat(new OpenApiDocument().text()).isEqualTo(new OpenApiDocument().text());
    }

    @Test
    void guardsEveryEndpoint() {
        List<OpenApiDocument.Endpoint> endpoints = OpenApiDocument.endpoints();

        assertThat(endpoints)
                .hasSizeGreaterThan(30)
                .allSatisfy(endpoint -> assertThat(endpoint.method().isAnnotationPresent(Allows.class)
                                ^ endpoint.method().isAnnotationPresent(Open.class))
                        .as(endpoint.toString())
                        .isTrue());
        assertThat(endpoints.stream()
                        .filter(e -> e.method().isAnnotationPresent(Open.class))
                        .map(OpenApiDocument.Endpoint::path))
                .containsExactlyInAnyOrder(
                        "/api/branding",
                        "/api/health/live",
                        "/api/health/ready",
                        "/api/login",
                        "/api/login/callback/{id}",
                        "/api/login/providers",
                        "/api/login/providers/{provider}");
    }

    @Test
    void namesEveryOperationOnce() {
        assertThat(OpenApiDocument.endpoints().stream()
                        .map(e -> e.method().getAnnotation(Operation.class).operationId()))
                .doesNotHaveDuplicates()
                .doesNotContain("");
    }
}
