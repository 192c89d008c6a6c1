package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.server.LaunchedServer;
import io.maestro.testing.server.Population;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that has many instances when it starts; {@code ./bench sizes} is the same with very many, and takes the time. */
final class ManyInstancesTest {
    private static final Population POPULATION = new Population(
            Integer.getInteger("maestro.sizes.adapters", 20),
            Integer.getInteger("maestro.sizes.tenants", 50),
            Integer.getInteger("maestro.sizes.bindings", 400));

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir
    private Path temporary;

    @Test
    void opensAllAndEachAnswersAsSoonAsTheNodeIsReady() throws Exception {
        Path data = temporary.resolve("data");
        try (LaunchedServer server = LaunchedServer.start(data)) {
            Api admin = Api.admin(server);
            TestPublisher publisher = TestPublisher.create("crowd");
            admin.trust(publisher);
            for (int i = 0; i < POPULATION.adapters(); i++) {
                byte[] jar = AdapterJar.storage(Population.adapter(i), "1.0.0").signedBy(publisher);
                expect(201, admin.upload(jar));
            }
            try (Connection connection = server.connect()) {
                POPULATION.write(connection);
            }
        }

        try (LaunchedServer server = LaunchedServer.start(data)) {
            Api admin = Api.admin(server);
            for (int i = POPULATION.instances() - 1; i >= 0; i -= 40) {
                JsonNode listed = expect(200, admin.post(POPULATION.path(i) + "/operations/list", Map.of()));
                assertThat(listed.path("objects").isArray())
                        .as(listed.toString())
                        .isTrue();
            }
            for (int i = 0; i < POPULATION.instances(); i++) {
                String path = POPULATION.path(i);
                await().atMost(PATIENCE).untilAsserted(() -> {
                    JsonNode instance = expect(200, admin.get(path));
                    assertThat(instance.path("observed").asText())
                            .as(instance.toString())
                            .isEqualTo("running");
                });
            }
        }
    }
}
