package io.maestro.adapter.storage.gcs;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.testing.bundle.AdapterBundleContract;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

final class StorageGcsBundleTest extends AdapterBundleContract {
    @Test
    void carriesItsLibraryWithTheLicence() throws IOException {
        assertThat(CONTENT.resolve("com/fasterxml/jackson/core/JsonParser.class"))
                .exists();
        assertThat(Files.readString(CONTENT.resolve("META-INF/LICENSE"))).contains("Apache License");
    }
}
