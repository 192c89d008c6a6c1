package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.cli.Shell.Run;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A login with a browser: one server plays the server and the identity provider, the test plays the browser. */
final class ProviderLoginTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    private Path home;

    private final FakeServer server = new FakeServer();
    private final HttpClient browser = HttpClient.newHttpClient();

    @BeforeEach
    void provider() throws IOException {
        String issuer = server.url();
        server.on(
                "GET /api/login/providers/corp?tenant=acme",
                200,
                "{\"name\":\"corp\",\"issuer\":\"" + issuer
                        + "\",\"clientId\":\"maestro\",\"scopes\":[\"openid\",\"email\"],"
                        + "\"audiences\":[\"urn:maestro:acme\"]}");
        server.on(
                "GET /.well-known/openid-configuration",
                200,
                "{\"issuer\":\"" + issuer + "\",\"authorization_endpoint\":\"" + issuer
                        + "/authorize?x=1\",\"token_endpoint\":\"" + issuer + "/token\"}");
        server.on("POST /token", 200, "{\"access_token\":\"a.b.c\",\"token_type\":\"Bearer\"}");
        server.on("GET /api/whoami", 200, "{\"name\":\"Ada\",\"roles\":[\"tenant_admin\"]}");
        Files.writeString(home.resolve("browser"), "#!/bin/sh\nprintf %s \"$1\" > " + home.resolve("opened") + "\n");
        Files.setPosixFilePermissions(home.resolve("browser"), PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() {
        browser.close();
        server.close();
    }

    @Test
    void logsInWithTheBrowserAndStoresTheToken() throws Exception {
        CompletableFuture<Run> running = login();
        URI opened = opened();
        Map<String, String> question = query(opened);

        assertThat(question)
                .containsEntry("x", "1")
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "maestro")
                .containsEntry("scope", "openid email")
                .containsEntry("resource", "urn:maestro:acme")
                .containsEntry("code_challenge_method", "S256");
        String back = question.get("redirect_uri");
        // a page that guesses the port is sent away, and the waiting goes on
        assertThat(visit(back + "?code=evil&state=guessed")).isEqualTo(400);
        assertThat(visit(back + "?code=evil&state=" + question.get("state") + "&iss=https://evil.example"))
                .isEqualTo(400);
        assertThat(visit(back + "?code=the-code&state=" + question.get("state")))
                .isEqualTo(200);

        Run run = running.get();
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("as Ada, tenant_admin.").doesNotContain("a.b.c");
        assertThat(run.err()).contains(opened.toString());
        Map<String, String> redeemed = server.requests().stream()
                .filter(request -> request.line().equals("POST /token"))
                .map(request -> pairs(request.body()))
                .findFirst()
                .orElseThrow();
        assertThat(redeemed)
                .containsEntry("code", "the-code")
                .containsEntry("redirect_uri", back)
                .containsEntry("client_id", "maestro");
        assertThat(challenge(String.valueOf(redeemed.get("code_verifier")))).isEqualTo(question.get("code_challenge"));
        assertThat(server.last().header("Authorization")).isEqualTo("Bearer a.b.c");

        assertThat(new Shell(home).run("logout").out()).startsWith("Logged out");
        assertThat(new Shell(home).run("logout").out()).startsWith("Nobody");
        assertThat(new Shell(home).run("whoami").exit()).isEqualTo(4);
    }

    @Test
    void saysWhatTheProviderSays() throws Exception {
        CompletableFuture<Run> running = login();
        Map<String, String> question = query(opened());
        visit(question.get("redirect_uri") + "?error=access_denied&state=" + question.get("state"));

        Run run = running.get();
        assertThat(run.exit()).isEqualTo(4);
        assertThat(run.err()).contains("cli-login-failed", "access_denied");
        assertThat(home.resolve(".config")).doesNotExist();
    }

    @Test
    void givesUpWhenNobodyComesBack() {
        Run run =
                shell().run("login", "--url", server.url(), "-t", "acme", "--provider", "corp", "--wait-seconds", "1");

        assertThat(run.exit()).isEqualTo(4);
        assertThat(run.err()).contains("within 1 seconds");
    }

    @Test
    void trustsNoProviderWithAnotherNameOrWithoutHttps() {
        server.on("GET /.well-known/openid-configuration", 200, "{\"issuer\":\"https://evil.example\"}");
        assertThat(shell().run("login", "--url", server.url(), "-t", "acme", "--provider", "corp")
                        .err())
                .contains("by another name");
        server.on(
                "GET /api/login/providers/corp?tenant=acme",
                200,
                "{\"issuer\":\"http://192.0.2.1\",\"clientId\":\"maestro\"}");
        assertThat(shell().run("login", "--url", server.url(), "-t", "acme", "--provider", "corp")
                        .err())
                .contains("neither https nor on this machine");
    }

    @Test
    void saysWhereNobodyAnswers() {
        server.on(
                "GET /api/login/providers/corp?tenant=acme",
                200,
                "{\"issuer\":\"http://127.0.0.1:1\",\"clientId\":\"maestro\"}");

        assertThat(shell().run("login", "--url", server.url(), "-t", "acme", "--provider", "corp")
                        .err())
                .contains("http://127.0.0.1:1/.well-known/openid-configuration does not answer")
                .doesNotContain("null");

        server.on(
                "GET /api/login/providers/corp?tenant=acme",
                200,
                "{\"issuer\":\"" + server.url() + "\",\"clientId\":\"maestro\"}");
        server.on("GET /.well-known/openid-configuration", 200, "<html>");
        assertThat(shell().run("login", "--url", server.url(), "-t", "acme", "--provider", "corp")
                        .err())
                .contains("something else than JSON");
    }

    @Test
    void wantsToKnowHowToLogIn() {
        assertThat(shell().run("login", "--tenant", "acme").exit()).isEqualTo(2);
        assertThat(shell().run("login", "--provider", "corp", "--token", "x").exit())
                .isEqualTo(2);
    }

    private CompletableFuture<Run> login() {
        return CompletableFuture.supplyAsync(
                () -> shell().run("login", "--url", server.url(), "--tenant", "acme", "--provider", "corp"));
    }

    private Shell shell() {
        return new Shell(home).with("BROWSER", home.resolve("browser").toString());
    }

    private URI opened() throws IOException {
        Path file = home.resolve("opened");
        Awaitility.await().until(() -> Files.exists(file) && Files.size(file) > 0);
        return URI.create(Files.readString(file));
    }

    private int visit(String address) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                browser.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
        return answer.statusCode();
    }

    private static Map<String, String> query(URI address) {
        return pairs(address.getRawQuery());
    }

    private static Map<String, String> pairs(String form) {
        return Arrays.stream(form.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    private static String challenge(String verifier) throws Exception {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
    }

    @Test
    void agreesToTheInstanceThatItSaw() {
        String agreed = "sha256:" + "a".repeat(64);
        String present = "sha256:" + "b".repeat(64);
        server.on("GET /api/tenants/acme/identity-providers/corp", 200, provider(agreed, '"' + present + '"', false))
                .on("PUT /api/tenants/acme/identity-providers/corp", 200, provider(present, '"' + present + '"', true));
        Shell at = new Shell(home).at(server);

        assertThat(at.run("identity-provider", "show", "corp", "-t", "acme").out())
                .contains(agreed, present, "Confirmed");
        assertThat(at.run("identity-provider", "enable", "corp", "-t", "acme").out())
                .contains("had changed", present);
        assertThat(server.last().body()).contains("\"agreedFingerprint\":\"" + present + "\"");
        assertThat(server.last().header("If-Match")).isEqualTo("\"3\"");
        String looked = "sha256:" + "c".repeat(64);
        at.run("identity-provider", "enable", "corp", "-t", "acme", "--fingerprint", looked);
        assertThat(server.last().body()).contains("\"agreedFingerprint\":\"" + looked + "\"");
        at.run("identity-provider", "disable", "corp", "-t", "acme");
        assertThat(server.last().body()).contains("\"enabled\":false").doesNotContain("ingerprint");

        server.on("GET /api/tenants/acme/identity-providers/corp", 200, provider(agreed, "null", false))
                .on("PUT /api/tenants/acme/identity-providers/corp", 200, provider(agreed, "null", false));
        assertThat(at.run("identity-provider", "enable", "corp", "-t", "acme").out())
                .contains("vouches for nobody yet");
        assertThat(server.last().body()).doesNotContain("ingerprint");
    }

    private static String provider(String agreed, String present, boolean confirmed) {
        return "{\"name\":\"corp\",\"displayName\":\"Corp\",\"tenant\":\"acme\",\"environment\":\"prod\","
                + "\"instance\":\"corp-oidc\",\"roles\":[\"auditor\"],\"enabled\":true,\"agreedFingerprint\":\""
                + agreed + "\",\"instanceFingerprint\":" + present + ",\"confirmed\":" + confirmed
                + ",\"revision\":3}";
    }

    @Test
    void managesProvidersSessionsAndTokens() {
        String provider = "{\"name\":\"corp\",\"displayName\":\"Corp\",\"tenant\":\"acme\",\"environment\":\"prod\","
                + "\"instance\":\"corp-oidc\",\"roles\":[\"auditor\"],\"enabled\":true,\"issuer\":\"https://idp\",\"login\":true,"
                + "\"redirectUri\":\"https://maestro/api/login/callback/1f\",\"revision\":3}";
        server.on("POST /api/tenants/acme/identity-providers", 201, provider)
                .on(
                        "GET /api/tenants/acme/identity-providers?limit=500",
                        200,
                        "{\"items\":[" + provider + "],\"next\":null}")
                .on("GET /api/tenants/acme/identity-providers/corp", 200, provider)
                .on("PUT /api/tenants/acme/identity-providers/corp", 200, provider)
                .on("DELETE /api/tenants/acme/identity-providers/corp", 204, "")
                .on("GET /api/tenants/acme/sessions?limit=500", 200, "{\"items\":[{\"id\":\"s1\"}],\"next\":null}")
                .on("DELETE /api/tenants/acme/sessions/s1", 204, "")
                .on(
                        "POST /api/tenants/acme/tokens/t1/rotate",
                        200,
                        "{\"token\":{\"formerUntil\":\"2026-01-01T00:00:00Z\"},\"bearer\":\"mst_t1_new\"}")
                .on("GET /api/security-events?tenant=acme&rule=role&limit=500", 200, "{\"items\":[],\"next\":null}");
        Shell at = new Shell(home).at(server);

        assertThat(at.run(
                                "identity-provider",
                                "add",
                                "corp",
                                "-t",
                                "acme",
                                "-e",
                                "prod",
                                "--instance",
                                "corp-oidc",
                                "--role",
                                "auditor")
                        .out())
                .contains("https://idp", "https://maestro/api/login/callback/1f");
        assertThat(server.last().body())
                .isEqualTo(
                        "{\"name\":\"corp\",\"environment\":\"prod\",\"instance\":\"corp-oidc\",\"roles\":[\"auditor\"]}");
        assertThat(at.run("identity-provider", "list", "-t", "acme").out()).contains("corp", "auditor");
        assertThat(at.run("identity-provider", "show", "corp", "-t", "acme").out())
                .contains("corp-oidc", "https://maestro/api/login/callback/1f");
        assertThat(at.run("identity-provider", "disable", "corp", "-t", "acme").out())
                .contains("Disabled");
        assertThat(server.last().header("If-Match")).isEqualTo("\"3\"");
        assertThat(server.last().body()).contains("\"enabled\":false").doesNotContain("issuer");
        assertThat(at.run("identity-provider", "remove", "corp", "-t", "acme").exit())
                .isZero();
        assertThat(at.run("session", "list", "-t", "acme").out()).contains("s1");
        assertThat(at.run("session", "end", "s1", "-t", "acme").exit()).isZero();
        Run rotated = at.run("token", "rotate", "t1", "-t", "acme", "--grace-minutes", "5");
        assertThat(rotated.out()).isEqualTo("mst_t1_new\n");
        assertThat(server.last().body()).isEqualTo("{\"graceMinutes\":5}");
        assertThat(at.run("security-event", "list", "--tenant", "acme", "--rule", "role")
                        .out())
                .isEqualTo("none\n");
    }
}
