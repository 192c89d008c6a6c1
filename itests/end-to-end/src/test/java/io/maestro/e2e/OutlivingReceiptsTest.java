package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.LaunchedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The receipts of a tenant stay when it leaves: readable, verifiable, exported, for the installation's own alone. */
final class OutlivingReceiptsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String RECEIPTS = "/api/tenants/acme/receipts";

    @TempDir
    private Path folder;

    @Test
    void thoseOfAnOffboardedTenantVerifyForPlatformAdminsAndAuditors() throws Exception {
        try (LaunchedServer server = LaunchedServer.start(folder.resolve("data"), "--no-demo")) {
            Api admin = Api.admin(server);
            admin.tenant("acme");
            Api own = admin.as(expect(201, admin.post("/api/tenants/acme/tokens", token("tenant_admin")))
                    .path("bearer")
                    .asText());
            Api auditor = admin.as(expect(201, admin.post("/api/tokens", token("auditor")))
                    .path("bearer")
                    .asText());
            expect(200, own.get(RECEIPTS));

            expect(200, admin.post("/api/tenants/acme/offboard", Map.of("confirm", "acme")));
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> expect(200, admin.get("/api/tenants/acme/offboard"))
                            .path("stage")
                            .asText()
                            .equals("finished"));
            assertThat(own.get(RECEIPTS).status()).isIn(401, 403, 409, 410);

            for (Api reader : List.of(admin, auditor)) {
                Awaitility.await()
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(actions(reader)).contains("token.create", "tenant.erase"));
                assertThat(expect(200, reader.get(RECEIPTS + "/verification?after=0"))
                                .path("verified")
                                .asBoolean())
                        .isTrue();
                assertThat(verified(reader)).contains("receipts of tenant:acme are as they were signed");
            }
        }
    }

    private static Map<String, Object> token(String role) {
        return Map.of("name", role, "roles", List.of(role), "lifetimeDays", 1);
    }

    private static List<String> actions(Api reader) {
        List<String> actions = new ArrayList<>();
        for (JsonNode receipt : expect(200, reader.get(RECEIPTS + "?limit=100")).path("items")) {
            assertThat(receipt.path("verified").asBoolean()).as("%s", receipt).isTrue();
            actions.add(receipt.at("/body/action").asText());
        }
        return actions;
    }

    private String verified(Api reader) throws Exception {
        Path export = folder.resolve("receipts.ndjson");
        Files.write(export, reader.get(RECEIPTS + "/export").bytes());
        Process verify = new ProcessBuilder(
                        Distribution.built().maestro().toString(), "receipts", "verify", export.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(verify.waitFor()).as(said).isZero();
        return said;
    }
}
