package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import io.maestro.testing.peers.OidcProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An act of high risk takes two people, whom an OpenID Connect provider vouches for, at the launched server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ApprovalsTest {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Map<String, String> REASON = Map.of("reason", "looked at it");

    private ProviderScenario scenario;
    private LocalIssuer issuer;
    private Jwts key;
    private Api alice;
    private Api bob;
    private Api tokenOfAlice;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        scenario = ProviderScenario.start(folder);
        key = Jwts.rsa();
        issuer = LocalIssuer.start(key);
        scenario.provider("local", Map.of("issuer", issuer.issuer(), "clientId", "maestro"), OidcProvider.ROLES_CLAIM);
        alice = person("alice");
        bob = person("bob");
        // under dual control even that would take two people
        tokenOfAlice = token(alice);
        expect(200, scenario.admin.putJson("/api/tenants/acme/policy-settings", Map.of("dualControl", true)));
    }

    @AfterAll
    void stop() {
        issuer.close();
        scenario.close();
    }

    @Test
    void whatOnePersonAsksForAndAnotherApprovesIsDoneOnceAndReceipted() {
        String approval = asked("approved");

        Api.Answer own = alice.post("/api/approvals/" + approval + "/approve", REASON);
        assertThat(own.status()).isEqualTo(403);
        assertThat(own.body().path("rule").asText()).isEqualTo("own-request");
        Api.Answer throughToken = tokenOfAlice.post("/api/approvals/" + approval + "/approve", REASON);
        assertThat(throughToken.status()).isEqualTo(403);
        assertThat(throughToken.body().path("rule").asText()).isEqualTo("own-request");
        assertThat(alice.postApproved(approval, Api.instances("acme/dev"), wanted("approved"))
                        .status())
                .as("nobody has approved it yet")
                .isEqualTo(403);

        expect(200, bob.post("/api/approvals/" + approval + "/approve", REASON));

        assertThat(alice.postApproved(approval, Api.instances("acme/dev"), wanted("another"))
                        .status())
                .as("another act than the one that was approved")
                .isEqualTo(403);
        expect(201, alice.postApproved(approval, Api.instances("acme/dev"), wanted("approved")));
        expect(204, alice.delete(Api.instances("acme/dev") + "/approved"));
        assertThat(alice.postApproved(approval, Api.instances("acme/dev"), wanted("approved"))
                        .status())
                .as("an approval holds once")
                .isEqualTo(403);
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            JsonNode receipts = expect(200, scenario.admin.get("/api/tenants/acme/receipts?limit=500"));
            assertThat(receipts.path("items"))
                    .extracting(receipt -> receipt.at("/body/action").asText() + " by "
                            + receipt.at("/body/actor").asText())
                    .contains(
                            "approval.request by user:local/alice",
                            "approval.approve by user:local/bob",
                            "approval.use by user:local/alice",
                            "instance.create by user:local/alice");
        });
    }

    @Test
    void whatIsRejectedIsNotDone() {
        String approval = asked("rejected");
        expect(200, bob.post("/api/approvals/" + approval + "/reject", REASON));

        Api.Answer refused = alice.postApproved(approval, Api.instances("acme/dev"), wanted("rejected"));

        assertThat(refused.status()).isEqualTo(403);
        assertThat(bob.post("/api/approvals/" + approval + "/approve", REASON).status())
                .as("a verdict is not changed")
                .isEqualTo(409);
        assertThat(alice.get(Api.instances("acme/dev") + "/rejected").status()).isEqualTo(404);
    }

    private String asked(String instance) {
        Api.Answer answer = alice.post(Api.instances("acme/dev"), wanted(instance));
        assertThat(answer.code()).as("%s", answer.body()).isEqualTo("approval-required");
        String approval = answer.body().path("approvalId").asText();
        assertThat(expect(200, bob.get("/api/approvals")).path("items"))
                .extracting(request -> request.path("id").asText())
                .contains(approval);
        return approval;
    }

    private Map<String, Object> wanted(String instance) {
        return Map.of(
                "id",
                instance,
                "adapter",
                "identity-oidc@1.0.0",
                "configuration",
                Map.of("issuer", issuer.issuer(), "clientId", "maestro"));
    }

    private Api token(Api person) {
        return person.as(expect(
                        201,
                        person.post(
                                "/api/tenants/acme/tokens", Map.of("name", "second", "roles", List.of("tenant_admin"))))
                .path("bearer")
                .asText());
    }

    private Api person(String name) {
        Map<String, Object> claims = new HashMap<>(issuer.claims("maestro"));
        claims.put("sub", name);
        claims.put(OidcProvider.ROLES_CLAIM, List.of("maestro-admins"));
        return scenario.admin.as(key.sign(claims));
    }
}
