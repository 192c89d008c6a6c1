package io.maestro.adapters;

import io.maestro.adapters.InstanceRow.Removal;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folders of the instances: {@code TENANT/ENVIRONMENT/INSTANCE/INCARNATION}. The last step is why an instance that is
 * created under the name of a deleted one never finds the other's files.
 */
final class InstanceFolders {
    private static final System.Logger LOG = System.getLogger(InstanceFolders.class.getName());
    private static final int DEPTH = 4;

    private final Path root;
    private final Steps steps;

    InstanceFolders(Path root, Steps steps) {
        this.root = root;
        this.steps = steps;
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

    /** The folders that are there, at most so many; those of instances that are open included. */
    List<Removal> present(int most) throws IOException {
        if (!Files.isDirectory(root, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> found = Files.find(root, DEPTH, (path, attributes) -> attributes.isDirectory())) {
            return found.map(root::relativize)
                    .filter(path -> path.getNameCount() == DEPTH)
                    .<Removal>mapMulti((path, folders) -> {
                        try {
                            Scope scope = Scope.of(
                                    path.getName(0).toString(), path.getName(1).toString());
                            InstanceId instance = new InstanceId(path.getName(2).toString());
                            folders.accept(new Removal(
                                    new InstanceKey(scope, instance),
                                    Long.parseLong(path.getName(3).toString())));
                        } catch (ProblemException | NumberFormatException e) {
                            // somebody else's
                            LOG.log(Level.DEBUG, "not the folder of an instance: " + path, e);
                        }
                    })
                    .limit(most)
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
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
        steps.reached("folder-removed");
        Path above = named(removal.key());
        try (var rest = Files.list(above)) {
            if (rest.findAny().isPresent()) {
                return;
            }
        }
        Files.deleteIfExists(above);
    }
}
