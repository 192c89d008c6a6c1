package io.maestro.adapter.provisioning.scim;

import io.maestro.conformance.provisioning.ProvisioningFixture;
import io.maestro.conformance.provisioning.ProvisioningKit;
import io.maestro.testing.peers.ScimServer;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The kit, against a directory with ETags whose roles are an attribute of users. */
final class ScimConformanceTest extends ProvisioningKit {
    private static ScimServer server;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = ScimServer.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected ProvisioningFixture fixture() {
        return new ScimFixture(server, Settings.Roles.ATTRIBUTE, EnumSet.allOf(ProvisioningFixture.Offer.class));
    }
}
