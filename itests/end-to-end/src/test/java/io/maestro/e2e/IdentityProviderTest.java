package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.peers.Chromium;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import io.maestro.testing.peers.OidcProvider;
import io.maestro.testing.server.Distribution;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Callers whom an OpenID Connect provider vouches for, at the launched server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdentityProviderTest {
    private ProviderScenario scenario;
    private OidcProvider corp;
    private LocalIssuer local;
    private Jwts key;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        scenario = ProviderScenario.start(folder);
        corp = OidcProvider.start(
                folder.resolve("corp"), List.of(URI.create(scenario.callbacks() + "/*")), Duration.ofMinutes(30));
        scenario.provider(
                "corp",
                Map.of(
                        "issuer",
                        corp.issuer(),
                        "clientId",
                        OidcProvider.CLIENT_ID,
                        "clientSecret",
                        OidcProvider.CLIENT_SECRET,
                        "audiences",
                        List.of(OidcProvider.AUDIENCE),
                        // two rotations within seconds are more than any provider does
                        "jwksRefreshSeconds",
                        1),
                OidcProvider.ROLES_CLAIM);
        key = Jwts.rsa();
        local = LocalIssuer.start(key);
        scenario.provider(
                "local",
                Map.of("issuer", local.issuer(), "clientId", "maestro", "clockSkewSeconds", 0),
                OidcProvider.ROLES_CLAIM);
    }

    @AfterAll
    void stop() {
        local.close();
        corp.close();
        scenario.close();
    }

    @Test
    void knowsProgramsAndPeopleByTheirTokens() throws Exception {
        JsonNode program = expect(200, as(corp.token()).get("/api/whoami"));
        assertThat(program.path("roles").toString()).isEqualTo("[\"tenant_developer\"]");
        assertThat(program.path("id").asText()).isEqualTo("user:corp/maestro");
        JsonNode alice = expect(200, as(corp.token("alice")).get("/api/whoami"));
        // the instance grants platform_admin too, but a tenant's provider may not
        assertThat(alice.path("roles").toString()).isEqualTo("[\"tenant_admin\"]");
        assertThat(alice.path("tenant").asText()).isEqualTo("acme");
        assertThat(alice.path("name").asText()).isEqualTo("Alice Example");
        assertThat(alice.at("/attributes/department/0").asText()).isNotEmpty();
    }

    @Test
    void refusesEveryTokenThatIsNotRight() {
        expect(200, as(key.sign(claims(any -> {}))).get("/api/whoami"));
        long now = System.currentTimeMillis() / 1000;
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("expired", key.sign(claims(claims -> claims.put("exp", now - 60))));
        wrong.put("not yet valid", key.sign(claims(claims -> claims.put("nbf", now + 600))));
        wrong.put("from the future", key.sign(claims(claims -> claims.put("iat", now + 600))));
        wrong.put("for somebody else", key.sign(claims(claims -> claims.put("aud", "shop"))));
        wrong.put("of another issuer", key.sign(claims(claims -> claims.put("iss", local.issuer() + "/other"))));
        wrong.put("of another provider", key.sign(claims(claims -> claims.put("iss", corp.issuer()))));
        wrong.put("by nobody", Jwts.unsigned(claims(any -> {})));
        wrong.put("by a public key as a secret", key.signByPublicKey(claims(any -> {})));
        wrong.put("by an unknown key", Jwts.rsa().sign(claims(any -> {})));
        wrong.put("changed", Jwts.changed(key.sign(claims(any -> {})), claims(claims -> claims.put("sub", "root"))));
        wrong.forEach((what, token) -> {
            Api.Answer refused = as(token).get("/api/whoami");
            assertThat(refused.status()).as(what).isEqualTo(401);
            assertThat(refused.code()).as(what).isEqualTo("unauthenticated");
            assertThat(refused.body().toString()).as(what).doesNotContain(token);
        });
        JsonNode events = expect(200, scenario.admin.get("/api/security-events?rule=identity-provider"));
        assertThat(events.path("items")).isNotEmpty();
    }

    @Test
    void aFloodOfUnknownKeysCausesNoFloodOfFetchesAndKeepsNobodyOut() {
        String good = key.sign(claims(any -> {}));
        expect(200, as(good).get("/api/whoami"));
        int before = local.keyFetches();
        long began = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            Map<String, Object> header = new HashMap<>(key.header());
            header.put("kid", "unknown-" + i);
            assertThat(as(key.sign(header, claims(any -> {})))
                            .get("/api/whoami")
                            .status())
                    .isEqualTo(401);
        }
        long intervals = Duration.ofNanos(System.nanoTime() - began).toSeconds() / 10 + 1;
        assertThat(local.keyFetches() - before).isLessThanOrEqualTo((int) intervals);
        expect(200, as(good).get("/api/whoami"));
    }

    @Test
    void rotatesTheSigningKeyUnderLoadWithoutAFailedCall() throws Exception {
        try (SteadyCalls calls = new SteadyCalls(scenario.server.at("/api/whoami"), corp.token())) {
            calls.awaitGood(100);
            corp.rotate();
            calls.awaitGood(50);
            calls.carry(corp.token());
            calls.awaitGood(150);
            corp.rotate();
            calls.carry(corp.token());
            calls.awaitGood(150);
        }
    }

    @Test
    void aProviderThatIsDownConcernsItsOwnPeopleOnly() throws Exception {
        String bob = corp.token("bob");
        expect(200, scenario.admin.post(Api.instances("acme/prod") + "/local/stop", Map.of()));

        try {
            Api.Answer down = as(key.sign(claims(claims -> claims.put("sub", "somebody-new"))))
                    .get("/api/whoami");
            assertThat(down.status()).isEqualTo(503);
            assertThat(down.code()).isEqualTo("identity-provider-unavailable");
            expect(200, as(bob).get("/api/whoami"));
            expect(200, scenario.admin.get("/api/whoami"));
        } finally {
            expect(200, scenario.admin.post(Api.instances("acme/prod") + "/local/start", Map.of()));
        }
        expect(
                200,
                as(key.sign(claims(claims -> claims.put("sub", "somebody-else"))))
                        .get("/api/whoami"));
    }

    @Test
    void keepsPeopleWithinTheirTenant() throws Exception {
        Api alice = as(corp.token("alice"));
        expect(200, alice.get("/api/tenants/acme/environments"));
        assertThat(alice.get("/api/tenants/globex/environments").code()).isEqualTo("forbidden");
        assertThat(alice.get("/api/security-events").code()).isEqualTo("forbidden");
        JsonNode events = expect(
                200,
                scenario.admin.get(
                        "/api/security-events?tenant=globex&rule=tenant-boundary&principal=user:corp/alice"));
        assertThat(events.path("items")).isNotEmpty();
    }

    @Test
    void logsPeopleInWithABrowser(@TempDir Path folder) throws Exception {
        try (Chromium browser = Chromium.start(folder)) {
            scenario.beginLogin(browser, "corp");
            assertThat(browser.text()).contains("Who are you?");
            browser.click("text=alice");
            browser.awaitAddress(scenario.server.at("/console"));
            JsonNode listed = expect(200, scenario.admin.get("/api/tenants/acme/sessions"));
            assertThat(listed.path("items"))
                    .anySatisfy(session ->
                            assertThat(session.path("principal").asText()).isEqualTo("user:corp/alice"));
            scenario.useSession(browser, "made-in-a-browser");
        }
    }

    @Test
    void logsPeopleInAtTheCommandLine(@TempDir Path home) throws Exception {
        Path opened = home.resolve("opened");
        Path script = home.resolve("browser");
        Files.writeString(script, "#!/bin/sh\nprintf %s \"$1\" > " + opened + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        Process login = maestro(
                home,
                script,
                "login",
                "--tenant",
                "acme",
                "--provider",
                "corp",
                "--client-id",
                OidcProvider.CLI_CLIENT_ID);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> !login.isAlive() || (Files.exists(opened) && Files.size(opened) > 0));
        assertThat(opened).exists();

        URI back = corp.logIn(URI.create(Files.readString(opened)), "alice");
        try (HttpClient browser = HttpClient.newHttpClient()) {
            assertThat(browser.send(HttpRequest.newBuilder(back).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
        }

        assertThat(output(login)).contains("as Alice Example, tenant_admin.");
        assertThat(output(maestro(home, script, "whoami"))).contains("user:corp/alice", "acme");
        assertThat(output(maestro(home, script, "logout"))).contains("Logged out");
    }

    private Process maestro(Path home, Path browser, String... arguments) throws IOException {
        List<String> line = new ArrayList<>();
        line.add(Distribution.built().maestro().toString());
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().put("XDG_CONFIG_HOME", home.toString());
        builder.environment().put("BROWSER", browser.toString());
        builder.environment().put("MAESTRO_URL", scenario.server.base().toString());
        builder.environment().remove("MAESTRO_TOKEN");
        return builder.start();
    }

    private static String output(Process process) throws IOException, InterruptedException {
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Map<String, Object> claims(Consumer<Map<String, Object>> difference) {
        Map<String, Object> claims = new HashMap<>(local.claims("maestro"));
        claims.put(OidcProvider.ROLES_CLAIM, List.of("maestro-developers"));
        difference.accept(claims);
        return claims;
    }

    private Api as(String token) {
        return scenario.admin.as(token);
    }
}
