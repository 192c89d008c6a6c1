package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.peers.Chromium;
import io.maestro.testing.rest.Endpoint;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A launched server with the tenants acme and globex that can be given identity providers, whichever they are. */
final class ProviderScenario implements AutoCloseable {
    final LaunchedServer server;
    final Api admin;

    private ProviderScenario(LaunchedServer server) {
        this.server = server;
        this.admin = Api.admin(server);
    }

    /** Starts the server and installs the adapter for OpenID Connect. */
    static ProviderScenario start(Path folder) throws IOException {
        ProviderScenario scenario = new ProviderScenario(LaunchedServer.start(folder.resolve("data"), "--no-demo"));
        scenario.admin.install("identity.oidc");
        scenario.admin.tenant("acme");
        scenario.admin.tenant("globex");
        return scenario;
    }

    /** Below this are the addresses to which providers send browsers back, each with an id that is not known before. */
    String callbacks() {
        return server.base() + "/api/login/callback";
    }

    /** Gives acme an identity provider that may grant everything within the tenant. */
    void provider(String name, Map<String, ?> configuration, String rolesClaim) {
        JsonNode made = provider(admin, "acme", name, configuration, rolesClaim);
        assertThat(made.path("redirectUri").asText()).startsWith(callbacks() + "/");
    }

    /** Gives a tenant an identity provider that may grant everything within it; what the server says of it. */
    static JsonNode provider(Api admin, String tenant, String name, Map<String, ?> configuration, String rolesClaim) {
        Map<String, Object> whole = new HashMap<>(configuration);
        whole.put(
                "mapping",
                Map.of(
                        "roles",
                        List.of(Map.of(
                                "claim",
                                rolesClaim,
                                "values",
                                Map.of(
                                        "maestro-admins", List.of("tenant_admin", "platform_admin"),
                                        "maestro-developers", List.of("tenant_developer")))),
                        "attributes",
                        Map.of("department", "department")));
        JsonNode instance = admin.instance(tenant + "/prod", name, "identity-oidc@1.0.0", whole);
        assertThat(instance.path("observed").asText()).as("%s", instance).isEqualTo("running");
        return expect(
                201,
                admin.post(
                        "/api/tenants/" + tenant + "/identity-providers",
                        Map.of(
                                "name",
                                name,
                                "environment",
                                "prod",
                                "instance",
                                name,
                                "roles",
                                List.of("tenant_admin", "tenant_developer"))));
    }

    /** Sends the browser to a provider of acme, to come back to the console. */
    void beginLogin(Chromium browser, String provider) throws IOException {
        browser.go(server.at("/api/login?tenant=acme&provider=" + provider + "&returnTo=/console"));
    }

    /**
     * What somebody does who has just logged in as an administrator of acme: looks who they are, fails to write without the
     * CSRF token, writes with it, is kept out of globex, and logs out. What proves the session is shown nowhere meanwhile.
     */
    void useSession(Chromium browser, String environment) throws IOException, SQLException {
        // stands for the console; what was just redirected to it is not replaced
        browser.pageAt(server.at("/console"), "<title>Console</title>");
        browser.go(server.at("/console"));
        JsonNode session = browser.evaluate("fetch('/api/session').then(answer => answer.json())");
        assertThat(session.at("/principal/tenant").asText()).as("%s", session).isEqualTo("acme");
        assertThat(session.at("/principal/roles")).hasSize(1);
        assertThat(session.at("/principal/roles/0").asText()).isEqualTo("tenant_admin");
        assertThat(browser.evaluate("document.cookie").asText()).isEmpty();
        assertThat(browser.cookies()).anySatisfy(cookie -> {
            assertThat(cookie.path("name").asText()).isEqualTo("maestro_session");
            assertThat(cookie.path("httpOnly").asBoolean()).isTrue();
            assertThat(cookie.path("sameSite").asText()).isEqualTo("Lax");
        });

        String token = session.path("csrfToken").asText();
        String body = "{\\\"name\\\":\\\"" + environment + "\\\"}";
        assertThat(write(browser, "/api/tenants/acme/environments", "", body)).isEqualTo(403);
        assertThat(write(browser, "/api/tenants/acme/environments", token, body))
                .isEqualTo(201);
        assertThat(whatGlobexAnswers(browser, token))
                .hasSizeGreaterThan(20)
                .allSatisfy(answer -> assertThat(answer.asText()).startsWith("403 "));
        assertThatNobodyOfGlobexEnds(browser);
        Sweep sweep = sweep(browser, token);
        sweep.crawl(admin);
        try (Connection owner = server.connect()) {
            sweep.read(owner);
        }
        assertThat(write(browser, "/api/logout", token, "")).isEqualTo(204);
        assertThat(browser.evaluate("fetch('/api/whoami').then(answer => answer.status)")
                        .asInt())
                .isEqualTo(401);
        sweep.read(server.data().resolve("logs"));
        sweep.look("output", server.output().getBytes(UTF_8));
        assertThat(sweep.leaks()).isEmpty();
    }

