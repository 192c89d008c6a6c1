package io.maestro.bench;

import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.Population;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Requests at a steady pace, whatever becomes of the ones before: lists and searches, then states of instances. The time of each counts
 * from when it was due.
 */
final class RequestsMeasure {
    private static final Population POPULATION = new Population(50, 300, 3_000);
    private static final int A_SECOND = Integer.getInteger("maestro.bench.rate", 200);
    private static final int SECONDS = Integer.getInteger("maestro.bench.seconds", 30);
    private static final int WARM_SECONDS = 15;
    private static final int KINDS = 5;

    private final Server server;
    private final String token;
    private final HttpClient client = HttpClient.newHttpClient();

    private RequestsMeasure(Server server) throws IOException {
        this.server = server;
        this.token = server.token();
    }

    static List<Figure> figures(Path distribution, Path work, TestDatabase database) throws Exception {
        Path data = work.resolve("data");
        try (Server server = Server.start(distribution, data, database)) {
            admit(server);
        }
        try (Connection connection = database.connect()) {
            POPULATION.write(connection);
        }
        try (Server server = Server.start(distribution, data, database)) {
            return new RequestsMeasure(server).measured();
        }
    }

    private static void admit(Server server) throws Exception {
        TestPublisher publisher = TestPublisher.create("crowd");
        server.done(
                "POST",
                "/api/publishers",
                Server.json(Map.of("name", publisher.name(), "certificate", publisher.pem())));
        for (int i = 0; i < POPULATION.adapters(); i++) {
            server.upload(AdapterJar.storage(Population.adapter(i), "1.0.0").signedBy(publisher));
        }
    }

    private List<Figure> measured() throws Exception {
        Sizes.awaitAllOpen(server, POPULATION);
        Map<String, Integer> refusedCold = new ConcurrentHashMap<>();
        var _ = paced(RequestsMeasure::listed, WARM_SECONDS, refusedCold);
        var _ = paced(RequestsMeasure::state, WARM_SECONDS, refusedCold);
        String how = A_SECOND + " requests a second for " + SECONDS + " s, counted from when each was due; "
                + POPULATION.adapters() + " adapters, " + POPULATION.tenants() + " tenants, " + POPULATION.instances()
                + " instances" + (refusedCold.isEmpty() ? "" : "; while it was cold: " + refusedCold);
        double[] lists = paced(RequestsMeasure::listed, SECONDS);
        double[] states = paced(RequestsMeasure::state, SECONDS);
        return List.of(
                Figure.atMost(
                        "lists and searches at " + A_SECOND + " requests a second, p99",
                        Figure.percentile(lists, 0.99),
                        50,
                        " ms",
                        how
                                + "; p50 %.1f ms, longest %.0f ms; p50 of each: adapters %.1f, tenants %.1f, search %.1f, instances %.1f, changes %.1f ms"
                                        .formatted(
                                                Figure.median(lists),
                                                Figure.percentile(lists, 1),
                                                each(lists, 0),
                                                each(lists, 1),
                                                each(lists, 2),
                                                each(lists, 3),
                                                each(lists, 4))),
                Figure.atMost(
                        "state of an instance at " + A_SECOND + " requests a second, p99",
                        Figure.percentile(states, 0.99),
                        20,
                        " ms",
                        how
                                + "; p50 %.1f ms, longest %.0f ms"
                                        .formatted(Figure.median(states), Figure.percentile(states, 1))));
    }

    private static double each(double[] lists, int kind) {
        return Figure.median(IntStream.range(0, lists.length)
                .filter(number -> number % KINDS == kind)
                .mapToDouble(number -> lists[number])
                .toArray());
    }

    private static String listed(int number) {
        String instance = POPULATION.path(number * 7 % POPULATION.instances());
        return switch (number % KINDS) {
            case 0 -> "/api/adapters?limit=50";
            case 1 -> "/api/tenants?limit=50";
            case 2 -> "/api/adapters?name=many-" + number % POPULATION.adapters() + "&newest=true";
            case 3 -> instance.substring(0, instance.lastIndexOf('/')) + "?limit=50";
            default -> "/api/changes?limit=50";
        };
    }

    private static String state(int number) {
        String instance = POPULATION.path(number * 7 % POPULATION.instances());
        return number % 2 == 0 ? instance : instance + "/health";
    }

    private double[] paced(IntFunction<String> path, int seconds) throws IOException {
        Map<String, Integer> failed = new ConcurrentHashMap<>();
        double[] millis = paced(path, seconds, failed);
        if (!failed.isEmpty()) {
            throw new IOException("of " + millis.length + " requests these were not answered well: " + failed);
        }
        return millis;
    }

    private double[] paced(IntFunction<String> path, int seconds, Map<String, Integer> failed) {
        double[] millis = new double[A_SECOND * seconds];
        long begin = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < millis.length; i++) {
                int number = i;
                long due = begin + number * (1_000_000_000L / A_SECOND);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                threads.execute(() -> {
                    String answer = answer(path.apply(number));
                    if (!answer.equals("200")) {
                        failed.merge(answer, 1, Integer::sum);
                    }
                    millis[number] = (System.nanoTime() - due) / 1e6;
                });
            }
        }
        return millis;
    }

    /** The status, or what became of the request. */
    private String answer(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            return Integer.toString(
                    client.send(request, BodyHandlers.ofByteArray()).statusCode());
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }
}
