package io.maestro.adapter.storage.gcs;

import io.maestro.conformance.storage.StorageFixture;
import io.maestro.conformance.storage.StorageKit;
import io.maestro.testing.peers.GcsProtocolServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * The kit, against a protocol server that was written from the public description of Google Cloud Storage: no server of
 * Google's, nor a real one of others, is to be had. What that server is held against is in {@link ProtocolServerTest}.
 */
final class ConformanceAgainstProtocolServerTest extends StorageKit {
    private static GcsProtocolServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = GcsProtocolServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected StorageFixture fixture() {
        return new ProtocolServerFixture(server);
    }
}
