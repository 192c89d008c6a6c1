package io.maestro.adapter.storage.azure;

import io.maestro.conformance.storage.StorageFixture;
import io.maestro.conformance.storage.StorageKit;
import io.maestro.testing.peers.Azurite;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The kit, against Azurite. */
final class AzureConformanceTest extends StorageKit {
    private static Azurite server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = Azurite.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected StorageFixture fixture() {
        return new AzuriteFixture(server);
    }
}
