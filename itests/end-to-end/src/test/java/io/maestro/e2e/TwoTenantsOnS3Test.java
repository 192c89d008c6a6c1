package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.peers.S3Proxy;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.LaunchedServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
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

/** The signed S3 adapter, dropped in while the server runs, serves two tenants that cannot see each other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TwoTenantsOnS3Test {
    private static final String ACME = Api.instances("acme/prod") + "/files";
    private static final String GLOBEX = Api.instances("globex/prod") + "/files";

    private S3Proxy s3;
    private LaunchedServer server;
    private Api admin;
    private Api acme;
    private Api globex;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        s3 = S3Proxy.start(folder.resolve("s3"));
        s3.createBucket("acme-files");
        s3.createBucket("globex-files");
        server = LaunchedServer.start(folder.resolve("data"), "--no-demo");
        admin = Api.admin(server);
        TestPublisher partner = TestPublisher.create("partner");
        admin.trust(partner);
        byte[] signed = partner.sign(Files.readAllBytes(Distribution.built().unsignedAdapter("storage.s3")));
        Files.write(server.data().resolve("deploy/storage-s3.jar"), signed);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> admin.get("/api/adapters/storage-s3/1.0.0").status() == 200);
        acme = tenant("acme");
        globex = tenant("globex");
    }

    @AfterAll
    void stop() {
        server.close();
        s3.close();
    }

    private Api tenant(String name) {
        admin.tenant(name);
        JsonNode instance = admin.instance(
                name + "/prod",
                "files",
                "storage-s3@1.0.0",
                Map.of(
                        "endpoint",
                        s3.endpoint().toString(),
                        "region",
                        "us-east-1",
                        "bucket",
                        name + "-files",
                        "accessKeyId",
                        S3Proxy.ACCESS_KEY_ID,
                        "secretAccessKey",
                        S3Proxy.SECRET_ACCESS_KEY));
        assertThat(instance.path("observed").asText()).as("%s", instance).isEqualTo("running");
        assertThat(instance.toString()).doesNotContain(S3Proxy.SECRET_ACCESS_KEY);
        JsonNode token = expect(
                201,
                admin.post(
                        "/api/tenants/" + name + "/tokens",
                        Map.of("name", "e2e", "roles", List.of("tenant_developer"))));
        return admin.as(token.path("bearer").asText());
    }

    @Test
    void eachPutsAndGetsThroughItsOwn() {
        expect(200, acme.put(ACME + "/objects/reports/q1.txt", "of acme".getBytes(UTF_8)));
        expect(200, globex.put(GLOBEX + "/objects/reports/q1.txt", "of globex".getBytes(UTF_8)));

        assertThat(acme.get(ACME + "/objects/reports/q1.txt").bytes())
                .asString(UTF_8)
                .isEqualTo("of acme");
        assertThat(globex.get(GLOBEX + "/objects/reports/q1.txt").bytes())
                .asString(UTF_8)
                .isEqualTo("of globex");
        JsonNode listed = expect(200, acme.post(ACME + "/operations/list", Map.of("prefix", "reports/")));
        assertThat(listed.path("objects")).hasSize(1);
    }

    @Test
    void aForeignInstanceIsRefusedAndTheAttemptIsOnRecord() {
        Api.Answer refused = globex.get(ACME);

        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.code()).isEqualTo("forbidden");
        assertThat(refused.body().toString()).doesNotContain("storage-s3", "acme-files");
        JsonNode events = expect(200, admin.get("/api/security-events"));
        assertThat(events.path("items")).anySatisfy(event -> {
            assertThat(event.path("rule").asText()).isEqualTo("tenant-boundary");
            assertThat(event.path("tenant").asText()).isEqualTo("acme");
            assertThat(event.path("resource").asText()).isEqualTo(ACME);
        });
        assertThat(globex.get("/api/security-events").status()).isEqualTo(403);
    }

    @Test
    void aForeignInstanceAndOneThatIsNotThereAreRefusedAlike() {
        Api.Answer there = globex.get(ACME);
        Api.Answer notThere = globex.get(Api.instances("acme/prod") + "/nothing");

        assertThat(there.status()).isEqualTo(notThere.status());
        assertThat(there.body().path("detail").asText().replace("files", "nothing"))
                .isEqualTo(notThere.body().path("detail").asText());
    }

    @Test
    void noSecretIsGivenBackOrLogged() throws Exception {
        assertThat(admin.get(ACME).body().toString()).doesNotContain(S3Proxy.SECRET_ACCESS_KEY);
        assertThat(Files.readString(server.data().resolve("logs/maestro.log")))
                .doesNotContain(S3Proxy.SECRET_ACCESS_KEY, server.token());
    }

    @Test
    void aSignedUrlNeedsNoTokenAndATamperedOneIsRefused() throws Exception {
        expect(200, acme.put(ACME + "/objects/signed.txt", "signed".getBytes(UTF_8)));
        JsonNode signed = expect(
                200,
                acme.post(
                        ACME + "/operations/signed_url",
                        Map.of("key", "signed.txt", "access", "read", "expiresInSeconds", 60)));
        String url = signed.path("url").asText();

        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("signed");
            String tampered = url.replace("signed.txt", "other.txt");
            assertThat(client.send(HttpRequest.newBuilder(URI.create(tampered)).build(), BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(403);
        }
    }
}
