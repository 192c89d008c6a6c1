package io.maestro.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** A caller of the REST interface with one token. */
record Api(URI base, String token) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** The first admin of a server. */
    static Api admin(LaunchedServer server) {
        return new Api(server.base(), server.token());
    }

    /** What came back; a body that is no JSON is given as text. */
    @SuppressWarnings("ArrayRecordComponent") // read by one test
    record Answer(int status, JsonNode body, byte[] bytes) {
        String code() {
            return body.path("code").asText();
        }
    }

    Api as(String otherToken) {
        return new Api(base, otherToken);
    }

    Answer get(String path) {
        return send("GET", path, "application/json", BodyPublishers.noBody());
    }

    Answer delete(String path) {
        return send("DELETE", path, "application/json", BodyPublishers.noBody());
    }

    Answer post(String path, Object body) {
        return send("POST", path, "application/json", BodyPublishers.ofString(json(body)));
    }

    Answer put(String path, byte[] bytes) {
        return send("PUT", path, "application/octet-stream", BodyPublishers.ofByteArray(bytes));
    }

    Answer upload(byte[] artifact) {
        return send("POST", "/api/adapters", "application/java-archive", BodyPublishers.ofByteArray(artifact));
    }

    /** Trusts the publisher's key. */
    void trust(TestPublisher publisher) {
        expect(201, post("/api/publishers", Map.of("name", publisher.name(), "certificate", publisher.pem())));
    }

    /** Creates a tenant. */
    void tenant(String id) {
        expect(201, post("/api/tenants", Map.of("id", id, "displayName", id)));
    }

    /** Creates an instance and returns it as it then is. */
    JsonNode instance(String scope, String id, String adapter, Object configuration) {
        return expect(
                201, post(instances(scope), Map.of("id", id, "adapter", adapter, "configuration", configuration)));
    }

    /** The path of a scope's instances; {@code scope} is {@code tenant/environment}. */
    static String instances(String scope) {
        String[] names = scope.split("/", 2);
        return "/api/tenants/" + names[0] + "/environments/" + names[1] + "/instances";
    }

    static JsonNode expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new AssertionError("expected " + status + " but was " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    private Answer send(String method, String path, String contentType, BodyPublisher body) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", contentType)
                .method(method, body)
                .timeout(LIMIT)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            return new Answer(response.statusCode(), parsed(response), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode parsed(HttpResponse<byte[]> response) throws IOException {
        boolean json = response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.contains("json"))
                .isPresent();
        return json
                ? JSON.readTree(response.body())
                : JSON.getNodeFactory().textNode(new String(response.body(), StandardCharsets.UTF_8));
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
