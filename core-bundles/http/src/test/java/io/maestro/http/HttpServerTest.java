package io.maestro.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of the server itself, with a handler that waits when it is told to. */
@Timeout(120)
final class HttpServerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** Not the common pool: on two processors one task that blocks would block all of it. */
    private static final Executor OWN_THREAD = Thread::startVirtualThread;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicLong received = new AtomicLong();
    private final AtomicInteger virtual = new AtomicInteger();
    private @Nullable HttpServer server;

    private final Map<String, Long> counts = new ConcurrentHashMap<>();

    /** Keeps counters only, by the values of their tags. */
    private final class Counts implements Metrics {
        @Override
        public Counter counter(String name, String help, String... tags) {
            return count -> counts.merge(tags[1] + " " + tags[3], count, Long::sum);
        }

        @Override
        public Timer timer(String name, String help, String... tags) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Gauge gauge(String name, String help, DoubleSupplier value, String... tags) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void forget(String... tags) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(Appendable out, Format format, Selection selection) {
            throw new UnsupportedOperationException();
        }
    }

    private URI start(HttpServer.Bounds bounds) {
        Handler handler = new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                if (Thread.currentThread().isVirtual()) {
                    virtual.incrementAndGet();
                }
                if (request.getHttpURI().getPath().equals("/wait")) {
                    entered.countDown();
                    release.await();
                }
                if (request.getHttpURI().getPath().equals("/fail")) {
                    throw new IllegalStateException("secret");
                }
                if (request.getHttpURI().getPath().equals("/read")) {
                    InputStream body = Content.Source.asInputStream(request);
                    body.readNBytes(10);
                    entered.countDown();
                    release.await();
                    received.set(10 + body.readAllBytes().length);
                }
                if (request.getHttpURI().getPath().equals("/write")) {
                    Content.Sink.write(response, false, ByteBuffer.wrap(new byte[] {'a'}));
                    entered.countDown();
                    release.await();
                }
                response.write(true, ByteBuffer.wrap("done".getBytes(StandardCharsets.UTF_8)), callback);
                return true;
            }
        };
        ProblemErrors errors = new ProblemErrors(
                (problem, instance, correlationId) -> problem.code().getBytes(StandardCharsets.UTF_8));
        server = new HttpServer(
                new NodeSettings.Http("127.0.0.1", 0), handler, errors, new RequestCounts(new Counts()), bounds);
        return server.start();
    }

    @AfterEach
    void stop() {
        release.countDown();
        if (server != null) {
            server.stop();
        }
    }

    private static Socket connect(URI base) throws IOException {
        Socket socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static String get(Socket socket, String path) throws IOException {
        send(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        return rest(socket);
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void answersOnVirtualThreads() throws IOException {
        URI base = start(HttpServer.Bounds.USUAL);

        try (Socket socket = connect(base)) {
            assertThat(get(socket, "/")).startsWith("HTTP/1.1 200").endsWith("done");
        }
        assertThat(virtual).hasValue(1);
    }

    @Test
    void countsAnswersByMethodAndStatusThoseOfJettyToo() throws IOException {
        URI base = start(HttpServer.Bounds.USUAL);
        try (Socket socket = connect(base)) {
            get(socket, "/");
        }
        try (Socket socket = connect(base)) {
            get(socket, "/fail");
        }
        try (Socket socket = connect(base)) {
            send(socket, "BREW-" + "X".repeat(1_000) + " / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            rest(socket);
        }
        try (Socket socket = connect(base)) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n");
            rest(socket);
        }

        // counted just after the answer was sent
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(counts)
                        .containsEntry("GET 200", 1L)
                        .containsEntry("GET 500", 1L)
                        .containsEntry("other 200", 1L)
                        .containsKey("GET 400")
                        .hasSize(4));
    }

    @Test
    void finishesRequestsUnderWayWhenItStops() throws Exception {
        URI base = start(HttpServer.Bounds.USUAL);
        try (Socket socket = connect(base)) {
            send(socket, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            entered.await();
            CompletableFuture<Void> stopping = CompletableFuture.runAsync(this::stopServer, OWN_THREAD);
            await().atMost(LONG).until(() -> refuses(base));
            assertThat(stopping).isNotDone();
            release.countDown();

            assertThat(rest(socket)).startsWith("HTTP/1.1 200").endsWith("done");
            stopping.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void stopsInTheEndWhenARequestHangs() throws Exception {
        URI base = start(new HttpServer.Bounds(100, LONG, LONG, LONG, Duration.ofMillis(200)));
        try (Socket socket = connect(base)) {
            send(socket, "GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n");
            entered.await();

            CompletableFuture.runAsync(this::stopServer, OWN_THREAD).get(60, TimeUnit.SECONDS);

            assertThat(refuses(base)).isTrue();
        }
    }

    private void stopServer() {
        HttpServer running = server;
        if (running != null) {
            running.stop();
        }
    }

    private static boolean refuses(URI base) {
        try (Socket socket = connect(base)) {
            return !get(socket, "/").startsWith("HTTP/1.1 200");
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void closesConnectionThatTricklesItsHead() throws Exception {
        URI base = start(new HttpServer.Bounds(100, LONG, LONG, Duration.ofMillis(400), LONG));
        try (Socket socket = connect(base)) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n");
            AtomicInteger sent = new AtomicInteger();

            await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> {
                try {
                    send(socket, "X-" + sent.incrementAndGet() + ": y\r\n");
                    return false;
                } catch (IOException e) {
                    return true;
                }
            });
        }
    }

    @Test
    void leavesConnectionsAloneThatWaitBetweenRequests() throws Exception {
        URI base = start(new HttpServer.Bounds(100, LONG, LONG, Duration.ofMillis(1500), LONG));
        try (Socket socket = connect(base)) {
            send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
            CompletableFuture<String> later = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return get(socket, "/");
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    CompletableFuture.delayedExecutor(3000, TimeUnit.MILLISECONDS, OWN_THREAD));

            assertThat(later.join()).containsPattern("(?s)done.*done");
        }
    }

    /** Each of them makes the connection silent for as long as we are slow ourselves. */
    @ParameterizedTest
    @ValueSource(strings = {"/wait", "/read", "/write"})
    void takesItsTimeLongerThanConnectionsMayBeSilent(String path) throws Exception {
        URI base = start(new HttpServer.Bounds(100, Duration.ofMillis(1500), LONG, LONG, LONG));
        int length = 20_000_000;
        try (Socket socket = connect(base)) {
            send(
                    socket,
                    "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: "
                            + (path.equals("/read") ? length : 0) + "\r\n\r\n");
            CompletableFuture<Void> sending = CompletableFuture.runAsync(
                    () -> {
                        try {
                            socket.getOutputStream().write(new byte[path.equals("/read") ? length : 0]);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    },
                    OWN_THREAD);
            entered.await();
            CompletableFuture.runAsync(
                            release::countDown,
                            CompletableFuture.delayedExecutor(4000, TimeUnit.MILLISECONDS, OWN_THREAD))
                    .join();

            assertThat(rest(socket)).startsWith("HTTP/1.1 200").contains("done");
            sending.join();
        }
        assertThat(received).hasValue(path.equals("/read") ? length : 0);
    }

    @Test
    void givesUpOnSenderThatFallsSilentInTheMiddle() throws Exception {
        URI base = start(new HttpServer.Bounds(100, Duration.ofMillis(300), LONG, LONG, LONG));
        try (Socket socket = connect(base)) {
            send(socket, "POST /read HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly this and then");
            release.countDown();

            assertThat(rest(socket)).doesNotContain("HTTP/1.1 200");
        }
        assertThat(received).hasValue(0);
    }

    @Test
    void closesSilentConnections() throws Exception {
        URI base = start(new HttpServer.Bounds(100, Duration.ofMillis(200), LONG, LONG, LONG));
        try (Socket socket = connect(base)) {
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void keepsServingWhenTooManyConnectSilently() throws Exception {
        URI base = start(new HttpServer.Bounds(10, LONG, Duration.ofMillis(300), Duration.ofMillis(300), LONG));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                silent.add(connect(base));
            }
            try (Socket socket = connect(base)) {
                assertThat(get(socket, "/")).startsWith("HTTP/1.1 200");
            }
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void hidesFaults() throws IOException {
        URI base = start(HttpServer.Bounds.USUAL);
        try (Socket socket = connect(base)) {
            assertThat(get(socket, "/fail"))
                    .startsWith("HTTP/1.1 500")
                    .endsWith("server-failed")
                    .doesNotContain("secret");
        }
    }

    @Test
    void saysThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            HttpServer second = new HttpServer(
                    new NodeSettings.Http("127.0.0.1", taken.getLocalPort()),
                    new Handler.Abstract() {
                        @Override
                        public boolean handle(Request request, Response response, Callback callback) {
                            return false;
                        }
                    },
                    new ProblemErrors((problem, instance, correlationId) -> new byte[0]),
                    new RequestCounts(Metrics.NONE),
                    HttpServer.Bounds.USUAL);

            assertThatThrownBy(second::start)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(Integer.toString(taken.getLocalPort()));
        }
    }
}
