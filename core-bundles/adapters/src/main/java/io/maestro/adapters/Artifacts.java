package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.CauseCode;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The node's folder of artifacts: one file per definition, named by its digest. */
final class Artifacts {
    private static final System.Logger LOG = System.getLogger(Artifacts.class.getName());
    private static final String SUFFIX = ".jar";

    private final Path folder;

    Artifacts(Path folder) {
        this.folder = folder;
    }

    /** Where the artifact is or would be. */
    Path file(Digest digest) {
        return folder.resolve(digest.hex() + SUFFIX);
    }

    /** Moves an inspected copy to its place, at once and for good: after a loss of power it is there whole or not at all. */
    Path adopt(Path copy, Digest digest) throws IOException {
        Files.createDirectories(folder);
        try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Path file = file(digest);
        Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
        return file;
    }

    /** Whether the artifact is there with exactly the bytes that were admitted. Reads it all. */
    boolean intact(Digest digest) {
        Path file = file(digest);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            return Digest.of(sha256.digest()).equals(digest);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "artifact " + digest + " cannot be read", e);
            return false;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The artifact, or {@link AdapterProblem#ARTIFACT_LOST}. */
    Path require(DefinitionId definition, Digest digest) {
        if (!intact(digest)) {
            boolean there = Files.exists(file(digest), LinkOption.NOFOLLOW_LINKS);
            throw Evidence.of(
                            there ? CauseCode.ARTIFACT_DAMAGED : CauseCode.ARTIFACT_LOST,
                            Map.of("adapter", definition, "digest", digest))
                    .behind(Problem.of(
                            AdapterProblem.ARTIFACT_LOST,
                            there
                                    ? "the bytes of the artifact of " + definition + " have changed on this node"
                                    : "the artifact of " + definition + " is missing from this node",
                            "Install the same signed file again: it takes its old place."))
                    .asException();
        }
        return file(digest);
    }

    void delete(Digest digest) {
        try {
            Files.deleteIfExists(file(digest));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "artifact " + digest + " cannot be deleted; the next start does", e);
        }
    }

    /** Deletes what no definition stands behind: the rest of an admission that a crash cut short. */
    void sweep(Set<Digest> known) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        Set<String> names = known.stream().map(digest -> digest.hex() + SUFFIX).collect(Collectors.toSet());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                if (!names.contains(name)) {
                    sweep(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What cannot be deleted, such as somebody's folder, is no reason not to start. */
    private static void sweep(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.log(Level.WARNING, file.getFileName() + " does not belong to the artifacts and cannot be deleted", e);
        }
    }
}
