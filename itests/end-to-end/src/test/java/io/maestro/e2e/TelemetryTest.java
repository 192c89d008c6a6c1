package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.maestro.testing.artifacts.ArtifactForge;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a running node tells of itself: whose lines are whose, and what is counted. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TelemetryTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    private LaunchedServer server;
    private Api admin;

    @BeforeAll
    void start(@TempDir Path folder) {
        server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
        admin = Api.admin(server);
        TestPublisher publisher = TestPublisher.create("publisher");
        admin.trust(publisher);
        admin.tenant("acme");
        ArtifactForge forge =
                new ArtifactForge(publisher, TestPublisher.create("revoked"), TestPublisher.create("unknown"));
        expect(201, admin.upload(forge.good("good", "1.0.0")));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void aLineAboutAnInstanceSaysWhoseItIs() {
        JsonNode instance = admin.instance("acme/prod", "broken", "good@1.0.0", Map.of("greeting", "broken"));
        assertThat(instance.path("observed").asText()).isEqualTo("failed");

        assertThat(lines())
                .filteredOn(line -> line.path("message").asText().equals("instance acme/prod/broken cannot be opened"))
                .isNotEmpty()
                .allSatisfy(line -> {
                    assertThat(line.path("tenant").asText()).isEqualTo("acme");
                    assertThat(line.path("environment").asText()).isEqualTo("prod");
                    assertThat(line.path("instance").asText()).isEqualTo("broken");
                    assertThat(line.path("error").asText()).contains("configured to break");
                });
    }

    @Test
    void countsRequestsCallsAndInstances() {
        String files = Api.instances("acme/prod") + "/files";
        admin.instance("acme/prod", "files", "good@1.0.0", Map.of("greeting", "hello"));
        expect(200, admin.post(files + "/operations/list", Map.of()));
        expect(404, admin.get(files + "/objects/nothing"));

        // an answer is counted just after it was sent
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(metrics())
                        .contains(
                                "\nmc_adapter_calls_total{tenant=\"acme\",environment=\"prod\",instance=\"files\",outcome=\"ok\"} 1\n",
                                "\nmc_adapter_calls_total{tenant=\"acme\",environment=\"prod\",instance=\"files\","
                                        + "outcome=\"rejected\"} 1\n",
                                "\nmc_adapter_call_seconds_count{tenant=\"acme\",environment=\"prod\",instance=\"files\"} 2\n",
                                "\nmc_instances{observed=\"running\"} 1\n",
                                "\nmc_http_requests_total{method=\"GET\",status=\"404\"} 1\n"));
        assertThat(metrics()).doesNotContain(server.token());
    }

    private String metrics() {
        return expect(200, admin.get("/api/metrics")).asText();
    }

    private List<JsonNode> lines() {
        try {
            List<JsonNode> lines = new ArrayList<>();
            for (String line : Files.readAllLines(server.data().resolve("logs/maestro.log"))) {
                lines.add(JSON.readTree(line));
            }
            return lines;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
