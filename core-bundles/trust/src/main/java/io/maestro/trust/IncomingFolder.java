package io.maestro.trust;

import io.maestro.api.trust.TrustProblem;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The private folder in which copies of artifacts are inspected. Its files are readable by the server's user only. */
final class IncomingFolder {
    private static final String PREFIX = "artifact-";
    private static final String SUFFIX = ".part";

    private final Path folder;
    private final long limit;

    IncomingFolder(Path folder, long limit) {
        this.folder = folder;
        this.limit = limit;
    }

    /** What came of copying. */
    sealed interface Copy {
        /** All bytes are on disk. */
        record Whole(Path file, Digest digest, long size) implements Copy {}

        /** The artifact is larger than allowed; nothing is kept. */
        record TooLarge(Problem problem, long seen) implements Copy {}
    }

    /** Copies to the end or to the limit; leaves nothing behind when it throws. */
    Copy copy(InputStream artifact) throws IOException {
        Files.createDirectories(folder);
        // readable by its owner only, wherever the file system knows owners
        Path file = Files.createTempFile(folder, PREFIX, SUFFIX);
        boolean whole = false;
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            MessageDigest digest = sha256();
            byte[] buffer = new byte[1 << 16];
            long size = 0;
            for (int read = artifact.read(buffer); read >= 0; read = artifact.read(buffer)) {
                size += read;
                if (size > limit) {
                    return new Copy.TooLarge(tooLarge(), size);
                }
                digest.update(buffer, 0, read);
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            out.force(true);
            whole = true;
            return new Copy.Whole(file, Digest.of(digest.digest()), size);
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Deletes what a crash left behind. Only before the first copy is made. */
    void sweep() throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> leftOvers = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path leftOver : leftOvers) {
                Files.deleteIfExists(leftOver);
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private Problem tooLarge() {
        return Problem.of(
                TrustProblem.ARTIFACT_TOO_LARGE,
                "the artifact is larger than " + limit + " bytes",
                "Leave out what the adapter does not need; at most " + limit + " bytes are taken.");
    }
}
