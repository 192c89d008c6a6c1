package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.artifacts.ArtifactForge;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
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

/** A fresh server asks the built-in pack before it does anything, and its receipts say what allowed each act. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DecisionsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);

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
        admin.instance("acme/prod", "files", "good@1.0.0", Map.of("greeting", "hello"));
        for (int i = 0; i < 3; i++) {
            expect(200, admin.post(Api.instances("acme/prod") + "/files/operations/list", Map.of()));
        }
        expect(200, admin.post(Api.instances("acme/prod") + "/files/stop", Map.of()));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private List<JsonNode> items(String path) {
        List<JsonNode> items = new ArrayList<>();
        expect(200, admin.get(path)).path("items").forEach(items::add);
        return items;
    }

    @Test
    void decidesOnceOnEachActAndCountsTheSameCall() {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            List<JsonNode> decisions = items("/api/policy/decisions?limit=500&outcome=allow");
            assertThat(decisions)
                    .filteredOn(one -> !one.path("action").asText().startsWith("policy-"))
                    .extracting(one -> one.path("action").asText())
                    .containsExactlyInAnyOrder(
                            "publisher-key.trust",
                            "tenant.create",
                            "adapter-definition.install",
                            "instance.create",
                            "operation.call",
                            "instance.stop");
            assertThat(decisions)
                    .filteredOn(one -> one.path("action").asText().equals("operation.call"))
                    .singleElement()
                    .satisfies(one -> assertThat(one.path("times").asInt()).isEqualTo(3));
            assertThat(decisions).allSatisfy(one -> {
                assertThat(one.at("/result/allow").asBoolean()).isTrue();
                assertThat(one.at("/bundles/maestro/revision").asText()).isNotEmpty();
            });
        });
    }

    @Test
    void namesTheDecisionInTheReceipt() {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode created = items("/api/tenants/acme/policy/decisions?path=adapter/install&outcome=allow").stream()
                    .findFirst()
                    .orElseThrow();
            assertThat(items("/api/tenants/acme/receipts").toString())
                    .contains(created.path("decision_id").asText());
        });
    }

    @Test
    void forbidsWhatTheSettingsOfATenantForbidAndExplainsIt() {
        expect(
                200,
                admin.putJson("/api/tenants/acme/policy-settings", Map.of("allowedAdapterTypes", List.of("payments"))));

        Api.Answer refused = admin.post(
                Api.instances("acme/prod"),
                Map.of("id", "more", "adapter", "good@1.0.0", "configuration", Map.of("greeting", "hello")));

        assertThat(refused.status()).as("%s", refused.body()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("policy-denied");
        String decision = refused.body().path("decisionId").asText();
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode why = items("/api/policy/explain?decisionId=" + decision).getFirst();
            assertThat(why.at("/rules/0/file").asText()).endsWith(".rego");
            assertThat(why.at("/rules/0/row").asInt()).isPositive();
            assertThat(why.at("/rules/0/reason/rule").asText())
                    .isEqualTo(refused.body().path("rule").asText());
        });
        expect(200, admin.putJson("/api/tenants/acme/policy-settings", Map.of()));
    }
}
