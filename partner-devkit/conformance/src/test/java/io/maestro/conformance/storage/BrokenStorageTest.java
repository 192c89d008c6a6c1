package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.conformance.KitPage;
import io.maestro.conformance.KitRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit catches every broken adapter, and the page of the kit tells by which test. */
final class BrokenStorageTest {
    @TempDir
    Path folder;

    @Test
    void soundAdapterIsNotCaughtInTheSameWay() {
        assertThat(KitRun.firstFailure(BrokenStorageRun.class, Map.of(BrokenStorageRun.FOLDER, folder.toString())))
                .isEmpty();
    }

    @Test
    void everyBrokenAdapterIsCaughtAsThePageTells() throws IOException {
        Map<String, Map<String, String>> runs = new LinkedHashMap<>();
        for (BrokenStorage broken : BrokenStorage.values()) {
            runs.put(
                    broken.fault(),
                    Map.of(BrokenStorageRun.FOLDER, folder.toString(), BrokenStorageRun.BROKEN, broken.name()));
        }
        assertThat(runs).hasSameSizeAs(BrokenStorage.values());
        KitPage.tells("storage-kit.md", "BrokenStorageTest", BrokenStorageRun.class, runs);
    }
}
