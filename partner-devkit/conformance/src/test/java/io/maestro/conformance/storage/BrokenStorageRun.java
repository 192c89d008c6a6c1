package io.maestro.conformance.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The kit as an author runs it, over a fixture that {@link BrokenStorageTest} passes on. Not a test of its own. */
@ExtendWith(BrokenStorageRun.Given.class)
final class BrokenStorageRun extends StorageKit {
    /** Names the broken adapter in the configuration of the run; without it, the sound sample is tried. */
    static final String BROKEN = "maestro.broken";

    /** Names the folder of the run. */
    static final String FOLDER = "maestro.folder";

    private final StorageFixture fixture;

    BrokenStorageRun(StorageFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    protected StorageFixture fixture() {
        return fixture;
    }

    /** Gives the fixture of the broken adapter; a system of its own ends with the run. */
    static final class Given implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(StorageFixture.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            Path folder = Path.of(context.getConfigurationParameter(FOLDER).orElseThrow());
            SampleSystem system = context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .computeIfAbsent(SampleSystem.class, key -> system(folder), SampleSystem.class);
            BrokenStorage broken = context.getConfigurationParameter(BROKEN)
                    .map(BrokenStorage::valueOf)
                    .orElse(null);
            return new SampleFixture(system, broken);
        }

        private static SampleSystem system(Path folder) {
            try {
                return new SampleSystem(folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
