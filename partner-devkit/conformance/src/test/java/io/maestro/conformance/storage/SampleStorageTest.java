package io.maestro.conformance.storage;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The sound sample passes: what the kit finds wrong with the broken ones is theirs. */
final class SampleStorageTest extends StorageKit {
    private static SampleSystem system;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        system = new SampleSystem(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        system.close();
    }

    @Override
    protected StorageFixture fixture() {
        return new SampleFixture(system, null);
    }
}
