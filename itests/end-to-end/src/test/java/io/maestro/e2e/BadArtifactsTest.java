package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.artifacts.ArtifactForge;
import io.maestro.testing.artifacts.BadArtifact;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is uploaded or dropped in, the server says what is wrong with it and goes on serving. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class BadArtifactsTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String ACME = Api.instances("acme/prod");
    private static final Map<String, Object> CONFIGURED = Map.of("greeting", "hello");

    private final TestPublisher trusted = TestPublisher.create("trusted");
    private final TestPublisher revoked = TestPublisher.create("revoked");
    private final ArtifactForge forge = new ArtifactForge(trusted, revoked, TestPublisher.create("unknown"));
    private Path data;
    private LaunchedServer server;
    private Api admin;

    @BeforeAll
    void start(@TempDir Path folder) {
        data = folder.resolve("data");
        server = LaunchedServer.start(data, "--no-demo");
        admin = Api.admin(server);
        admin.trust(trusted);
        admin.trust(revoked);
        expect(
                200,
                admin.post(
                        "/api/publishers/revoked/keys/" + revoked.fingerprint() + "/revoke", Map.of("reason", "lost")));
        admin.tenant("acme");
        expect(201, admin.upload(forge.good("good", "1.0.0")));
        assertRunning(admin.instance("acme/prod", "good", "good@1.0.0", CONFIGURED));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private List<BadArtifact> all() {
        return Stream.concat(forge.refusedByInspection().stream(), forge.refusedAtStart().stream())
                .toList();
    }

    @Test
    @Order(1)
    void everyBadUploadIsRefusedWithItsCodeAndAFixAndTheOthersAreServed() {
        for (BadArtifact bad : all()) {
            Api.Answer answer = admin.upload(bad.bytes().get());

            assertThat(answer.code()).as("%s: %s", bad.what(), answer.body()).isEqualTo(bad.code());
            assertThat(answer.status()).as(bad.what()).isBetween(400, 499);
            assertThat(answer.body().path("detail").asText()).as(bad.what()).isNotBlank();
            assertThat(answer.body().path("fix").asText()).as(bad.what()).isNotBlank();
            assertServing(bad.what());
        }
    }

    @Test
    @Order(2)
    void everyRefusedUploadIsListedAsQuarantined() {
        JsonNode items = expect(200, admin.get("/api/quarantine?limit=500")).path("items");
        List<String> codes = new ArrayList<>();
        items.forEach(item -> codes.add(item.path("problem").path("code").asText()));

        assertThat(codes).containsAll(all().stream().map(BadArtifact::code).toList());
    }

    @Test
    @Order(3)
    void everyBadFileDroppedInIsQuarantinedAndTheOthersAreServed() throws IOException {
        int number = 0;
        for (BadArtifact bad : all()) {
            String name = "dropped-" + number++ + ".jar";
            Files.write(data.resolve("deploy").resolve(name), bad.bytes().get());
            Awaitility.await(bad.what()).atMost(LIMIT).until(() -> bad.code().equals(quarantinedFrom(name)));
            assertServing(bad.what());
        }
    }

    @Test
    @Order(4)
    void theSameVersionWithOtherBytesIsRefusedAndTheSameBytesAreNot() {
        Api.Answer same = admin.upload(forge.good("good", "1.0.0"));
        Api.Answer other = admin.upload(forge.otherBytes("good", "1.0.0"));

        assertThat(other.status()).isEqualTo(409);
        assertThat(other.code()).isEqualTo("definition-exists");
        assertThat(same.code()).isIn("", "definition-exists");
        assertServing("other bytes");
    }

    @Test
    @Order(5)
    void aConfigurationOffSchemaIsAnsweredWithPointers() {
        Api.Answer answer = admin.post(
                ACME,
                Map.of(
                        "id",
                        "odd",
                        "adapter",
                        "good@1.0.0",
                        "configuration",
                        Map.of("greeting", "hello", "no-such-property", 7)));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("configuration-invalid");
        assertThat(answer.body().path("violations").path(0).path("pointer").asText())
                .contains("no-such-property");
        assertThat(admin.get(ACME + "/odd").status()).isEqualTo(404);
    }

    @Test
    @Order(6)
    void unknownTenantsEnvironmentsAndDefinitionsAreNamed() {
        assertThat(admin.post(
                                Api.instances("nobody/prod"),
                                Map.of("id", "x", "adapter", "good@1.0.0", "configuration", CONFIGURED))
                        .code())
                .isEqualTo("tenant-unknown");
        assertThat(admin.post(
                                Api.instances("acme/moon"),
                                Map.of("id", "x", "adapter", "good@1.0.0", "configuration", CONFIGURED))
                        .code())
                .isEqualTo("environment-unknown");
        assertThat(admin.post(ACME, Map.of("id", "x", "adapter", "good@9.9.9", "configuration", CONFIGURED))
                        .code())
                .isEqualTo("definition-unknown");
    }

    @Test
    @Order(7)
    void aRestartFindsNothingHalfInstalled() throws IOException {
        // what was dropped in is looked at again after a restart, and refused again
        server.stop();
        try (Stream<Path> dropped = Files.list(data.resolve("deploy"))) {
            for (Path file : dropped.toList()) {
                Files.delete(file);
            }
        }
        server = LaunchedServer.start(data, "--no-demo");
        admin = Api.admin(server);

        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertRunning(expect(200, admin.get(ACME + "/good"))));
        assertServing("restart");
        List<String> names = new ArrayList<>();
        expect(200, admin.get("/api/adapters"))
                .path("items")
                .forEach(item -> names.add(item.path("name").asText()));
        assertThat(names).containsExactly("good");
        assertThat(list("artifacts")).hasSize(1);
        assertThat(list("incoming")).isEmpty();
    }

    private List<Path> list(String folder) throws IOException {
        if (!Files.isDirectory(data.resolve(folder))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(data.resolve(folder))) {
            return files.toList();
        }
    }

    private String quarantinedFrom(String file) {
        for (JsonNode item : expect(200, admin.get("/api/quarantine?limit=500")).path("items")) {
            if (item.path("source").asText().endsWith(file)) {
                return item.path("problem").path("code").asText();
            }
        }
        return "";
    }

    private void assertServing(String after) {
        Api.Answer answer = admin.post(ACME + "/good/operations/list", Map.of());
        assertThat(answer.status()).as("%s: %s", after, answer.body()).isEqualTo(200);
        assertThat(new String(answer.bytes(), UTF_8)).contains("objects");
    }

    private static void assertRunning(JsonNode instance) {
        assertThat(instance.path("observed").asText()).as("%s", instance).isEqualTo("running");
    }
}
