package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers as told and remembers what was asked. */
final class FakeServer implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();

    FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    record Answer(int status, String type, String body) {}

    record Request(String line, Headers headers, String body) {
        @Nullable
        String header(String name) {
            return headers.getFirst(name);
        }
    }

    /** What to answer to this method and address, for example {@code GET /api/tenants?limit=500}. */
    FakeServer on(String line, int status, String body) {
        answers.put(line, new Answer(status, status >= 400 ? "application/problem+json" : "application/json", body));
        return this;
    }

    FakeServer refusing(String line, int status, String code) {
        return on(line, status, """
                {"type":"urn:maestro:problem:%s","title":"A title","status":%d,"detail":"a detail","code":"%s",
                 "category":"caller","fix":"a fix","violations":[{"pointer":"/place","detail":"is wrong"}],
                 "correlationId":"corr-1"}""".formatted(code, status, code));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    Request last() {
        return requests().getLast();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            synchronized (this) {
                requests.add(new Request(line, exchange.getRequestHeaders(), body));
            }
            Answer answer = answers.getOrDefault(line, new Answer(418, "text/plain", "not told to answer " + line));
            byte[] bytes = answer.body.getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type);
            exchange.sendResponseHeaders(answer.status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
