package io.maestro.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.api.identity.Role;
import io.maestro.testing.rest.DescribedAnswers;
import io.maestro.testing.rest.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Every endpoint answers what the OpenAPI document says. */
class DescribedAnswersTest {
    private static final int FEWEST = 110;

    private final JsonNode document = document();
    private final DescribedAnswers described = new DescribedAnswers(document);

    @Test
    void answersEveryEndpointAsItIsDescribed() throws Exception {
        List<String> deviations = new ArrayList<>();
        try (TestServer server = new TestServer()) {
            String admin = server.fakes.access.as(Role.PLATFORM_ADMIN, null, null);
            List<Endpoint> endpoints = new ArrayList<>(Endpoint.of(document));
            // a stream without end; EventsTest reads it
            endpoints.removeIf(endpoint -> endpoint.path().equals("/api/events"));
            // nothing can be asked of a tenant that leaves
            endpoints.sort(Comparator.comparing(endpoint -> endpoint.path().contains("offboard")));
            for (Endpoint endpoint : endpoints) {
                String path = endpoint.path(Map.of("tenant", "acme"));
                HttpResponse<byte[]> answer =
                        server.client.send(request(server.base(), endpoint, path, admin), BodyHandlers.ofByteArray());
                deviations.addAll(described.deviations(
                        endpoint.verb(),
                        path,
                        answer.statusCode(),
                        answer.headers().firstValue("Content-Type").orElse(""),
                        answer.body()));
            }
        }
        assertThat(deviations).isEmpty();
        assertThat(described.succeeded())
                .as("of all, so many can be asked with their example and something that is there")
                .hasSizeGreaterThan(FEWEST);
    }

    @Test
    void noticesWhatIsNotDescribed() {
        assertThat(deviations(418, "application/problem+json", "{}")).isNotEmpty();
        assertThat(deviations(204, "", "")).singleElement().asString().contains("not described");
        assertThat(deviations(200, "text/html", "<p>"))
                .singleElement()
                .asString()
                .contains("text/html");
        assertThat(deviations(200, "application/json", "{\"items\":[],\"next\":null,\"more\":1}"))
                .singleElement()
                .asString()
                .contains("more");
        assertThat(deviations(200, "application/json", "{\"items\":[{}],\"next\":null}"))
                .isNotEmpty();
        assertThat(deviations(200, "application/json", "{\"items\":[],\"next\":null}"))
                .isEmpty();
    }

    private List<String> deviations(int status, String mediaType, String body) {
        return described.deviations("GET", "/api/tenants?limit=3", status, mediaType, body.getBytes(UTF_8));
    }

    private HttpRequest request(URI base, Endpoint endpoint, String path, String token) {
        JsonNode body = document.path("paths")
                .path(endpoint.path())
                .path(endpoint.verb().toLowerCase(Locale.ROOT))
                .path("requestBody")
                .path("content");
        JsonNode example = body.path("application/json").path("example");
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + token)
                .method(
                        endpoint.verb(),
                        body.isEmpty()
                                ? BodyPublishers.noBody()
                                : BodyPublishers.ofString(example.isMissingNode() ? "{}" : example.toString()));
        endpoint.mediaType()
                .ifPresent(
                        type -> request.header("Content-Type", type.equals("*/*") ? "application/octet-stream" : type));
        return request.build();
    }

    private static JsonNode document() {
        try {
            return new JsonMapper().readTree(Files.readAllBytes(AuthorizationTableTest.OPEN_API));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
