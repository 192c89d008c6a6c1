package io.maestro.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.peers.Chromium;
import io.maestro.testing.server.Population;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The console on a full server, as a person's browser sees it: {@code core-bundles/console/web/e2e/measure.mjs} drives the
 * Chromium of the machine. Needs Node, and a console that was built.
 */
final class ConsoleMeasure {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIMIT_MINUTES = 60;

    /** An event each second of a day. */
    private static final int EVENTS = 24 * 60 * 60;

    private final Path distribution;
    private final Path work;
    private final Path web;
    private final Population population;

    /**
     * Measures on as many adapters, tenants and instances.
     *
     * @param web the folder with the console's sources and its installed packages
     */
    ConsoleMeasure(Path distribution, Path work, Path web, Population population) {
        this.distribution = distribution;
        this.work = work;
        this.web = web;
        this.population = population;
    }

    /**
     * What the script says of everything that it measured.
     *
     * @param loads of each page
     * @param seconds how long the day of events takes
     */
    List<Figure> figures(TestDatabase database, int loads, int seconds) throws Exception {
        Path data = work.resolve("console");
        Sizes sizes = new Sizes(distribution, data, population, database);
        sizes.fill();
        try (Server server = sizes.start()) {
            Sizes.awaitAllOpen(server, population);
            return run(scene(server, loads, seconds));
        }
    }

    private Map<String, Object> scene(Server server, int loads, int seconds) throws IOException {
        String[] path = population.path(0).split("/", -1);
        Map<String, Object> scene = new HashMap<>();
        scene.put("base", "http://127.0.0.1:" + server.port());
        scene.put("chromium", Chromium.program().toString());
        scene.put("token", server.token());
        scene.put("tenant", path[3]);
        scene.put("environment", path[5]);
        scene.put("instance", path[7]);
        scene.put("adapter", Population.adapter(0));
        scene.put("loads", loads);
        scene.put("events", EVENTS);
        scene.put("seconds", seconds);
        scene.put("tabs", 10);
        return scene;
    }

    private List<Figure> run(Map<String, Object> scene) throws IOException, InterruptedException {
        Path file = Files.writeString(work.resolve("scene.json"), JSON.writeValueAsString(scene));
        Path output = work.resolve("console.txt");
        Process process = new ProcessBuilder("node", "e2e/measure.mjs", file.toString())
                .directory(web.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        List<Figure> figures = new ArrayList<>();
        for (String line : Files.readAllLines(output)) {
            figures.add(line.startsWith("{") ? figure(JSON.readTree(line)) : Figure.missing("console", "", line));
        }
        return figures;
    }

    private Figure figure(JsonNode line) {
        double[] values = new double[line.path("values").size()];
        Arrays.setAll(values, i -> line.path("values").path(i).asDouble());
        String how = line.path("how").asText();
        String busy = "; " + line.path("busy").asText();
        return switch (line.path("what").asText()) {
            case "entry" -> Figure.atMost("console: entry script, gzip", values[0], 200, " kB", how);
            case "paint" ->
                Figure.atMost(
                        "console: first paint, " + how,
                        Figure.median(values),
                        1500,
                        " ms",
                        "rows drawn, from the navigation of a browser that was never here; median of " + values.length
                                + ", worst " + Math.round(Figure.percentile(values, 1)) + " ms" + busy);
            case "filter" ->
                Figure.atMost(
                        "console: filter, " + how,
                        Figure.median(values),
                        300,
                        " ms",
                        "from the key to all rows drawn; median of " + values.length + ", worst "
                                + Math.round(Figure.percentile(values, 1)) + " ms" + busy);
            case "heap" ->
                Figure.atMost(
                        "console: growth of a page's heap over 24 simulated hours",
                        values[values.length - 1] - values[0],
                        1,
                        " MB",
                        "after collections, from the first tenth to the last: " + Sizes.text(values) + " MB; " + how);
            case "tabs" ->
                Figure.atMost(
                        "console: first paint of the last of " + values.length + " tabs",
                        values[values.length - 1],
                        1500,
                        " ms",
                        how + "; the slowest of them " + Math.round(Figure.percentile(values, 1)) + " ms" + busy);
            case "told" ->
                Figure.atMost(
                        "console: a change in each of " + values.length + " tabs, slowest",
                        Figure.percentile(values, 1),
                        1500,
                        " ms",
                        how + "; fastest " + Math.round(Figure.percentile(values, 0.01)) + " ms" + busy);
            default -> Figure.missing("console", "", how);
        };
    }
}
