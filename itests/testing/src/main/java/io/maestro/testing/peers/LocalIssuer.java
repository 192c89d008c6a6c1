package io.maestro.testing.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What an OpenID Connect provider publishes, within this process and exactly as a test wants it, wrong too. It counts who
 * asks, can fail, stall and disappear. For how a provider really behaves there are {@link OidcProvider} and {@link Keycloak}.
 */
public final class LocalIssuer implements AutoCloseable {
    private final int port;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final Map<String, String> authorizations = new ConcurrentHashMap<>();
    private final List<Request> received = new ArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private HttpServer server;

    /**
     * What is answered at a path.
     *
     * @param status the HTTP status
     * @param body the body
     */
    private record Answer(int status, String body) {}

    /**
     * What was sent to a path.
     *
     * @param path the path
     * @param authorization the header, empty when there was none
     * @param body the body
     */
    public record Request(String path, String authorization, String body) {}

    private LocalIssuer(int port) throws IOException {
        this.port = port;
        this.server = listen();
    }

    /** Starts with usual metadata and these keys published. */
    public static LocalIssuer start(Jwts... keys) throws IOException {
        LocalIssuer issuer = new LocalIssuer(Peers.freePort());
        issuer.publishMetadata(Map.of());
        issuer.publish(keys);
        return issuer;
    }

    /** Its name, as it stands in tokens. */
    public String issuer() {
        return "http://127.0.0.1:" + port;
    }

    /** Publishes these keys instead of those before. */
    public void publish(Jwts... keys) {
        List<Map<String, Object>> entries = new ArrayList<>();
        for (Jwts key : keys) {
            entries.add(key.published());
        }
        answer("/jwks", 200, JSONObjectUtils.toJSONString(Map.of("keys", entries)));
    }

    /** Publishes the usual metadata with these differences. */
    public void publishMetadata(Map<String, Object> differently) {
        Map<String, Object> metadata = new HashMap<>(Map.of(
                "issuer", issuer(),
                "authorization_endpoint", issuer() + "/auth",
                "token_endpoint", issuer() + "/token",
                "jwks_uri", issuer() + "/jwks"));
        metadata.putAll(differently);
        answer("/.well-known/openid-configuration", 200, JSONObjectUtils.toJSONString(metadata));
    }

    /** From now on answers so at this path. */
    public void answer(String path, int status, String body) {
        answers.put(path, new Answer(status, body));
    }

    /** How often the path was asked for. */
    public int requests(String path) {
        return requests.computeIfAbsent(path, any -> new AtomicInteger()).get();
    }

    /** How often the keys were fetched. */
    public int keyFetches() {
        return requests("/jwks");
    }

    /** The header {@code Authorization} of the last request to the path that had one; empty when there was none. */
    public String authorization(String path) {
        return authorizations.getOrDefault(path, "");
    }

    /** The last request with a body. */
    public Request lastPosted() {
        synchronized (received) {
            return received.getLast();
        }
    }

    /** From now on lets every request wait until {@link #release}. */
    public void stall() {
        gate = new CountDownLatch(1);
    }

    /** Answers the requests that wait, and all that follow. */
    public void release() {
        gate.countDown();
    }

    /** Disappears: connections are refused. */
    public void stop() {
        server.stop(0);
    }

    /** Comes back at the same address, after {@link #stop}. */
    public void restart() throws IOException {
        server = listen();
    }

    /** The claims of a good access token for this audience, good for five minutes; a copy of one's own to change. */
    public Map<String, Object> claims(String audience) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer());
        claims.put("sub", "alice");
        claims.put("aud", audience);
        claims.put("iat", now);
        claims.put("exp", now + 300);
        return claims;
    }

    @Override
    public void close() {
        release();
        stop();
        executor.shutdownNow();
    }

    private HttpServer listen() throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.setExecutor(executor);
        listening.createContext("/", this::handle);
        listening.start();
        return listening;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            requests.computeIfAbsent(path, any -> new AtomicInteger()).incrementAndGet();
            String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            if (authorization != null) {
                authorizations.put(path, authorization);
            }
            if (!body.isEmpty()) {
                synchronized (received) {
                    received.add(new Request(path, authorization == null ? "" : authorization, body));
                }
            }
            gate.await();
            Answer answer = answers.getOrDefault(path, new Answer(404, "{}"));
            byte[] bytes = answer.body().getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
