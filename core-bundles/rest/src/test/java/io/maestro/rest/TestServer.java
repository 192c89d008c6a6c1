package io.maestro.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.ReadinessCheck;
import io.maestro.api.telemetry.Traces;
import io.maestro.http.HttpComponent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The real server on a free port with fakes behind it. */
final class TestServer implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    final Fakes fakes = new Fakes();
    final List<ReadinessCheck> checks = new CopyOnWriteArrayList<>();
    final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpComponent http;

    TestServer() {
        this(null);
    }

    /** A server that browsers know by another address than the one it listens on. */
    TestServer(@Nullable URI publicUrl) {
        Wire wire = new Wire();
        ProblemWriter problems = new ProblemWriter(wire);
        http = new HttpComponent(
                new NodeSettings(
                        "node-1",
                        Path.of("data"),
                        "internal-edition",
                        new NodeSettings.Http("127.0.0.1", 0, publicUrl),
                        new NodeSettings.Database(URI.create("jdbc:postgresql://unused"), "unused", "")),
                new RestApplication(fakes.services(), new Readiness(checks), wire, problems),
                problems,
                fakes.metrics,
                Traces.NONE);
    }

    /** Stops answering; the client stays. */
    void stopHttp() {
        http.stop();
    }

    URI base() {
        return http.base();
    }

    /** A request to {@code path}, as written, with a token unless it is null. */
    HttpRequest.Builder request(String path, @Nullable String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base() + path)).timeout(Duration.ofSeconds(60));
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, @Nullable String token) {
        return send(request(path, token));
    }

    HttpResponse<String> post(String path, @Nullable String token, String body) {
        return send(
                request(path, token).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
    }

    static JsonNode json(HttpResponse<String> answer) {
        try {
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError("not JSON: " + answer.body(), e);
        }
    }

    /** The code of a problem, or a failure when the answer is none. */
    static String code(HttpResponse<String> answer) {
        String type = answer.headers().firstValue("Content-Type").orElse("none");
        if (!type.equals("application/problem+json")) {
            throw new AssertionError("not a problem but " + type + ": " + answer.statusCode() + " " + answer.body());
        }
        JsonNode problem = json(answer);
        if (problem.path("status").asInt() != answer.statusCode()) {
            throw new AssertionError("the body says another status: " + answer.body());
        }
        return problem.path("code").asText();
    }

    @Override
    public void close() {
        client.close();
        http.stop();
    }
}
