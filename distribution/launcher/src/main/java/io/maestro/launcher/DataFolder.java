package io.maestro.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The data folder, held by this process alone until it is closed. The operating system lets go of the lock when the
 * process ends, however it ends; the text in the lock file only tells people who holds it.
 */
final class DataFolder implements AutoCloseable {
    private static final String LOCK = "maestro.lock";
    private static final List<String> FOLDERS =
            List.of("artifacts", "incoming", "deploy", "instances", "keys", "framework", "logs");

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;
    private final boolean fresh;
    private final FileChannel channel;
    private final FileLock lock;

    private DataFolder(Path folder, boolean fresh, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.fresh = fresh;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the folder, making what is missing.
     *
     * @throws LaunchFailure with {@link LaunchFailure#IN_USE} when a node works on it
     */
    static DataFolder take(Path folder) throws LaunchFailure {
        try {
            if (!Files.isDirectory(folder)) {
                if (folder.getParent() != null) {
                    Files.createDirectories(folder.getParent());
                }
                Files.createDirectory(folder, OWNER_ONLY);
            }
            Path file = folder.resolve(LOCK);
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = lock(channel);
            if (lock == null) {
                String holder = Files.readString(file).strip();
                channel.close();
                throw new LaunchFailure(
                        LaunchFailure.IN_USE,
                        folder + " is in use by " + (holder.isEmpty() ? "a node that is starting" : holder)
                                + "; stop it, or choose another folder with --data");
            }
            boolean fresh = !Files.exists(folder.resolve("framework"));
            for (String name : FOLDERS) {
                if (!Files.isDirectory(folder.resolve(name))) {
                    Files.createDirectory(folder.resolve(name), OWNER_ONLY);
                }
            }
            DataFolder taken = new DataFolder(folder.toRealPath(), fresh, channel, lock);
            taken.sign("process " + ProcessHandle.current().pid());
            return taken;
        } catch (IOException e) {
            throw new LaunchFailure("the data folder " + folder + " cannot be written: " + reason(e), e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "") + " " + e.getMessage();
    }

    /** Tells whoever comes second where this node listens. */
    void announce(String address) throws IOException {
        sign("process " + ProcessHandle.current().pid() + " at " + address);
    }

    private void sign(String text) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    Path folder() {
        return folder;
    }

    /** Whether no node ever started on this folder. */
    boolean fresh() {
        return fresh;
    }

    Path resolve(String name) {
        return folder.resolve(name);
    }

    /** The name of this node; made up once. */
    String node(RandomGenerator random) throws IOException {
        Path file = folder.resolve("node");
        if (!Files.exists(file)) {
            byte[] bytes = new byte[4];
            random.nextBytes(bytes);
            Files.writeString(file, "node-" + HexFormat.of().formatHex(bytes) + "\n");
        }
        return Files.readString(file).strip();
    }

    /** Lets go of the folder. */
    @Override
    public void close() throws IOException {
        sign("");
        lock.release();
        channel.close();
    }
}
