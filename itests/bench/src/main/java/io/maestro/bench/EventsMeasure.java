package io.maestro.bench;

import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Followers of the live stream of one node, each of whom gets every event. From the time that an event says it happened at to the time
 * that a follower has read it, both by the clock of this machine.
 */
final class EventsMeasure {
    private static final int FOLLOWERS = Integer.getInteger("maestro.bench.followers", 1_000);
    private static final int STREAMS_OF_A_TOKEN = 50;
    private static final int EVENTS = 100;
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Pattern MADE =
            Pattern.compile("^data:.*\"at\":\"([^\"]+)\".*\"action\":\"environment\\.create\".*");

    private final Server server;
    private final CountDownLatch following = new CountDownLatch(FOLLOWERS);
    private final Queue<Double> millis = new ConcurrentLinkedQueue<>();
    private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();

    private volatile boolean over;

    private EventsMeasure(Server server) {
        this.server = server;
    }

    static List<Figure> figures(Path distribution, Path work, TestDatabase database) throws Exception {
        try (Server server = Server.start(distribution, work.resolve("data"), database)) {
            return new EventsMeasure(server).measured();
        }
    }

    private List<Figure> measured() throws Exception {
        server.done("POST", "/api/tenants", "{\"id\":\"acme\",\"displayName\":\"Acme\"}");
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i * STREAMS_OF_A_TOKEN < FOLLOWERS; i++) {
            tokens.add(server.done("POST", "/api/tokens", "{\"name\":\"follower-" + i + "\",\"roles\":[\"auditor\"]}")
                    .path("bearer")
                    .asText());
        }
        double before = server.liveMegabytes();
        for (int i = 0; i < FOLLOWERS; i++) {
            String token = tokens.get(i / STREAMS_OF_A_TOKEN);
            Thread.ofVirtual().start(() -> follow(token));
        }
        if (!following.await(2, TimeUnit.MINUTES)) {
            throw new IOException(following.getCount() + " of " + FOLLOWERS + " streams did not begin");
        }
        double meanwhile = server.liveMegabytes();
        double cpu = server.cpuMillis();
        for (int i = 0; i < EVENTS; i++) {
            server.done("POST", "/api/tenants/acme/environments", "{\"name\":\"dev-" + i + "\"}");
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
        awaitAll();
        cpu = server.cpuMillis() - cpu;
        double after = server.liveMegabytes();
        over = true;
        for (Socket socket : sockets) {
            socket.close();
        }
        double[] seen = millis.stream().mapToDouble(Double::doubleValue).toArray();
        String how = EVENTS + " acts, one in about 250 ms, " + FOLLOWERS + " streams of " + tokens.size()
                + " tokens, each gets every event";
        return List.of(
                Figure.atLeast("events that came to followers", seen.length, (double) EVENTS * FOLLOWERS, "", how),
                Figure.atMost(
                        "from event to follower, p99",
                        Figure.percentile(seen, 0.99),
                        500,
                        " ms",
                        "p50 %.0f ms, longest %.0f ms; processors worked %.1f s for it"
                                .formatted(Figure.median(seen), Figure.percentile(seen, 1), cpu / 1000)),
                Figure.atMost(
                        "heap of " + FOLLOWERS + " followers",
                        Math.max(meanwhile, after) - before,
                        64,
                        " MB",
                        "alive after a collection, over %.0f MB before; %.0f MB with the streams open, %.0f MB after all events"
                                .formatted(before, meanwhile, after)));
    }

    private void awaitAll() {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (millis.size() < EVENTS * FOLLOWERS && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(BETWEEN_NANOS);
        }
    }

    private void follow(String token) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            sockets.add(socket);
            socket.getOutputStream()
                    .write(
                            ("GET /api/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nAuthorization: Bearer "
                                            + token + "\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String status = lines.readLine();
            if (status == null || !status.contains(" 200")) {
                throw new IOException("a stream was answered " + status);
            }
            following.countDown();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher made = MADE.matcher(line);
                if (made.matches()) {
                    millis.add((double) System.currentTimeMillis()
                            - Instant.parse(made.group(1)).toEpochMilli());
                }
            }
        } catch (IOException e) {
            // what did not come is missing in the figures
            if (!over) {
                System.err.println("a follower ended: " + e);
            }
        }
    }
}
