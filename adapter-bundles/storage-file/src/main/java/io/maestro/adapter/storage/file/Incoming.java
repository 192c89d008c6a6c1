package io.maestro.adapter.storage.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The files of unfinished puts. While an instance is open it holds the lock of its files, so that the next one to open
 * sweeps what a dead instance left behind and spares what a living one is writing: during an upgrade the old and the new
 * instance share the folder.
 */
final class Incoming implements AutoCloseable {
    private static final String LOCK = ".lock";

    private final Path folder;
    private final String owner;
    private final FileChannel lock;
    private final AtomicLong count = new AtomicLong();

    private Incoming(Path folder, String owner, FileChannel lock) {
        this.folder = folder;
        this.owner = owner;
        this.lock = lock;
    }

    /** Sweeps the folder and takes a place in it. */
    static Incoming open(Path folder) throws IOException {
        sweep(folder);
        while (true) {
            String owner = UUID.randomUUID().toString();
            Path file = folder.resolve(owner + LOCK);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // another one may have swept the file before it was locked
            if (locked(channel) && Files.exists(file)) {
                return new Incoming(folder, owner, channel);
            }
            channel.close();
        }
    }

    /** A file name that no other put uses; the file is not made. */
    Path next() {
        return folder.resolve(owner + "_" + count.incrementAndGet());
    }

    private static void sweep(Path folder) throws IOException {
        Map<String, Boolean> dead = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String owner = name.endsWith(LOCK)
                        ? name.substring(0, name.length() - LOCK.length())
                        : name.substring(0, Math.max(0, name.indexOf('_')));
                Boolean known = dead.get(owner);
                boolean remove = known == null ? isDead(folder.resolve(owner + LOCK)) : known;
                dead.put(owner, remove);
                if (remove) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isDead(Path lock) throws IOException {
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return locked(channel);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by an instance in this process
        }
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(folder.resolve(owner + LOCK));
        lock.close();
    }
}