    /** Has a page of acme's person ask everything that globex has, and gives the statuses with what was asked. */
    private JsonNode whatGlobexAnswers(Chromium browser, String csrfToken) throws IOException {
        List<List<String>> asked = admin.endpoints().stream()
                .filter(Endpoint::ofTenant)
                .map(endpoint -> List.of(
                        endpoint.verb(),
                        endpoint.path(Map.of("tenant", "globex", "environment", "prod", "member", "user:corp%2Fbob")),
                        endpoint.mediaType().orElse("application/json")))
                .toList();
        return browser.evaluate("Promise.all(" + Api.json(asked) + ".map(([method, path, type]) => fetch(path, {method,"
                + " headers: {'content-type': type, 'x-csrf-token': '" + csrfToken + "'},"
                + " body: method === 'GET' || method === 'DELETE' ? undefined : '{}'})"
                + ".then(answer => answer.status + ' ' + method + ' ' + path)))");
    }

    /** Whoever administers globex can neither see nor end acme's sessions. */
    private void assertThatNobodyOfGlobexEnds(Chromium browser) throws IOException {
        Api globex = admin.as(expect(
                        201,
                        admin.post(
                                "/api/tenants/globex/tokens",
                                Map.of("name", "admin", "roles", List.of("tenant_admin"))))
                .path("bearer")
                .asText());
        JsonNode sessions = expect(200, admin.get("/api/tenants/acme/sessions")).path("items");
        assertThat(sessions).isNotEmpty();
        assertThat(expect(200, globex.get("/api/tenants/globex/sessions")).path("items"))
                .isEmpty();
        for (JsonNode session : sessions) {
            String id = session.path("id").asText();
            assertThat(globex.delete("/api/tenants/globex/sessions/" + id).status())
                    .isEqualTo(404);
            assertThat(globex.delete("/api/tenants/acme/sessions/" + id).status())
                    .isEqualTo(403);
            assertThat(globex.delete("/api/sessions/" + id).status()).isEqualTo(403);
        }
        assertThat(browser.evaluate("fetch('/api/whoami').then(answer => answer.status)")
                        .asInt())
                .isEqualTo(200);
    }

    /** Looks for what proves the browser's session. */
    private static Sweep sweep(Chromium browser, String csrfToken) throws IOException {
        Map<String, String> secrets = new HashMap<>();
        secrets.put("CSRF token", csrfToken);
        for (JsonNode cookie : browser.cookies()) {
            if (cookie.path("name").asText().equals("maestro_session")) {
                String value = cookie.path("value").asText();
                assertThat(value).startsWith("mss_");
                secrets.put("session cookie", value);
                secrets.put("secret half of the session cookie", value.substring(value.indexOf('_', 4) + 1));
            }
        }
        assertThat(secrets).hasSize(3);
        return new Sweep(
                secrets,
                Map.of(
                        "tenant", List.of("acme"),
                        "environment", List.of("prod"),
                        "version", List.of("1.0.0"),
                        "key", List.of()));
    }

    /** Has a page send a write, and gives the status of the answer. */
    private static int write(Chromium browser, String path, String csrfToken, String body) throws IOException {
        return browser.evaluate("fetch('" + path + "', {method: 'POST', headers: {'content-type': 'application/json',"
                        + " 'x-csrf-token': '" + csrfToken + "'}, body: \"" + body
                        + "\"}).then(answer => answer.status)")
                .asInt();
    }

    @Override
    public void close() {
        server.close();
    }
}
