package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.Launch;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However often the server ends, and however: every instance stays what it was, whatever is uploaded meanwhile. */
final class RestartsTest {
    private static final int RESTARTS = Boolean.getBoolean("maestro.full") ? 200 : 4;
    private static final int UPLOAD_EVERY = Boolean.getBoolean("maestro.full") ? 20 : 2;
    private static final int INSTANCES = 12;
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final TestPublisher publisher = TestPublisher.create("partner");

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestPostgres.fresh();
    }

    @AfterEach
    void drop() {
        TestPostgres.drop(database);
    }

    @Test
    void moveNoInstance() throws Exception {
        LaunchedServer server = launch();
        try {
            Api admin = Api.admin(server);
            admin.trust(publisher);
            upload(admin, "1.0.0");
            upload(admin, "1.1.0");
            admin.tenant("acme");
            admin.tenant("globex");
            for (int i = 0; i < INSTANCES; i++) {
                admin.instance(
                        scope(i), name(i), i % 3 == 0 ? "demo@1.1.0" : "demo@1.0.0", Map.of("greeting", "hello"));
            }
            String pins = pins(admin);
            assertThat(pins).contains("demo@1.0.0", "demo@1.1.0", "running");
            List<Duration> took = new ArrayList<>();
            for (int restart = 1; restart <= RESTARTS; restart++) {
                if (restart % UPLOAD_EVERY == 1) {
                    upload(admin, "2.0." + restart);
                }
                if (restart % 2 == 0) {
                    server.kill9();
                } else {
                    assertThat(server.stop()).isZero();
                }
                if (restart == RESTARTS) {
                    // as on a node that is new: it fetches what it needs
                    deleteArtifacts();
                }
                long start = System.nanoTime();
                server = launch();
                Api restarted = Api.admin(server);
                admin = restarted;
                int now = restart;
                // each answers at once; what is observed may lag behind
                for (int i = 0; i < INSTANCES; i++) {
                    expect(200, restarted.post(Api.instances(scope(i)) + "/" + name(i) + "/operations/list", Map.of()));
                }
                await().atMost(LIMIT)
                        .untilAsserted(() -> assertThat(pins(restarted))
                                .as("after restart %d", now)
                                .isEqualTo(pins));
                took.add(Duration.ofNanos(System.nanoTime() - start));
            }
            Collections.sort(took);
            System.getLogger(RestartsTest.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            RESTARTS + " restarts; the median took "
                                    + took.get(took.size() / 2).toMillis() + " ms, the longest "
                                    + took.getLast().toMillis() + " ms");
        } finally {
            server.close();
        }
    }

    private LaunchedServer launch() {
        return new Launch(Distribution.built(), folder.resolve("data"))
                .options("--no-demo", "--database-url", database.url(), "--database-user", database.user())
                .environment("MAESTRO_DATABASE_PASSWORD", database.password())
                .start();
    }

    private void upload(Api admin, String version) {
        expect(201, admin.upload(AdapterJar.storage("demo", version).signedBy(publisher)));
    }

    private void deleteArtifacts() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data/artifacts"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** Version, configuration, revision and state of each instance, and that it answers. */
    private static String pins(Api admin) {
        StringBuilder pins = new StringBuilder();
        for (int i = 0; i < INSTANCES; i++) {
            String path = Api.instances(scope(i)) + "/" + name(i);
            JsonNode instance = expect(200, admin.get(path));
            pins.append(String.join(
                            " ",
                            scope(i),
                            name(i),
                            instance.path("adapter").asText(),
                            instance.path("configuration").toString(),
                            instance.path("revision").asText(),
                            instance.path("observed").asText()))
                    .append('\n');
            expect(200, admin.post(path + "/operations/list", Map.of()));
        }
        return pins.toString();
    }

    private static String scope(int number) {
        return number % 2 == 0 ? "acme/prod" : "globex/prod";
    }

    private static String name(int number) {
        return "files-" + number;
    }
}
