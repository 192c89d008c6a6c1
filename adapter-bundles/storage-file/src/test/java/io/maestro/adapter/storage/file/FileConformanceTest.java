package io.maestro.adapter.storage.file;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.storage.StorageFixture;
import io.maestro.conformance.storage.StorageKit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** The kit, in a folder. There is no outside system, so nothing can be elsewhere, and nobody can be refused. */
final class FileConformanceTest extends StorageKit {
    @Override
    protected StorageFixture fixture() {
        return new StorageFixture() {
            @Override
            public AdapterFactory factory() {
                return new StorageFileComponent();
            }

            @Override
            public Map<String, ?> emptyPlace() {
                return Map.of(); // the folder of the instance, which the kit makes
            }

            @Override
            public Set<Offer> offers() {
                return Set.of(Offer.ATOMIC_CONDITIONS, Offer.BACKSLASHES);
            }

            @Override
            public boolean spoil(Map<String, ?> place, Path folder, String key) throws IOException {
                Path file = folder.resolve("objects").resolve(KeyNames.encode(key));
                byte[] bytes = Files.readAllBytes(file);
                bytes[bytes.length - 1] ^= 1;
                Files.write(file, bytes);
                return true;
            }
        };
    }
}
