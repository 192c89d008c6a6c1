package io.maestro.provenance;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys at which this node's trust begins: fingerprints in a file beside the private keys, one on a line. It is outside of
 * the database on purpose, for whoever can write there could begin a chain of his own. Any thread; blocks on the disk.
 */
final class TrustedRoots {
    private static final int LARGEST = 10_000;

    private final Path folder;

    TrustedRoots(Path folder) {
        this.folder = folder;
    }

    /** The file. */
    Path file() {
        return folder.resolve("root");
    }

    /** What it names; nothing before the first start. */
    Set<Digest> read() {
        try {
            if (Files.size(file()) > LARGEST) {
                throw unusable("is too large", null);
            }
            Set<Digest> roots = new LinkedHashSet<>();
            for (String line : Files.readString(file(), StandardCharsets.UTF_8).split("\n", -1)) {
                if (!line.isBlank()) {
                    roots.add(digest(line.strip()));
                }
            }
            if (roots.isEmpty()) {
                throw unusable("names no key", null);
            }
            return roots;
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IOException e) {
            throw unusable("cannot be read", e);
        }
    }

    /** Writes the file, when there is none yet; when this returns, it outlasts a crash. */
    void pin(Digest root) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(
                    folder,
                    ".root",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap((root + "\n").getBytes(StandardCharsets.UTF_8)));
                    channel.force(true);
                }
                Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE);
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw unusable("cannot be written", e);
        }
    }

    private Digest digest(String line) {
        try {
            return Digest.parse(line);
        } catch (ProblemException e) {
            throw unusable("has a line that is no fingerprint", e);
        }
    }

    private ProblemException unusable(String what, @Nullable Exception cause) {
        Problem problem = Problem.of(
                ReceiptProblem.SIGNING_KEY_UNREADABLE,
                "the file " + file() + ", which names the keys at which trust in receipts begins, " + what,
                "Put it back from the backup, or from another node of the same database.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }
}
