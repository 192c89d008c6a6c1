package io.maestro.policy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.Rego;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Speaks what our client needs of an OPA server's REST interface, as OPA's documentation tells it. It is no OPA: there is none
 * to be had where the tests run. Its answers come from our own evaluator, its form is the protocol's.
 */
final class OpaServer implements AutoCloseable {
    /** As little as an OPA server would notice of our own deadline. */
    private static final Budget GENEROUS = new Budget(Long.MAX_VALUE, 1_000_000, 1_000, Duration.ofSeconds(20));

    final List<String> asked = new CopyOnWriteArrayList<>();
    final AtomicReference<@Nullable Reply> reply = new AtomicReference<>();

    /** Answered to each question; null for what the packs answer. */
    final AtomicReference<@Nullable String> answer = new AtomicReference<>();

    /** Done after each question, before its answer. */
    volatile Runnable meanwhile = () -> {};

    private final Policy policy;
    private volatile ObjectValue data = ObjectValue.EMPTY;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** Something else than what OPA would answer. */
    record Reply(int status, String body) {}

    OpaServer(Map<String, String> modules) {
        policy = Rego.compile(modules, Capabilities.standard());
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/data/", this::serve);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath().substring("/v1/data/".length());
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            Reply other = reply.get();
            Reply answer = other != null
                    ? other
                    : switch (exchange.getRequestMethod()) {
                        case "POST" -> post(path, body);
                        case "PUT" -> put(path, body);
                        case "GET" -> get(path);
                        default -> new Reply(405, "");
                    };
            byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }

    private Reply post(String path, String body) {
        String given = answer.get();
        if (given != null) {
            return new Reply(200, given);
        }
        Value input = ((ObjectValue) Json.read(body)).get("input");
        try {
            Value result = policy.evaluate(
                    List.of(path.split("/", -1)),
                    Question.at(Instant.EPOCH)
                            .withInput(input)
                            .withData(data)
                            .withBudget(GENEROUS)
                            .strictly());
            meanwhile.run();
            ObjectValue answer = ObjectValue.of("decision_id", StringValue.of("3c1d"));
            return new Reply(200, (result == null ? answer : answer.with(StringValue.of("result"), result)).json());
        } catch (RegoException e) {
            return new Reply(
                    500, "{\"code\":\"internal_error\",\"message\":\"error(s) occurred while evaluating query\"}");
        }
    }

    private Reply get(String path) {
        @Nullable Value found = data;
        for (String part : path.split("/", -1)) {
            found = found instanceof ObjectValue object ? object.get(part) : null;
        }
        return new Reply(200, (found == null ? ObjectValue.EMPTY : ObjectValue.of("result", found)).json());
    }

    /** As an OPA that was started anew: what was put there is gone. */
    void forget() {
        data = ObjectValue.EMPTY;
    }

    private Reply put(String path, String body) {
        synchronized (this) {
            data = data.with(StringValue.of(path), Json.read(body));
        }
        return new Reply(204, "");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
