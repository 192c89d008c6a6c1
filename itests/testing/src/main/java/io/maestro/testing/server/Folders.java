package io.maestro.testing.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks into folders. */
final class Folders {
    private Folders() {}

    /** The one file in {@code folder} that matches {@code glob}. */
    static Path single(Path folder, String glob) {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            files.forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (found.size() != 1) {
            throw new IllegalStateException("not one " + glob + " in " + folder + ": " + found);
        }
        return found.getFirst();
    }
}
