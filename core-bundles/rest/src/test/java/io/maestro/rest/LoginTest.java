package io.maestro.rest;

import static io.maestro.rest.Fakes.ACME;
import static io.maestro.rest.Fakes.ADMIN;
import static io.maestro.rest.Fakes.SESSION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.SecurityEvents.Filter;
import io.maestro.model.Digest;
import io.maestro.model.TenantId;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins and sessions as browsers see them, and what belongs to them. */
final class LoginTest {
    private static final String PROVIDERS = "/api/tenants/acme/identity-providers";
    private static final String CALLBACK = "/api/login/callback/0123456789abcdef";
    private static final String CORP =
            "{\"name\":\"corp\",\"environment\":\"prod\",\"instance\":\"corp-oidc\",\"roles\":[\"tenant_developer\"]}";

    private TestServer server;

    @BeforeEach
    void start() {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void sendsTheBrowserToItsProvider() {
        HttpResponse<String> begun = server.get("/api/login?tenant=acme&provider=corp&returnTo=%2Fconsole", null);

        assertThat(begun.statusCode()).isEqualTo(303);
        assertThat(begun.headers().firstValue("Location")).contains("https://idp.example/authorize?state=s");
        assertThat(begun.headers().allValues("Set-Cookie"))
                .containsExactly("maestro_login=sealed; Path=/api/login; Max-Age=600; HttpOnly; SameSite=Lax");
        assertThat(server.fakes.touched)
                .containsExactly("begin acme corp /console " + server.base() + "/api/login/callback");
    }

    @Test
    void letsNoPageOfAnotherSiteBeginALogin() {
        String login = "/api/login?tenant=acme&provider=corp";
        assertThat(TestServer.code(server.send(server.request(login, null).header("Sec-Fetch-Site", "cross-site"))))
                .isEqualTo("cross-site-refused");
        assertThat(server.fakes.touched).isEmpty();
        for (String site : List.of("none", "same-origin", "same-site")) {
            assertThat(server.send(server.request(login, null).header("Sec-Fetch-Site", site))
                            .statusCode())
                    .isEqualTo(303);
        }
    }

    @Test
    void takesTheBrowserBackWithASession() {
        HttpResponse<String> done = server.send(server.request(CALLBACK + "?state=s&code=c&iss=i", null)
                .header("Cookie", "other=1; maestro_login=sealed"));

        assertThat(done.statusCode()).isEqualTo(303);
        assertThat(done.headers().firstValue("Location")).contains("/console?tab=1");
        assertThat(done.headers().allValues("Set-Cookie"))
                .containsExactly(
                        "maestro_login=; Path=/api/login; Max-Age=0; HttpOnly; SameSite=Lax",
                        "maestro_session=new-session; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax");
        assertThat(server.fakes.touched).containsExactly("complete " + server.base() + "/api/login/callback");
        assertThat(server.fakes.sessions.returns.getFirst().provider()).isEqualTo("0123456789abcdef");
        assertThat(server.fakes.sessions.returns.getFirst().code()).isEqualTo("c");
        assertThat(server.fakes.sessions.returns.getFirst().issuer()).isEqualTo("i");
    }

    @Test
    void setsSecureCookiesWhereBrowsersComeByHttps() {
        try (TestServer https = new TestServer(URI.create("https://maestro.example"))) {
            HttpResponse<String> begun = https.get("/api/login?provider=corp", null);

            assertThat(begun.headers().firstValue("Set-Cookie"))
                    .contains("__Host-maestro_login=sealed; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
            https.send(https.request("/api/whoami", null).header("Cookie", "__Host-maestro_session=" + SESSION));
            assertThat(https.fakes.access.shown.getLast().session()).isEqualTo(SESSION);
            // any host of the neighbourhood may have set this one
            https.send(https.request("/api/whoami", null).header("Cookie", "maestro_session=" + SESSION));
            assertThat(https.fakes.access.shown.getLast().session()).isNull();
            assertThat(https.fakes.touched).contains("begin null corp / https://maestro.example/api/login/callback");
        }
    }

    @Test
    void takesNoBrowserBackThatDidNotBegin() {
        assertThat(TestServer.code(server.get(CALLBACK + "?state=s&code=c", null)))
                .isEqualTo("login-refused");
        assertThat(TestServer.code(server.send(server.request(CALLBACK + "?state=s&code=c", null)
                        .header("Cookie", "maestro_login=sealed; maestro_login=sealed"))))
                .isEqualTo("login-refused");
        assertThat(TestServer.code(server.get("/api/login", null))).isEqualTo("invalid-request");
        assertThat(TestServer.code(server.get("/api/login?provider=NO", null))).isEqualTo("invalid-name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/login/",
                "/api/login/other",
                "/api/login/callback",
                "/api/login/callback/corp",
                "/api/login/providers/",
                "/api/login/providers/a/b"
            })
    void opensNothingBesideTheLogin(String path) {
        assertThat(TestServer.code(server.get(path, null))).isEqualTo("unauthenticated");
        assertThat(TestServer.code(server.post("/api/login", null, "{}"))).isEqualTo("unauthenticated");
    }

    @Test
    void tellsEverybodyWherePeopleLogIn() {
        server.post(PROVIDERS, ACME, CORP);

        assertThat(server.get("/api/login/providers?tenant=acme", null).body())
                .isEqualTo("{\"items\":[{\"name\":\"corp\",\"displayName\":\"corp\"}],\"next\":null}");
        assertThat(server.get("/api/login/providers/corp?tenant=acme", null).body())
                .isEqualTo("{\"name\":\"corp\",\"displayName\":\"corp\",\"issuer\":\"https://idp.example\","
                        + "\"clientId\":\"maestro\",\"scopes\":[\"openid\"],\"audiences\":[\"maestro\"]}");
        assertThat(TestServer.code(server.get("/api/login/providers/other?tenant=acme", null)))
                .isEqualTo("identity-provider-unknown");
    }

    /** What the engine is told of a request with a session cookie. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", useHeadersInDisplayName = true, textBlock = """
            csrf | Origin                  | Sec-Fetch-Site | cross-site
            t    | -                       | -              | false
            t    | OURS                    | same-origin    | false
            -    | -                       | none           | false
            t    | http://evil.example     | -              | true
            t    | null                    | -              | true
            t    | OURS                    | same-site      | true
            t    | -                       | cross-site     | true
            t    | https://127.0.0.1       | -              | true
            """)
    void tellsWhetherOurOwnPageSentIt(
            @Nullable String csrf, @Nullable String origin, @Nullable String site, boolean crossSite) {
        HttpRequest.Builder request = server.request("/api/tenants/acme/environments", null)
                .header("Cookie", "maestro_session=" + SESSION)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\":\"qa\"}"));
        Optional.ofNullable(csrf).ifPresent(token -> request.header("X-CSRF-Token", token));
        Optional.ofNullable(origin)
                .ifPresent(from -> request.header(
                        "Origin", from.replace("OURS", server.base().toString())));
        Optional.ofNullable(site).ifPresent(from -> request.header("Sec-Fetch-Site", from));

        assertThat(server.send(request).statusCode()).isEqualTo(201);
        assertThat(server.fakes.access.shown.getLast()).isEqualTo(new Credentials(null, SESSION, csrf, crossSite));
    }

    @Test
    void showsBothIdentitiesAndTwoCookiesForNone() {
        server.send(server.request("/api/whoami", ACME).header("Cookie", "maestro_session=" + SESSION));
        assertThat(server.fakes.access.shown.getLast()).isEqualTo(new Credentials(ACME, SESSION, null, false));
        server.send(server.request("/api/whoami", null)
                .header("Authorization", "Basic x")
                .header("Cookie", "maestro_session=" + SESSION));
        assertThat(server.fakes.access.shown.getLast().bearer()).isEmpty();
        server.send(server.request("/api/whoami", null)
                .header("Cookie", "maestro_session=" + SESSION + "; maestro_session=" + SESSION));
        assertThat(server.fakes.access.shown.getLast().session()).isEmpty();
        server.send(server.request("/api/whoami", null).header("Cookie", "not_maestro_session=" + SESSION));
        assertThat(server.fakes.access.shown.getLast().session()).isNull();
    }

    @Test
    void showsAndEndsOnesOwnSession() {
        HttpResponse<String> own =
                server.send(server.request("/api/session", null).header("Cookie", "maestro_session=" + SESSION));

        JsonNode session = TestServer.json(own);
        assertThat(session.path("csrfToken").asText()).isEqualTo("csrf");
        assertThat(session.at("/session/id").asText()).isEqualTo("s1");
        assertThat(session.at("/principal/roles/0").asText()).isEqualTo("tenant_admin");
        assertThat(TestServer.code(server.get("/api/session", ACME))).isEqualTo("session-unknown");
        HttpResponse<String> out = server.send(server.request("/api/logout", null)
                .header("Cookie", "maestro_session=" + SESSION)
                .POST(BodyPublishers.noBody()));
        assertThat(out.statusCode()).isEqualTo(204);
        assertThat(out.headers().firstValue("Set-Cookie").orElseThrow())
                .startsWith("maestro_session=; Path=/; Max-Age=0");
        assertThat(server.fakes.touched).contains("logout " + SESSION);
    }

    @Test
    void listsAndEndsSessions() {
        assertThat(TestServer.json(server.get("/api/tenants/acme/sessions", ACME))
                        .at("/items/0/principal")
                        .asText())
                .isEqualTo("user:corp/ada");
        assertThat(server.get("/api/sessions", ADMIN).statusCode()).isEqualTo(200);
        server.send(server.request("/api/tenants/acme/sessions/s1", ACME).DELETE());
        server.send(server.request("/api/sessions/s1", ADMIN).DELETE());
        assertThat(server.fakes.touched).contains("end acme s1", "end null s1");
    }

    @Test
    void keepsIdentityProvidersWithTheirRevision() {
        HttpResponse<String> made = server.post(PROVIDERS, ACME, CORP);

        assertThat(made.statusCode()).isEqualTo(201);
        assertThat(made.headers().firstValue("Location")).contains(PROVIDERS + "/corp");
        assertThat(made.headers().firstValue("ETag")).contains("\"1-aaaaaaaaaaaaaaaa\"");
        JsonNode provider = TestServer.json(server.get(PROVIDERS + "/corp", ACME));
        assertThat(provider.path("issuer").asText()).isEqualTo("https://idp.example");
        assertThat(provider.path("tenant").asText()).isEqualTo("acme");
        assertThat(provider.path("redirectUri").asText()).isEqualTo(server.base() + CALLBACK);
        assertThat(TestServer.json(server.get(PROVIDERS, ACME))
                        .at("/items/0/redirectUri")
                        .asText())
                .isEqualTo(server.base() + CALLBACK);
        assertThat(TestServer.json(made).path("redirectUri").asText()).isEqualTo(server.base() + CALLBACK);
        String settings = "{\"displayName\":\"Staff\",\"environment\":\"prod\",\"instance\":\"corp-oidc\","
                + "\"roles\":[\"auditor\"],\"enabled\":false}";
        assertThat(TestServer.code(change(settings, "\"7\""))).isEqualTo("revision-changed");
        assertThat(TestServer.code(change(settings, "x"))).isEqualTo("revision-changed");
        HttpResponse<String> changed = change(settings, "\"1-aaaaaaaaaaaaaaaa\"");
        assertThat(changed.headers().firstValue("ETag")).contains("\"2-aaaaaaaaaaaaaaaa\"");
        assertThat(TestServer.json(changed).path("enabled").asBoolean()).isFalse();
        assertThat(server.send(server.request(PROVIDERS + "/corp", ACME)
                                .header("If-None-Match", "\"2-aaaaaaaaaaaaaaaa\""))
                        .statusCode())
                .isEqualTo(304);
        assertThat(server.send(server.request(PROVIDERS + "/corp", ACME).DELETE())
                        .statusCode())
                .isEqualTo(204);
        assertThat(TestServer.code(server.post("/api/identity-providers", ADMIN, CORP)))
                .isEqualTo("invalid-request");
    }

    @Test
    void showsWhetherTheInstanceIsWhatWasAgreedToAndTakesAnAgreement() {
        server.post(PROVIDERS, ACME, CORP);
        String agreed = "sha256:" + "a".repeat(64);
        JsonNode before = TestServer.json(server.get(PROVIDERS + "/corp", ACME));
        assertThat(before.path("agreedFingerprint").asText()).isEqualTo(agreed);
        assertThat(before.path("instanceFingerprint").asText()).isEqualTo(agreed);
        assertThat(before.path("confirmed").asBoolean()).isTrue();

        server.fakes.providers.present = new Digest("b".repeat(64));
        HttpResponse<String> answer = server.send(
                server.request(PROVIDERS + "/corp", ACME).header("If-None-Match", "\"1-aaaaaaaaaaaaaaaa\""));
        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode after = TestServer.json(answer);
        assertThat(after.path("confirmed").asBoolean()).isFalse();
        String settings = "{\"displayName\":\"Staff\",\"environment\":\"prod\",\"instance\":\"corp-oidc\",\"roles\":[]";
        change(settings + "}", "\"1\"");
        assertThat(server.fakes.touched).noneMatch(touched -> touched.startsWith("agreed"));
        String present = after.path("instanceFingerprint").asText();
        change(settings + ",\"agreedFingerprint\":\"" + present + "\"}", "\"2\"");
        assertThat(server.fakes.touched).contains("agreed " + present);
        server.fakes.providers.present = null;
        JsonNode down = TestServer.json(server.get(PROVIDERS, ACME)).at("/items/0");
        assertThat(down.path("confirmed").asBoolean()).isFalse();
        assertThat(down.path("instanceFingerprint").isNull()).isTrue();
        assertThat(TestServer.code(change(settings + ",\"agreedFingerprint\":\"x\"}", "\"3\"")))
                .startsWith("invalid-");
    }

    private HttpResponse<String> change(String settings, String revision) {
        return server.send(server.request(PROVIDERS + "/corp", ACME)
                .header("Content-Type", "application/json")
                .header("If-Match", revision)
                .PUT(BodyPublishers.ofString(settings)));
    }

    @Test
    void rotatesATokenAndShowsItOnce() {
        HttpResponse<String> rotated = server.send(server.request("/api/tenants/acme/tokens/t1/rotate", ACME)
                .header("Content-Type", "application/json")
                .header("If-Match", "\"1\"")
                .POST(BodyPublishers.ofString("{\"graceMinutes\":60}")));

        assertThat(TestServer.json(rotated).path("bearer").asText()).isEqualTo("mst_t1_another");
        assertThat(rotated.headers().firstValue("ETag")).contains("\"2\"");
        server.post("/api/tokens/t1/rotate", ADMIN, "{}");
        assertThat(server.fakes.touched).contains("rotateToken t1 PT1H 1", "rotateToken t1 PT0S null");
    }

    @Test
    void findsSecurityEventsByWhatTheyAreAbout() {
        server.get(
                "/api/security-events?tenant=acme&rule=tenant-boundary&principal=token:x&from=2026-01-01T00:00:00Z"
                        + "&until=2026-02-01T00:00:00Z",
                ADMIN);
        assertThat(server.fakes.filters)
                .containsExactly(new Filter(
                        new TenantId("acme"),
                        Rule.TENANT_BOUNDARY,
                        "token:x",
                        Instant.parse("2026-01-01T00:00:00Z"),
                        Instant.parse("2026-02-01T00:00:00Z")));
        for (String bad : List.of(
                "tenant=NO", "rule=made-up", "from=yesterday", "until=%2B999999999-01-01T00:00:00Z", "principal=%00")) {
            assertThat(server.get("/api/security-events?" + bad, ADMIN).statusCode())
                    .as(bad)
                    .isEqualTo(400);
        }
    }
}
