package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Killed at random points of an upgrade and of a rollback, the server comes back with one version or the other, whole. */
final class KilledWhileUpgradingTest {
    private static final int KILLS =
            Integer.getInteger("maestro.upgrade.kills", Boolean.getBoolean("maestro.full") ? 25 : 3);
    private static final String DEMO = Api.instances("acme/prod") + "/demo";

    @TempDir
    private Path folder;

    @Test
    void comesBackAtOneVersionOrTheOther() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Path data = folder.resolve("data");
        TestPublisher publisher = TestPublisher.create("partner");
        long whole;
        try (LaunchedServer server = LaunchedServer.start(data, "--no-demo")) {
            Api admin = Api.admin(server);
            admin.trust(publisher);
            for (String version : new String[] {"1.0.0", "1.1.0"}) {
                expect(201, admin.upload(AdapterJar.storage("demo", version).signedBy(publisher)));
            }
            admin.tenant("acme");
            admin.instance("acme/prod", "demo", "demo@1.0.0", Map.of("greeting", "hello"));
            expect(200, admin.post(DEMO + "/upgrade?dryRun=true", Map.of("version", "1.1.0")));
            long start = System.nanoTime();
            expect(200, admin.post(DEMO + "/upgrade", Map.of("version", "1.1.0")));
            whole = System.nanoTime() - start;
            assertThat(version(admin)).isEqualTo("demo@1.1.0");
            expect(200, admin.post(DEMO + "/rollback", Map.of()));
            assertThat(version(admin)).isEqualTo("demo@1.0.0");
            assertThat(expect(200, admin.get(DEMO + "/versions")).path("items")).hasSize(3);
        }
        String before = "demo@1.0.0";
        for (int kill = 0; kill < KILLS; kill++) {
            boolean up = before.equals("demo@1.0.0");
            long delay = (long) (random.nextDouble() * whole);
            try (LaunchedServer server = LaunchedServer.start(data, "--no-demo")) {
                Api admin = Api.admin(server);
                assertThat(version(admin)).isEqualTo(before);
                CompletableFuture<Void> moving = CompletableFuture.runAsync(() -> {
                            if (up) {
                                admin.post(DEMO + "/upgrade", Map.of("version", "1.1.0"));
                            } else {
                                admin.post(DEMO + "/rollback", Map.of());
                            }
                        })
                        .exceptionally(broken -> null);
                CompletableFuture.runAsync(
                                server::kill9, CompletableFuture.delayedExecutor(delay, TimeUnit.NANOSECONDS))
                        .join();
                moving.join();
            }
            try (LaunchedServer server = LaunchedServer.start(data, "--no-demo")) {
                Api admin = Api.admin(server);
                JsonNode instance = expect(200, admin.post(DEMO + "/start?waitSeconds=30", Map.of()));
                assertThat(instance.path("observed").asText())
                        .as("kill %d of seed %d: %s", kill, seed, instance)
                        .isEqualTo("running");
                before = instance.path("adapter").asText();
                assertThat(before).isIn("demo@1.0.0", "demo@1.1.0");
                assertThat(expect(200, admin.get(DEMO + "/versions?limit=1"))
                                .at("/items/0/adapter")
                                .asText())
                        .isEqualTo(before);
                expect(200, admin.post(DEMO + "/operations/list", Map.of()));
            }
        }
    }

    private static String version(Api admin) {
        return expect(200, admin.get(DEMO)).path("adapter").asText();
    }
}
