package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.peers.Chromium;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import io.maestro.testing.peers.OidcProvider;
import io.maestro.testing.peers.S3Proxy;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.LaunchedServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console of the launched server in the Chromium of the machine. What is done there is in {@code
 * core-bundles/console/web/e2e/console.mjs}. With {@code -Dimages.update=true} the images of the documentation are made anew.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ConsoleTest {
    private static final long LIMIT_MINUTES = 20;

    private Path folder;
    private Path root;
    private LaunchedServer server;
    private S3Proxy s3;
    private @Nullable LocalIssuer issuer;
    private HttpServer switches;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        root = root();
        s3 = S3Proxy.start(folder.resolve("s3"));
        s3.createBucket("acme-files");
        switches = switches();
        server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
    }

    @AfterAll
    void stop() {
        server.close();
        switches.stop(0);
        s3.close();
        if (issuer != null) {
            issuer.close();
        }
    }

    /** By which the script has the S3 server crash and come back. */
    private HttpServer switches() throws IOException {
        HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        made.createContext("/s3/kill", exchange -> {
            s3.kill();
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        made.createContext("/s3/restart", exchange -> {
            try {
                s3.restart();
                exchange.sendResponseHeaders(204, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                exchange.sendResponseHeaders(500, -1);
            }
            exchange.close();
        });
        made.start();
        return made;
    }

    /** Somebody whom initech's identity provider calls an administrator there. */
    private static String person(LocalIssuer issuer, Jwts key, String name) {
        Map<String, Object> claims = new HashMap<>(issuer.claims("maestro"));
        claims.put("sub", name);
        // the script comes to it late
        claims.put("exp", Instant.now().getEpochSecond() + Duration.ofHours(1).toSeconds());
        claims.put(OidcProvider.ROLES_CLAIM, List.of("maestro-admins"));
        return key.sign(claims);
    }

    @Test
    void doesWhatPeopleDoUnderItsOwnSecurityPolicyAndAccessibly() throws Exception {
        Api admin = Api.admin(server);
        TestPublisher partner = TestPublisher.create("partner");
        admin.trust(partner);
        byte[] adapter = Files.readAllBytes(Distribution.built().unsignedAdapter("storage.file"));
        admin.tenant("globex");
        expect(201, admin.upload(AdapterJar.storage("demo", "1.0.0").signedBy(partner)));
        expect(201, admin.upload(AdapterJar.storage("demo", "1.1.0").signedBy(partner)));
        expect(
                201,
                admin.upload(
                        AdapterJar.storage("demo", "1.2.0").failingAtCalls().signedBy(partner)));
        admin.instance("globex/dev", "mover", "demo@1.0.0", Map.of("greeting", "hello"));
        admin.instance("globex/dev", "steady", "demo@1.1.0", Map.of("greeting", "hello"));
        TestPublisher vanishing = TestPublisher.create("vanishing");
        admin.trust(vanishing);
        expect(201, admin.upload(AdapterJar.storage("broken", "1.0.0").signedBy(vanishing)));
        admin.instance("globex/dev", "broken", "broken@1.0.0", Map.of("greeting", "hello"));
        expect(
                200,
                admin.post(
                        "/api/publishers/vanishing/keys/" + vanishing.fingerprint() + "/revoke",
                        Map.of("reason", "lost")));
        String stranger = expect(
                        201,
                        admin.post(
                                "/api/tenants/globex/tokens",
                                Map.of("name", "stranger", "roles", List.of("tenant_admin"))))
                .path("bearer")
                .asText();
        admin.install("storage.s3", "identity.oidc");
        Jwts key = Jwts.rsa();
        LocalIssuer started = LocalIssuer.start(key);
        issuer = started;
        admin.tenant("initech");
        Map<String, String> provider = Map.of("issuer", started.issuer(), "clientId", "maestro");
        var _ = ProviderScenario.provider(admin, "initech", "local", provider, OidcProvider.ROLES_CLAIM);
        expect(200, admin.putJson("/api/tenants/initech/policy-settings", Map.of("dualControl", true)));
        Map<String, Object> risky = Map.of("id", "people", "adapter", "identity-oidc@1.0.0", "configuration", provider);
        Api.Answer asked = admin.as(person(started, key, "alice")).post(Api.instances("initech/dev"), risky);
        assertThat(asked.code()).as("%s", asked.body()).isEqualTo("approval-required");
        Map<String, Object> scene = new HashMap<>(Map.of(
                "base",
                server.base().toString(),
                "chromium",
                Chromium.program().toString(),
                "admin",
                server.token(),
                "tenant",
                "acme",
                "stranger",
                stranger,
                "strangerTenant",
                "globex",
                "signed",
                Files.write(folder.resolve("signed.jar"), partner.sign(adapter)).toString(),
                "unsigned",
                Files.write(folder.resolve("unsigned.jar"), adapter).toString(),
                "refusal",
                "signature-missing",
                "definition",
                "storage-file@1.0.0"));
        scene.put("switches", "http://127.0.0.1:" + switches.getAddress().getPort());
        scene.put(
                "s3",
                Map.of(
                        "Endpoint",
                        s3.endpoint().toString(),
                        "Bucket",
                        "acme-files",
                        "Access key id",
                        S3Proxy.ACCESS_KEY_ID,
                        "Secret access key",
                        S3Proxy.SECRET_ACCESS_KEY));
        scene.put("alice", person(started, key, "alice"));
        scene.put("bob", person(started, key, "bob"));
        if (Boolean.getBoolean("images.update")) {
            scene.put(
                    "images",
                    Files.createDirectories(root.resolve("docs/images/console")).toString());
        }

        String steps = run(Files.writeString(folder.resolve("scene.json"), Api.json(scene)));

        assertThat(steps).endsWith("done: axe found nothing\n").doesNotContain("FAILED");
    }

    @Test
    void isAtTheRootWithHeadersOfItsOwnWhileTheApiKeepsIts() throws Exception {
        assertThat(get("/").headers().firstValue("Location")).contains("/console/");
        assertThat(policy("/console/instances")).contains("script-src 'self'", "frame-ancestors 'none'");
        assertThat(policy("/api/health/ready")).contains("default-src 'none'").doesNotContain("script-src");
    }

    @Test
    void loadsLittleBeforeItShowsAnything() throws Exception {
        Matcher scripts = Pattern.compile("(?:src|href)=\"([^\"]+\\.js)\"").matcher(text("/console/"));
        List<String> loaded = new ArrayList<>();
        int size = 0;
        while (scripts.find()) {
            loaded.add(scripts.group(1));
            size += zipped(text(scripts.group(1)));
        }
        assertThat(loaded).isNotEmpty();
        assertThat(size).as("bytes of %s, gzip", loaded).isBetween(10_000, 200_000);
    }

    private String text(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(server.at(path)).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private static int zipped(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.size();
    }

    private String run(Path scene) throws InterruptedException {
        Path web = root.resolve("core-bundles/console/web");
        assertThat(web.resolve("node_modules"))
                .as("the console was built without -DskipConsole")
                .exists();
        Path output = folder.resolve("steps.txt");
        try {
            Process process = new ProcessBuilder("node", "e2e/console.mjs", scene.toString())
                    .directory(web.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException("Node 20.19 or newer is needed on the path", e);
        }
    }

    private String policy(String path) throws IOException, InterruptedException {
        return get(path).headers().firstValue("Content-Security-Policy").orElse("");
    }

    private HttpResponse<Void> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(server.at(path)).build(), BodyHandlers.discarding());
        }
    }

    private static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.isDirectory(at.resolve("core-bundles/console/web"))) {
                return at;
            }
        }
        throw new IllegalStateException(
                "not within the repository: " + Path.of("").toAbsolutePath());
    }
}
