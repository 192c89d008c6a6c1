package io.maestro.adapters;

import io.maestro.adapters.InstanceRow.Removal;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The folders of the instances: {@code TENANT/ENVIRONMENT/INSTANCE/INCARNATION}. The last step is why an instance that is
 * created under the name of a deleted one never finds the other's files.
 */
final class InstanceFolders {
    private final Path root;

    InstanceFolders(Path root) {
        this.root = root;
    }

    Path folder(InstanceKey key, long incarnation) {
        return named(key).resolve(Long.toString(incarnation));
    }

    private Path named(InstanceKey key) {
        // names are checked slugs: none leads out of the folder
        return root.resolve(key.scope().tenant().value())
                .resolve(key.scope().environment().value())
                .resolve(key.instance().value());
    }

    /** Deletes the folder with everything in it; links are deleted, not followed. */
    void remove(Removal removal) throws IOException {
        Path folder = folder(removal.key(), removal.incarnation());
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
        Path above = named(removal.key());
        try (var rest = Files.list(above)) {
            if (rest.findAny().isPresent()) {
                return;
            }
        }
        Files.deleteIfExists(above);
    }
}
