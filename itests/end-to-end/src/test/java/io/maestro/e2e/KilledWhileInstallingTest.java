package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.artifacts.ArtifactForge;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at random points of an installation, the server comes back exactly before or after it. */
final class KilledWhileInstallingTest {
    private static final int KILLS = 10;
    private static final int ARTIFACT_BYTES = 5 << 20;

    private final TestPublisher publisher = TestPublisher.create("partner");
    private final ArtifactForge forge = new ArtifactForge(publisher, publisher, publisher);

    @TempDir
    private Path folder;

    @Test
    void tenKillsLeaveNothingHalf() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path data = folder.resolve("data");
        long whole;
        try (LaunchedServer server = LaunchedServer.start(data, "--no-demo")) {
            Api admin = Api.admin(server);
            admin.trust(publisher);
            admin.tenant("acme");
            // the first is slower than the others; both tell how wide to spread the kills
            long start = System.nanoTime();
            expect(201, admin.upload(forge.large("measured", "1.0.0", ARTIFACT_BYTES)));
            whole = System.nanoTime() - start;
        }
        int after = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            String name = "kill-" + kill;
            byte[] artifact = forge.large(name, "1.0.0", ARTIFACT_BYTES);
            long delay = (long) (random.nextDouble() * whole);
            try (LaunchedServer server = LaunchedServer.start(data, "--no-demo")) {
                Api admin = Api.admin(server);
                CompletableFuture<Void> upload =
                        CompletableFuture.runAsync(() -> admin.upload(artifact)).exceptionally(broken -> null);
                CompletableFuture.runAsync(
                                server::kill9, CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS))
                        .join();
                upload.join();
            }
            try (LaunchedServer server = LaunchedServer.start(data, "--no-demo")) {
                after += isBeforeOrAfter(Api.admin(server), data, name, artifact, seed) ? 1 : 0;
            }
        }
        System.getLogger(KilledWhileInstallingTest.class.getName())
                .log(System.Logger.Level.INFO, after + " of " + KILLS + " kills came after the commit; seed " + seed);
    }

    /** Returns whether it is after. */
    private static boolean isBeforeOrAfter(Api admin, Path data, String name, byte[] artifact, long seed)
            throws IOException {
        int status = admin.get("/api/adapters/" + name + "/1.0.0").status();
        assertThat(status).as("%s with seed %s", name, seed).isIn(200, 404);
        assertThat(files(data.resolve("incoming"))).isEmpty();
        assertThat(files(data.resolve("artifacts")))
                .as("artifacts after %s with seed %s", name, seed)
                .isEqualTo(digests(admin));
        Api.Answer again = admin.upload(artifact);
        assertThat(again.status()).as("%s", again.body()).isEqualTo(status == 200 ? 200 : 201);
        JsonNode instance = admin.instance("acme/prod", name, name + "@1.0.0", Map.of("greeting", "hello"));
        assertThat(instance.path("observed").asText()).as("%s", instance).isEqualTo("running");
        expect(200, admin.post(Api.instances("acme/prod") + "/" + name + "/operations/list", Map.of()));
        return status == 200;
    }

    private static Set<String> digests(Api admin) {
        Set<String> digests = new TreeSet<>();
        for (JsonNode item : expect(200, admin.get("/api/adapters?limit=500")).path("items")) {
            digests.add(item.path("digest").asText().replace("sha256:", "") + ".jar");
        }
        return digests;
    }

    private static Set<String> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
