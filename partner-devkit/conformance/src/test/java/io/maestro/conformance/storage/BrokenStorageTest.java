package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.conformance.KitPage;
import io.maestro.conformance.KitRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kit catches every broken adapter, and the page of the kit tells by which test. */
final class BrokenStorageTest {
    @TempDir
    Path folder;

    @Test
    void soundAdapterIsNotCaughtInTheSameWay() {
        assertThat(firstFailure(null)).isEmpty();
    }

    @Test
    void everyBrokenAdapterIsCaughtAsThePageTells() throws IOException {
        Map<String, String> caught = new LinkedHashMap<>();
        for (BrokenStorage broken : BrokenStorage.values()) {
            caught.put(broken.fault(), firstFailure(broken));
        }
        assertThat(caught).hasSameSizeAs(BrokenStorage.values()).hasSizeGreaterThanOrEqualTo(15);
        assertThat(Set.copyOf(caught.values()))
                .as("tests that catch; were it one for all, the run itself would be broken")
                .hasSizeGreaterThanOrEqualTo(15);
        assertThat(caught)
                .allSatisfy((fault, test) -> assertThat(test)
                        .as("an adapter that %s is caught", fault)
                        .isNotEmpty());
        KitPage.tells("storage-kit.md", "BrokenStorageTest", caught);
    }

    /** Runs the kit until it finds something; empty when it does not. */
    private String firstFailure(@Nullable BrokenStorage broken) {
        Map<String, String> parameters = new HashMap<>(Map.of(BrokenStorageRun.FOLDER, folder.toString()));
        if (broken != null) {
            parameters.put(BrokenStorageRun.BROKEN, broken.name());
        }
        return KitRun.firstFailure(BrokenStorageRun.class, parameters);
    }
}
