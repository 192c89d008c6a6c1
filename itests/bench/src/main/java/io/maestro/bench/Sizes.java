package io.maestro.bench;

import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.Population;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Boots the real distribution on as many adapters, tenants and instances as it is meant for. */
final class Sizes {
    private static final int HEAP_MEGABYTES = 512;
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** The metrics of so many instances are long, and to be asked for them takes of what is measured. */
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

    private final Path distribution;
    private final Path data;
    private final Population population;
    private final TestDatabase database;

    /**
     * What was seen.
     *
     * @param admissionMillis of each adapter
     * @param firstSeconds the boot right after the rows were written
     * @param warmSeconds the boots after that one
     * @param warmCpuSeconds for how long processors worked for the server in these, of which several work at once
     * @param openSeconds from these starts until all instances were open, though some were called meanwhile
     * @param openCpuSeconds for how long processors worked for the server until then
     * @param heapMegabytes what is alive after a collection, once all are open
     * @param answered how many of the instances that were called as soon as the node was ready answered
     * @param callMillis how long each of these calls took, the opening of its instance included
     * @param restedMillis the same of calls once all were open
     * @param planMillis of plans of acts on some of them
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    record Seen(
            double[] admissionMillis,
            double firstSeconds,
            double[] warmSeconds,
            double[] warmCpuSeconds,
            double[] openSeconds,
            double[] openCpuSeconds,
            double heapMegabytes,
            double residentMegabytes,
            int answered,
            double[] callMillis,
            double[] restedMillis,
            double[] planMillis) {}

    Sizes(Path distribution, Path data, Population population, TestDatabase database) {
        this.distribution = distribution;
        this.data = data;
        this.population = population;
        this.database = database;
    }

    /** Makes the database full; gives how long the admission of each adapter took, in ms. */
    double[] fill() throws Exception {
        double[] admission = new double[population.adapters()];
        try (Server server = start()) {
            admit(server, admission);
        }
        try (Connection connection = database.connect()) {
            population.write(connection);
        }
        return admission;
    }

    Seen measure(int boots) throws Exception {
        double[] admission = fill();
        double first;
        try (Server server = start()) {
            first = server.bootMillis() / 1000;
        }
        double[] warm = new double[boots];
        double[] cpu = new double[boots];
        double[] open = new double[boots];
        double[] openCpu = new double[boots];
        double[] calls = {};
        double[] rested = {};
        double[] plans = {};
        double heap = 0;
        double resident = 0;
        int called = Math.min(200, population.instances());
        int answered = 0;
        for (int i = 0; i < boots; i++) {
            try (Server server = start()) {
                warm[i] = server.bootMillis() / 1000;
                cpu[i] = server.bootCpuMillis() / 1000;
                if (i == boots - 1) {
                    calls = new double[called];
                    answered = answering(server, calls);
                }
                awaitAllOpen(server, population);
                open[i] = server.aliveMillis() / 1000;
                openCpu[i] = server.cpuMillis() / 1000;
                if (i == boots - 1) {
                    resident = server.residentMegabytes();
                    heap = server.liveMegabytes();
                    rested = new double[called];
                    answered = Math.min(answered, answering(server, rested));
                    plans = plans(server, called);
                }
            }
        }
        return new Seen(admission, first, warm, cpu, open, openCpu, heap, resident, answered, calls, rested, plans);
    }

    Server start() throws IOException {
        return Server.start(distribution, data, database, "-Xmx" + HEAP_MEGABYTES + "m");
    }

    private void admit(Server server, double[] millis) throws Exception {
        TestPublisher publisher = TestPublisher.create("crowd");
        server.done(
                "POST",
                "/api/publishers",
                Server.json(Map.of("name", publisher.name(), "certificate", publisher.pem())));
        for (int i = 0; i < population.adapters(); i++) {
            byte[] jar = AdapterJar.storage(Population.adapter(i), "1.0.0").signedBy(publisher);
            long start = System.nanoTime();
            server.upload(jar);
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
    }

    /** How many of some instances, spread over all, answer a call; {@code millis} takes how long each took. */
    private int answering(Server server, double[] millis) throws Exception {
        int answered = 0;
        for (int i = 0; i < millis.length; i++) {
            int instance = (int) ((long) i * population.instances() / millis.length);
            long start = System.nanoTime();
            int status = server.send("POST", population.path(instance) + "/operations/list", "{}")
                    .statusCode();
            millis[i] = (System.nanoTime() - start) / 1e6;
            answered += status == 200 ? 1 : 0;
        }
        return answered;
    }

    /** Waits until this node has opened all instances. */
    static void awaitAllOpen(Server server, Population population) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (open(server) < population.instances()) {
            if (System.nanoTime() - end > 0) {
                throw new IOException("not all instances were open within " + PATIENCE);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static double open(Server server) throws IOException, InterruptedException {
        return server.send("GET", "/api/metrics", "")
                .body()
                .lines()
                .filter(line -> line.startsWith("mc_instances{") && line.contains("observed=\"running\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** How long plans take, of several acts in turn. */
    private double[] plans(Server server, int planned) throws Exception {
        double[] millis = new double[planned];
        for (int i = 0; i < planned; i++) {
            String path = population.path((int) ((long) i * population.instances() / planned));
            String scope = path.substring(0, path.lastIndexOf('/'));
            String made = "{\"id\":\"planned\",\"adapter\":\"" + Population.adapter(i % population.adapters())
                    + "@1.0.0\",\"configuration\":{\"greeting\":\"hello\"}}";
            long start = System.nanoTime();
            switch (i % 4) {
                case 0 -> server.done("POST", path + "/stop?dryRun=true", "{}");
                case 1 -> server.done("PUT", path + "/configuration?dryRun=true", "{\"greeting\":\"good morning\"}");
                case 2 -> server.done("POST", scope + "?dryRun=true", made);
                default -> server.done("DELETE", path + "?dryRun=true", "");
            }
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return millis;
    }

    static String text(double[] seconds) {
        StringBuilder text = new StringBuilder();
        for (double one : seconds) {
            text.append(text.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%.1f", one));
        }
        return text.toString();
    }
}
