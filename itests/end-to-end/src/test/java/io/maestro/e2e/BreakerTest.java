package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.conformance.FaultyProxy;
import io.maestro.conformance.FaultyProxy.CutRequest;
import io.maestro.conformance.FaultyProxy.None;
import io.maestro.testing.peers.S3Proxy;
import io.maestro.testing.server.LaunchedServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way to an instance's store breaks and is mended: its breaker opens and closes, and nobody has to do anything. */
final class BreakerTest {
    private static final String FILES = Api.instances("acme/prod") + "/files";

    /** More than it takes to see that half of the calls fail. */
    private static final int CALLS = 200;

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    void breakerOpensWhileTheWayIsBrokenAndClosesOnceItIsMended() throws Exception {
        try (S3Proxy s3 = S3Proxy.start(folder.resolve("s3"));
                FaultyProxy way = FaultyProxy.to(s3.endpoint());
                LaunchedServer server = LaunchedServer.start(folder.resolve("data"), "--no-demo")) {
            s3.createBucket("acme-files");
            Api admin = Api.admin(server);
            admin.install("storage.s3");
            admin.tenant("acme");
            var _ = admin.instance(
                    "acme/prod",
                    "files",
                    "storage-s3@1.0.0",
                    Map.of(
                            "endpoint",
                            way.address().toString(),
                            "bucket",
                            "acme-files",
                            "accessKeyId",
                            S3Proxy.ACCESS_KEY_ID,
                            "secretAccessKey",
                            S3Proxy.SECRET_ACCESS_KEY));
            expect(200, admin.put(FILES + "/objects/kept.txt", "kept".getBytes(UTF_8)));
            assertThat(breaker(admin)).isEqualTo("closed");

            way.fault(new CutRequest(0, true));
            Set<String> told = new TreeSet<>();
            for (int call = 0; call < CALLS && !told.contains("call-circuit-open"); call++) {
                told.add(admin.post(FILES + "/operations/head_object", Map.of("key", "kept.txt"))
                        .code());
            }
            assertThat(told).containsExactly("call-circuit-open", "storage-unreachable");
            assertThat(breaker(admin)).isEqualTo("open");

            way.fault(new None());
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> admin.get(FILES + "/objects/kept.txt").status() == 200);
            Awaitility.await().atMost(PATIENCE).until(() -> {
                var _ = admin.get(FILES + "/objects/kept.txt");
                return breaker(admin).equals("closed");
            });
        }
    }

    private static String breaker(Api admin) {
        JsonNode health = expect(200, admin.get(FILES + "/health"));
        return health.path("breaker").path("state").asText();
    }
}
