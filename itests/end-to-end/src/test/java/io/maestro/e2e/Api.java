package io.maestro.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.e2e.Api.Answer;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.rest.DescribedAnswers;
import io.maestro.testing.rest.Endpoint;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A caller of the REST interface with one token. Each answer is held against the OpenAPI document: one that is not as it is
 * described there fails the test that asked.
 *
 * @param observer is shown each answer, and to what it was one: the method and the path
 */
record Api(URI base, String token, BiConsumer<String, Answer> observer) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final DescribedAnswers DESCRIBED = DescribedAnswers.of(Path.of("../../docs/reference/openapi.json"));

    /** One whom nobody watches. */
    Api(URI base, String token) {
        this(base, token, (_, _) -> {});
    }

    /** The first admin of a server. */
    static Api admin(LaunchedServer server) {
        return new Api(server.base(), server.token());
    }

    /** What came back, the headers as lines of text; a body that is no JSON is given as text. */
    @SuppressWarnings("ArrayRecordComponent") // read by one test
    record Answer(int status, String contentType, String headers, JsonNode body, byte[] bytes) {
        String code() {
            return body.path("code").asText();
        }
    }

    Api as(String otherToken) {
        return new Api(base, otherToken, observer);
    }

    /** The same caller, whose answers {@code other} is shown. */
    Api watchedBy(BiConsumer<String, Answer> other) {
        return new Api(base, token, other);
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

    /** An act that is done once however often it is sent. */
    Answer postWithKey(String key, String path, Object body) {
        return send("POST", path, "application/json", BodyPublishers.ofString(json(body)), "Idempotency-Key", key);
    }

    /** Repeats what a second person approved. */
    Answer postApproved(String approval, String path, Object body) {
        return send(
                "POST", path, "application/json", BodyPublishers.ofString(json(body)), "Maestro-Approval", approval);
    }

    /** An endpoint with a body of the media type that it takes; GET and DELETE without one. */
    Answer send(Endpoint endpoint, String path, String body) {
        String mediaType =
                endpoint.mediaType().filter(type -> !type.equals("*/*")).orElse("application/json");
        boolean bodiless = endpoint.reads() || endpoint.verb().equals("DELETE");
        return send(
                endpoint.verb(), path, mediaType, bodiless ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    }

    /** Any method with a JSON body; GET and DELETE without one. */
    Answer send(String method, String path, String json) {
        boolean bodiless = method.equals("GET") || method.equals("DELETE");
        return send(
                method, path, "application/json", bodiless ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
    }

    Answer put(String path, byte[] bytes) {
        return send("PUT", path, "application/octet-stream", BodyPublishers.ofByteArray(bytes));
    }

    Answer putJson(String path, Object body) {
        return send("PUT", path, "application/json", BodyPublishers.ofString(json(body)));
    }

    Answer upload(byte[] artifact) {
        return send("POST", "/api/adapters", "application/java-archive", BodyPublishers.ofByteArray(artifact));
    }

    /** Trusts the publisher's key. */
    void trust(TestPublisher publisher) {
        expect(201, post("/api/publishers", Map.of("name", publisher.name(), "certificate", publisher.pem())));
    }

    /** Trusts a new publisher, and installs these shipped adapters as signed by it. */
    void install(String... shipped) {
        TestPublisher partner = TestPublisher.create("partner");
        trust(partner);
        for (String name : shipped) {
            try {
                byte[] unsigned = Files.readAllBytes(Distribution.built().unsignedAdapter(name));
                expect(201, upload(partner.sign(unsigned)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
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

    /** What the server's own OpenAPI document says can be asked. */
    List<Endpoint> endpoints() {
        return Endpoint.of(expect(200, get("/api/openapi.json")));
    }

    static JsonNode expect(int status, Answer answer) {
        if (answer.status() != status) {
            throw new AssertionError("expected " + status + " but was " + answer.status() + ": " + answer.body());
        }
        return answer.body();
    }

    private Answer send(String method, String path, String contentType, BodyPublisher body, String... more) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", contentType)
                .method(method, body)
                .timeout(LIMIT);
        HttpRequest request = (more.length == 0 ? builder : builder.headers(more)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            Answer answer = new Answer(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    lines(response.headers()),
                    parsed(response),
                    response.body());
            observer.accept(method + " " + path, answer);
            describedOrFail(method, path, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void describedOrFail(String method, String path, Answer answer) {
        List<String> deviations =
                DESCRIBED.deviations(method, path, answer.status(), answer.contentType(), answer.bytes());
        if (!deviations.isEmpty()) {
            throw new AssertionError("not as the OpenAPI document says: " + String.join("; ", deviations));
        }
    }

    private static String lines(HttpHeaders headers) {
        return headers.map().entrySet().stream()
                .map(header -> header.getKey() + ": " + String.join(", ", header.getValue()))
                .collect(Collectors.joining("\n"));
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
