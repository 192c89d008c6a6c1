package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.e2e.Api.Answer;
import io.maestro.testing.peers.S3Proxy;
import io.maestro.testing.server.LaunchedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Evidence of a tenant stays in its region, is refused elsewhere by the built-in policy, and moves from files to a bucket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResidencyTest {
    private static final String PROD = "/api/tenants/acme/environments/prod";
    private static final String EVIDENCE = PROD + "/data/evidence/";

    private S3Proxy s3;
    private LaunchedServer server;
    private Path data;
    private Api admin;
    private Api program;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        s3 = S3Proxy.start(folder.resolve("s3"));
        s3.createBucket("acme-frankfurt");
        data = folder.resolve("data");
        server = LaunchedServer.start(data, "--no-demo");
        admin = Api.admin(server);
        admin.install("storage.file", "storage.s3");
        admin.tenant("acme");
        // where the nodes stand, and so what storage-file keeps
        expect(200, admin.putJson("/api/policy/settings", Map.of("region", "eu-central-1")));
        running("frankfurt", "storage-file@1.0.0", Map.of());
        running("bucket", "storage-s3@1.0.0", s3("eu-central-1"));
        running("overseas", "storage-s3@1.0.0", s3("us-east-1"));
        // with the setting, that one could not be made any more
        expect(200, admin.putJson("/api/tenants/acme/policy-settings", Map.of("regions", List.of("eu-central-1"))));
        JsonNode token = expect(
                201, admin.post("/api/tenants/acme/tokens", Map.of("name", "program", "roles", List.of("service"))));
        program = admin.as(token.path("bearer").asText());
    }

    @AfterAll
    void stop() {
        server.close();
        s3.close();
    }

    private Map<String, Object> s3(String region) {
        return Map.of(
                "endpoint",
                s3.endpoint().toString(),
                "region",
                region,
                "bucket",
                "acme-frankfurt",
                "prefix",
                region + "/",
                "accessKeyId",
                S3Proxy.ACCESS_KEY_ID,
                "secretAccessKey",
                S3Proxy.SECRET_ACCESS_KEY);
    }

    private void running(String id, String adapter, Map<String, Object> configuration) {
        JsonNode made = admin.instance("acme/prod", id, adapter, configuration);
        assertThat(made.path("observed").asText()).as("%s", made).isEqualTo("running");
    }

    @Test
    void evidenceStaysInItsRegionIsRefusedElsewhereAndMovesWhole() throws Exception {
        expect(200, admin.putJson(PROD + "/storage-routes/eu-central-1/evidence", Map.of("instance", "frankfurt")));
        for (int i = 0; i < 20; i++) {
            JsonNode stored = expect(
                    200,
                    program.put(EVIDENCE + "audit/" + i + "?region=eu-central-1", ("report " + i).getBytes(UTF_8)));
            assertThat(stored.path("instance").asText()).isEqualTo("frankfurt");
        }

        refused();

        JsonNode locations = expect(200, admin.get("/api/tenants/acme/storage-locations"));
        assertThat(locations.path("items").asLong()).isEqualTo(20);
        assertThat(locations.path("locations")).singleElement().satisfies(location -> {
            assertThat(location.path("region").asText()).isEqualTo("eu-central-1");
            assertThat(location.path("instance").asText()).isEqualTo("frankfurt");
        });

        JsonNode begun = expect(
                201,
                admin.post(
                        PROD + "/transfers",
                        Map.of("source", "frankfurt", "target", "bucket", "region", "eu-central-1")));
        // a kill in the middle of it, or right after; either way it goes on
        server.kill9();
        server = LaunchedServer.start(data, "--no-demo");
        admin = new Api(server.base(), admin.token());
        program = admin.as(program.token());
        String transfer = PROD + "/transfers/" + begun.path("id").asText();
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(
                                expect(200, admin.get(transfer)).path("state").asText())
                        .isEqualTo("done"));
        assertThat(expect(200, admin.get(transfer)).path("movedItems").asLong()).isEqualTo(20);
        assertThat(new String(program.get(EVIDENCE + "audit/7").bytes(), UTF_8)).isEqualTo("report 7");
        assertThat(expect(200, program.put(EVIDENCE + "audit/7?region=eu-central-1", "newer".getBytes(UTF_8)))
                        .path("instance")
                        .asText())
                .isEqualTo("bucket");
        assertThat(expect(200, admin.get(Api.instances("acme/prod") + "/frankfurt/objects"))
                        .path("items"))
                .isEmpty();
        assertThat(expect(200, admin.get(Api.instances("acme/prod") + "/bucket/objects?prefix=evidence/"))
                        .path("items")
                        .size())
                .isBetween(20, 21);
    }

    /** By the built-in policy, with a decision that can be explained and a security event of the same request. */
    private void refused() {
        Answer denied = admin.putJson(PROD + "/storage-routes/us-east-1/evidence", Map.of("instance", "overseas"));
        assertThat(denied.status()).isEqualTo(403);
        assertThat(denied.code()).isEqualTo("policy-denied");
        assertThat(denied.body().path("rule").asText()).isEqualTo("region-not-allowed");
        Answer elsewhere =
                admin.putJson(PROD + "/storage-routes/eu-central-1/artifact", Map.of("instance", "overseas"));
        assertThat(elsewhere.code()).isEqualTo("policy-denied");
        assertThat(elsewhere.body().path("reasons").toString()).contains("data-leaves-region");

        String settings = "/api/tenants/acme/policy-settings";
        expect(200, admin.putJson(settings, Map.of("regions", List.of("eu-west-1"))));
        Answer write = program.put(EVIDENCE + "late?region=eu-central-1", "late".getBytes(UTF_8));
        assertThat(write.code()).as("%s", write.body()).isEqualTo("policy-denied");
        assertThat(write.body().path("reasons").toString()).contains("region-not-allowed");
        assertThat(program.get(EVIDENCE + "late").code()).isEqualTo("data-unknown");
        expect(200, admin.putJson(settings, Map.of("regions", List.of("eu-central-1"))));

        JsonNode rows =
                expect(200, admin.get("/api/tenants/acme/denied-writes")).path("items");
        assertThat(rows.findValuesAsText("action"))
                .containsExactly("data.put", "storage-route.put", "storage-route.put");
        JsonNode events = expect(200, admin.get("/api/security-events?rule=residency&tenant=acme"))
                .path("items");
        assertThat(events.findValuesAsText("correlationId")).isEqualTo(rows.findValuesAsText("correlationId"));
        for (JsonNode row : rows) {
            JsonNode explained = expect(
                    200,
                    admin.get("/api/tenants/acme/policy/explain?decisionId="
                            + row.path("decisionId").asText()));
            assertThat(explained.toString()).contains("data/residency");
        }
    }
}
