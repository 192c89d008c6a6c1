package io.maestro.conformance.run;

import io.maestro.conformance.storage.StorageFixture;
import io.maestro.conformance.storage.StorageKit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** The kit of storage over a packed adapter and a described peer, which the parameters of the run name. */
@ExtendWith(StorageRun.Given.class)
final class StorageRun extends StorageKit {
    private final StorageFixture fixture;

    StorageRun(StorageFixture fixture) {
        this.fixture = fixture;
    }

    @Override
    protected StorageFixture fixture() {
        return fixture;
    }

    /** Opens both once; the adapter is closed with the run. */
    static final class Given implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType().equals(StorageFixture.class);
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            ExtensionContext.Store store = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL);
            PackedAdapter adapter = store.computeIfAbsent(
                    PackedAdapter.class,
                    key -> open(path(context, KitRun.JAR), path(context, KitRun.FOLDER)),
                    PackedAdapter.class);
            StoragePeer peer = store.computeIfAbsent(
                    StoragePeer.class, key -> read(path(context, KitRun.PEER)), StoragePeer.class);
            return new DescribedStorage(adapter, peer);
        }

        private static Path path(ExtensionContext context, String parameter) {
            return Path.of(context.getConfigurationParameter(parameter).orElseThrow());
        }

        private static PackedAdapter open(Path jar, Path folder) {
            try {
                return PackedAdapter.open(jar, folder);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static StoragePeer read(Path file) {
            try {
                return StoragePeer.read(file, System::getenv);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
