package io.maestro.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether the framework may start from what it kept. It may when the last node on this data folder stopped cleanly and ran
 * the very same distribution; otherwise everything is installed anew, and adapters come back from the artifacts. The stamp
 * that says so is taken away while a node runs.
 */
final class BundleCache {
    private final Path folder;
    private final Path stamp;
    private final String expected;

    BundleCache(Path folder, Home home) {
        this.folder = folder.resolve("cache");
        this.stamp = folder.resolve("stamp");
        this.expected = home.identity() + " " + home.folder();
    }

    /** Where the framework keeps its files. */
    Path folder() {
        return folder;
    }

    /** Whether what is kept can be used; the answer holds for one start. */
    boolean claim() throws IOException {
        boolean usable = Files.isDirectory(folder)
                && Files.exists(stamp)
                && Files.readString(stamp).equals(expected);
        Files.deleteIfExists(stamp);
        return usable;
    }

    /** To be called after a clean stop of a node that had started completely. */
    void seal() throws IOException {
        Files.writeString(stamp, expected);
    }
}
