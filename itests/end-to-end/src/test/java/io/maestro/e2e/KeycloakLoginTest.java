package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.peers.Chromium;
import io.maestro.testing.peers.Keycloak;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The same against Keycloak, which asks for a password and has roles of its own kind. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KeycloakLoginTest {
    private ProviderScenario scenario;
    private Keycloak keycloak;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        scenario = ProviderScenario.start(folder);
        keycloak = Keycloak.start(folder.resolve("keycloak"));
        scenario.provider(
                "staff",
                Map.of(
                        "issuer",
                        keycloak.issuer(),
                        "clientId",
                        Keycloak.CLIENT_ID,
                        "clientSecret",
                        Keycloak.CLIENT_SECRET,
                        "audiences",
                        List.of(Keycloak.AUDIENCE)),
                Keycloak.ROLES_CLAIM);
    }

    @AfterAll
    void stop() {
        keycloak.close();
        scenario.close();
    }

    @Test
    void knowsProgramsAndPeopleByTheirTokens() throws Exception {
        JsonNode program = expect(200, scenario.admin.as(keycloak.token()).get("/api/whoami"));
        assertThat(program.path("roles").toString()).isEqualTo("[\"tenant_developer\"]");
        JsonNode alice = expect(200, scenario.admin.as(keycloak.token("alice")).get("/api/whoami"));
        assertThat(alice.path("roles").toString()).isEqualTo("[\"tenant_admin\"]");
        assertThat(alice.path("id").asText()).startsWith("user:staff/");
    }

    @Test
    void rotatesTheSigningKeyUnderLoadWithoutAFailedCall() throws Exception {
        try (SteadyCalls calls = new SteadyCalls(scenario.server.at("/api/whoami"), keycloak.token("bob"))) {
            calls.awaitGood(100);
            keycloak.rotate();
            calls.awaitGood(50);
            calls.carry(keycloak.token("bob"));
            calls.awaitGood(150);
        }
    }

    @Test
    void logsPeopleInWithABrowser(@TempDir Path folder) throws Exception {
        try (Chromium browser = Chromium.start(folder)) {
            scenario.beginLogin(browser, "staff");
            browser.fill("#username", "alice");
            browser.fill("#password", Keycloak.password("alice"));
            browser.click("#kc-login");
            browser.awaitAddress(scenario.server.at("/console"));
            scenario.useSession(browser, "made-with-keycloak");
        }
    }
}
