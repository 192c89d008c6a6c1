package io.maestro.provenance;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.provenance.format.SigningSeed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The private halves of the node's keys: one file each, named by its fingerprint, for the server's user alone. Any thread;
 * blocks on the disk.
 */
final class KeyFiles {
    private static final String ENDING = ".key";

    private final Path folder;
    private final SecureRandom random = new SecureRandom();
    private final Map<Digest, SigningSeed> read = new ConcurrentHashMap<>();

    KeyFiles(Path folder) {
        this.folder = folder;
    }

    /** Makes a key and keeps it; when this returns, it outlasts a crash. */
    SigningSeed create() {
        SigningSeed seed = SigningSeed.random(random);
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(
                    folder,
                    ".key",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(seed.bytes()));
                    channel.force(true);
                }
                Files.move(draft, file(seed.verifyingKey().id()), StandardCopyOption.ATOMIC_MOVE);
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw unusable("the node's new signing key cannot be written", e);
        }
        return seed;
    }

    /** Whether this node has the private half of a key; looks no further. */
    boolean has(Digest id) {
        return Files.isRegularFile(file(id), LinkOption.NOFOLLOW_LINKS);
    }

    /** The private half of a key; empty when this node has it not. */
    Optional<SigningSeed> find(Digest id) {
        SigningSeed known = read.get(id);
        if (known != null) {
            return Optional.of(known);
        }
        Path file = file(id);
        if (!has(id)) {
            return Optional.empty();
        }
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length != SigningSeed.BYTES) {
                throw unusable("the file of the signing key " + id + " is damaged", null);
            }
            SigningSeed seed = SigningSeed.of(bytes);
            if (!seed.verifyingKey().id().equals(id)) {
                throw unusable("the file of the signing key " + id + " holds another key", null);
            }
            read.put(id, seed);
            return Optional.of(seed);
        } catch (IOException e) {
            throw unusable("the file of the signing key " + id + " cannot be read", e);
        }
    }

    /** Deletes a private half that signs no more. */
    void forget(Digest id) {
        read.remove(id);
        try {
            Files.deleteIfExists(file(id));
        } catch (IOException e) {
            throw unusable("the file of the retired signing key " + id + " cannot be deleted", e);
        }
    }

    private Path file(Digest id) {
        return folder.resolve(id.hex() + ENDING);
    }

    private static ProblemException unusable(String detail, @Nullable Exception cause) {
        Problem problem = Problem.of(
                ReceiptProblem.SIGNING_KEY_UNREADABLE,
                detail,
                "See to the rights of the folder keys in the node's data folder, or put it back from the backup.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }
}
