package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BundleCacheTest {
    @TempDir
    private Path folder;

    private BundleCache cache(String identity, String home) {
        return new BundleCache(folder, new Home(Path.of(home), "1", identity, 18));
    }

    private BundleCache stoppedCleanly() throws IOException {
        Files.createDirectories(folder.resolve("cache"));
        BundleCache cache = cache("one", "/home");
        cache.seal();
        return cache;
    }

    @Test
    void isEmptyAtFirst() throws IOException {
        assertThat(cache("one", "/home").claim()).isFalse();
    }

    @Test
    void isUsedAfterACleanStopOfTheSameDistribution() throws IOException {
        assertThat(stoppedCleanly().claim()).isTrue();
    }

    @Test
    void isNotUsedAfterAKilledNode() throws IOException {
        BundleCache cache = stoppedCleanly();
        cache.claim();

        assertThat(cache.claim()).isFalse();
    }

    @Test
    void isNotUsedByAnotherDistribution() throws IOException {
        stoppedCleanly();

        assertThat(cache("two", "/home").claim()).isFalse();
    }

    @Test
    void isNotUsedByADistributionThatMoved() throws IOException {
        stoppedCleanly();

        assertThat(cache("one", "/elsewhere").claim()).isFalse();
    }

    @Test
    void isNotUsedWhenItIsGone() throws IOException {
        BundleCache cache = stoppedCleanly();
        Files.delete(folder.resolve("cache"));

        assertThat(cache.claim()).isFalse();
    }
}
