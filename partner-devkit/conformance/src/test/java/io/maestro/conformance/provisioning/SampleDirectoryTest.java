package io.maestro.conformance.provisioning;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The sound sample passes: what the kit finds wrong with the broken ones is theirs. */
final class SampleDirectoryTest extends ProvisioningKit {
    private static SampleSystem system;

    @BeforeAll
    static void start() throws IOException {
        system = new SampleSystem();
    }

    @AfterAll
    static void stop() throws IOException {
        system.close();
    }

    @Override
    protected ProvisioningFixture fixture() {
        return new SampleFixture(system, null);
    }
}
