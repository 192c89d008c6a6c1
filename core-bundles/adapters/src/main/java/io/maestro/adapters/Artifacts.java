package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;

/**
 * The node's folder of artifacts: one file per definition, named by its digest. A file that is missing or was changed is
 * fetched from the database, inspected as at its admission, and takes its place. Any thread.
 */
final class Artifacts {
    private static final System.Logger LOG = System.getLogger(Artifacts.class.getName());
    private static final String SUFFIX = ".jar";

    /** A node that comes without any file must not take all connections to the database. */
    private static final int FETCHING = 2;

    /** For so long what was refused is not fetched again: each of its instances would, for ever. */
    private static final Duration REFUSED = Duration.ofMinutes(1);

    private final Path folder;
    private final JooqArtifacts rows;
    private final Inspector inspector;
    private final Steps steps;
    private final Semaphore fetching = new Semaphore(FETCHING);

    /** What the inspection refused lately; as many as there are definitions at most. */
    private final Map<Digest, Refused> refused = new ConcurrentHashMap<>();

    private record Refused(Problem problem, long at) {}

    Artifacts(Path folder, JooqArtifacts rows, Inspector inspector, Steps steps) {
        this.folder = folder;
        this.rows = rows;
        this.inspector = inspector;
        this.steps = steps;
    }

    /** Where the artifact is or would be. */
    Path file(Digest digest) {
        return folder.resolve(digest.hex() + SUFFIX);
    }

    /** Moves an inspected copy to its place, at once and for good: after a loss of power it is there whole or not at all. */
    Path adopt(Path copy, Digest digest) throws IOException {
        refused.remove(digest);
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
            MessageDigest sha256 = sha256();
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
            }
            return Digest.of(sha256.digest()).equals(digest);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "artifact " + digest + " cannot be read", e);
            return false;
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The artifact with exactly the bytes that were admitted; fetched when it is not here. Blocks on files and on the database.
     *
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#ARTIFACT_LOST}, or why the database does not answer
     */
    Path require(Definition definition) {
        if (!intact(definition.digest())) {
            fetch(definition);
        }
        return file(definition.digest());
    }

    /** Why the artifact can be had neither here nor from the database; empty when it can. Fetches nothing. */
    Optional<Problem> absence(Definition definition) {
        return intact(definition.digest()) || rows.has(definition.digest())
                ? Optional.empty()
                : Optional.of(absent(definition));
    }

    private Problem absent(Definition definition) {
        return lost(definition, "and the database does not have it");
    }

    private void fetch(Definition definition) {
        Refused lately = refused.get(definition.digest());
        if (lately != null && System.nanoTime() - lately.at() < REFUSED.toNanos()) {
            throw lately.problem().asException();
        }
        try {
            fetching.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw lost(definition, "and the node is stopping").asException(e);
        }
        try (InputStream bytes = rows.open(definition.digest())) {
            if (!rows.has(definition.digest())) {
                throw absent(definition).asException();
            }
            fetch(definition, bytes);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the artifact of " + definition.id() + " cannot be written", e);
            throw lost(definition, "and what the database has of it cannot be written here")
                    .asException(e);
        } finally {
            fetching.release();
        }
    }

    /** Only what passes the inspection of an admission, with the bytes that were admitted then, gets the name of a digest. */
    private void fetch(Definition definition, InputStream bytes) throws IOException {
        switch (inspector.inspect(bytes)) {
            case Inspection.Refused bad -> {
                Problem problem = lost(
                        definition,
                        "and what the database has of it is refused: "
                                + bad.problem().detail());
                refused.put(definition.digest(), new Refused(problem, System.nanoTime()));
                throw problem.asException();
            }
            case Inspection.Passed passed -> {
                try {
                    if (!passed.digest().equals(definition.digest())) {
                        throw lost(definition, "and what the database has of it has other bytes too")
                                .asException();
                    }
                    steps.reached("fetched");
                    var _ = adopt(passed.copy(), definition.digest());
                    LOG.log(Level.INFO, "the artifact of {0} was fetched from the database", definition.id());
                } finally {
                    Files.deleteIfExists(passed.copy());
                }
            }
        }
    }

    private Problem lost(Definition definition, String why) {
        boolean there = Files.exists(file(definition.digest()), LinkOption.NOFOLLOW_LINKS);
        return Evidence.of(
                        there ? CauseCode.ARTIFACT_DAMAGED : CauseCode.ARTIFACT_LOST,
                        Map.of("adapter", definition.id(), "digest", definition.digest()))
                .behind(Problem.of(
                        AdapterProblem.ARTIFACT_LOST,
                        (there
                                        ? "the bytes of the artifact of " + definition.id()
                                                + " have changed on this node, "
                                        : "the artifact of " + definition.id() + " is missing from this node, ")
                                + why,
                        "Install the same signed file again: it takes its old place, and every node fetches it."));
    }

    /** Puts into the database what only the folder of this node has, since an earlier release admitted it. Blocks. */
    void bringUp() {
        for (Digest digest : rows.lacking()) {
            if (intact(digest)) {
                rows.bring(digest, file(digest), false);
                LOG.log(Level.INFO, "the artifact {0} was brought into the database", digest);
            }
        }
    }

    /** The same bytes were handed in again: puts them wherever they are missing or were changed. */
    void heal(Path copy, Digest digest) throws IOException {
        boolean healthy = intact(digest);
        if (!healthy) {
            var _ = adopt(copy, digest);
        }
        if (!healthy || !rows.has(digest)) {
            try {
                rows.bring(digest, file(digest), !healthy);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
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
