package io.maestro.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server of each profile simulates the suite of that profile as expected, and nothing in its database has changed then. */
final class SimulationTest {
    private static final Path POLICY = Path.of("../../policy").toAbsolutePath().normalize();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    /**
     * Reading with a token notes that it was used; chains and old events are looked after by the clock, by which nodes say
     * that they are there; no simulation does any of that.
     */
    private static final List<String> OTHERWISE =
            List.of("identity.", "provenance.", "store.fact", "store.event_floor", "adapters.node");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"internal-edition, internal", "white-label-edition, white-label", "hosted-saas, hosted-saas"})
    void simulatesTheSuiteOfItsProfileAndChangesNothing(String edition, String profile) throws Exception {
        Path suite = POLICY.resolve("simulations").resolve(profile);
        JsonNode expected = JSON.readTree(Files.readString(suite.resolve("expected.json")));
        try (LaunchedServer server = LaunchedServer.start(folder.resolve("data"), "--no-demo", "--profile", edition)) {
            List<String> before = settled(server);

            JsonNode answer = simulate(server, suite.resolve("inputs.json"));

            assertThat(answer.path("asked").asInt()).isEqualTo(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat(answer.path("answers").path(i).asText())
                        .as("%s: %s", profile, expected.path(i).path("what").asText())
                        .isEqualTo(expected.path(i).path("outcome").asText());
            }
            assertThat(answer.path("changed").asInt())
                    .as("the built-in pack is the one that decides")
                    .isZero();
            assertThat(settled(server)).isEqualTo(before);
        }
    }

    private JsonNode simulate(LaunchedServer server, Path inputs) throws Exception {
        Path out = folder.resolve("simulated.json");
        ProcessBuilder command = new ProcessBuilder(
                        Distribution.built().maestro().toString(),
                        "simulate",
                        "--json",
                        "-m",
                        POLICY.resolve("packs/maestro").toString(),
                        "-i",
                        inputs.toString())
                .redirectOutput(out.toFile())
                .redirectError(folder.resolve("errors").toFile());
        command.environment().put("MAESTRO_URL", server.base().toString());
        command.environment().put("MAESTRO_TOKEN", server.token());
        Process process = command.start();
        assertThat(process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("errors")))
                .isZero();
        return JSON.readTree(Files.readString(out));
    }

    /** All rows, once what the start has written down is written down. */
    private static List<String> settled(LaunchedServer server) {
        AtomicReference<List<String>> last = new AtomicReference<>(List.of());
        return Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            List<String> now = everything(server);
                            return now.equals(last.getAndSet(now)) ? now : List.<String>of();
                        },
                        rows -> !rows.isEmpty());
    }

    private static List<String> everything(LaunchedServer server) throws IOException, SQLException {
        List<String> all = new ArrayList<>();
        try (Connection owner = server.connect();
                Statement statement = owner.createStatement()) {
            statement.execute("set maestro.platform = 'on'");
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery(
                    "select schemaname || '.' || tablename from pg_tables where schemaname not in ('pg_catalog',"
                            + " 'information_schema') order by 1")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            tables.removeIf(table -> OTHERWISE.stream().anyMatch(table::startsWith));
            assertThat(tables).contains("policy.decision", "policy.approval", "tenancy.tenant");
            for (String table : tables) {
                try (ResultSet found = statement.executeQuery(
                        "select '" + table + " ' || t::text || xmin::text from " + table + " t order by 1")) {
                    while (found.next()) {
                        all.add(found.getString(1));
                    }
                }
            }
        }
        // what the sealer notes of its own key, whenever it comes to that after the start
        all.removeIf(row -> row.contains(",system:provenance,"));
        return all;
    }
}
