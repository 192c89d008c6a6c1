package io.maestro.identity;

import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.Token;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The first way in: when no platform admin's token is good, one is made and written to a file that only the server's user
 * may read. The file stands before the row is committed, so a crash leaves at worst a file that opens nothing, and the
 * next start makes both anew. A token that was never used and does not stand in the file is nobody's, and replaced.
 */
final class BootstrapToken {
    private static final System.Logger LOG = System.getLogger(BootstrapToken.class.getName());

    private static final int LARGEST_FILE = 1_000;

    private final JooqTokens tokens;
    private final Path folder;
    private final Path file;
    private final String creator;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * Does nothing yet.
     *
     * @param node this node; it replaces only what it made itself, for others keep their file elsewhere
     */
    BootstrapToken(JooqTokens tokens, Path data, String node, InstantSource clock, RandomGenerator random) {
        this.tokens = tokens;
        this.folder = data;
        this.file = data.resolve("bootstrap-token");
        this.creator = "bootstrap:" + node;
        this.clock = clock;
        this.random = random;
    }

    /** Makes the token when it is needed. One small query when it is not. */
    void ensure() {
        String known = hashOfFile();
        if (!tokens.lacksPlatformAdmin(creator, known)) {
            return;
        }
        Bearer bearer = Bearer.random(Bearer.Kind.TOKEN, random);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Token token = new Token(
                bearer.id(),
                "bootstrap",
                Set.of(Role.PLATFORM_ADMIN),
                null,
                null,
                now,
                now.plus(TokenIssuer.LONGEST_LIFETIME),
                null,
                null,
                null,
                1);
        tokens.insertFirst(new StoredToken(token, bearer.hash(), null), creator, known, () -> write(bearer));
        LOG.log(System.Logger.Level.INFO, "the first token of a platform admin is in {0}", file);
    }

    /** What the token in the file hashes to; empty when there is no file or no token in it. */
    private String hashOfFile() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LARGEST_FILE) {
                return "";
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            return Bearer.parse(Bearer.Kind.TOKEN, text.strip())
                    .map(Bearer::hash)
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private void write(Bearer bearer) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, "bootstrap-token", ".tmp", ownerOnly(folder));
            try {
                try (FileChannel out = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer text = ByteBuffer.wrap((bearer.text() + "\n").getBytes(StandardCharsets.US_ASCII));
                    while (text.hasRemaining()) {
                        out.write(text);
                    }
                    out.force(true);
                }
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Set when the file is made: it is never readable for others, not even for a moment. */
    private static FileAttribute<?>[] ownerOnly(Path folder) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
