package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A port of this machine to which a browser comes back from its identity provider. Takes one answer: the right one. */
final class Loopback implements AutoCloseable {
    private final HttpServer server;
    private final String state;
    private final String issuer;
    private final CompletableFuture<Map<String, String>> answer = new CompletableFuture<>();

    private Loopback(HttpServer server, String state, String issuer) {
        this.server = server;
        this.state = state;
        this.issuer = issuer;
    }

    /** Listens for the answer to the question with this state, from this issuer. */
    static Loopback open(String state, String issuer) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 4);
            Loopback loopback = new Loopback(server, state, issuer);
            server.createContext("/", loopback::take);
            server.start();
            return loopback;
        } catch (IOException e) {
            throw Failure.file("no port of this machine can be listened on", e);
        }
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/callback";
    }

    /** Waits for the browser and gives the code that it brings. */
    String code(Duration limit) {
        try {
            Map<String, String> brought = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            String code = brought.get("code");
            if (code == null) {
                throw ProviderLogin.refused("it says " + Output.clean(brought.getOrDefault("error", "nothing")));
            }
            return code;
        } catch (TimeoutException e) {
            throw ProviderLogin.refused("nobody came back from it within " + limit.toSeconds() + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ProviderLogin.refused("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whoever comes without the state, or from somewhere else, is sent away, and the waiting goes on. */
    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
            boolean right = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().equals("/callback")
                    && MessageDigest.isEqual(query.getOrDefault("state", "").getBytes(UTF_8), state.getBytes(UTF_8))
                    && query.getOrDefault("iss", issuer).equals(issuer);
            byte[] page = (right
                            ? "You can close this window and go back to the terminal."
                            : "This is not the login that the terminal waits for.")
                    .getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
            exchange.sendResponseHeaders(right ? 200 : 400, page.length);
            exchange.getResponseBody().write(page);
            if (right) {
                answer.complete(query);
            }
        }
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : (raw == null ? "" : raw).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                try {
                    query.putIfAbsent(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
                } catch (IllegalArgumentException e) {
                    // a value that cannot be read is none
                    query.remove(pair.substring(0, equals));
                }
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(1);
    }
}
