package io.maestro.adapters.deploy;

import io.maestro.api.adapters.Definitions;
import io.maestro.model.Actor;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Looks at a folder and admits the files that are dropped into it, once they are there whole: a file must not have changed
 * between two looks, and its end must be the end of a zip file. What never becomes one is admitted after a while all the
 * same, so that the refusal is written down. A file that was dealt with is left alone until it changes; it stays where it
 * is, and removing it does nothing.
 */
public final class DeployFolder {
    private static final System.Logger LOG = System.getLogger(DeployFolder.class.getName());
    private static final long GIVE_UP_WAITING = TimeUnit.SECONDS.toNanos(5);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);
    private static final Actor DROP_FOLDER = Actor.system("drop-folder");
    private static final int MOST_FILES = 10_000;

    private final Path folder;
    private final Definitions definitions;
    private final Duration interval;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final Map<Path, Shape> done = new ConcurrentHashMap<>();
    private final Set<Path> busy = ConcurrentHashMap.newKeySet();
    private final Semaphore places = new Semaphore(4);
    private final ExecutorService workers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("adapter-deploy-", 0).factory());
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("adapter-deploy").unstarted(this::run);

    /** What can be told of a file without reading it. */
    private record Shape(long size, FileTime modified) {}

    /** How a file looked first, and since when it has looked so. */
    private record Seen(Shape shape, long since) {}

    /** Watches {@code folder} for {@code definitions}, with a look every {@code interval}. */
    public DeployFolder(Path folder, Definitions definitions, Duration interval) {
        this.folder = folder;
        this.definitions = definitions;
        this.interval = interval;
    }

    /** Makes the folder and begins to look at it. */
    public void start() {
        thread.start();
    }

    /** Stops looking; an admission in progress is interrupted. Waits a while for both: afterwards no file is touched. */
    public void stop() {
        stopped.countDown();
        thread.interrupt();
        workers.shutdownNow();
        try {
            thread.join(STOPS_WITHIN.toMillis());
            if (!workers.awaitTermination(STOPS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.log(Level.WARNING, "an admission of a dropped file does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean complained = false;
        do {
            try {
                look();
                complained = false;
            } catch (IOException | RuntimeException e) {
                if (!complained) {
                    LOG.log(Level.WARNING, "the drop folder " + folder + " cannot be read", e);
                    complained = true;
                }
            }
        } while (!stoppedWithin(interval));
    }

    private boolean stoppedWithin(Duration limit) {
        try {
            return stopped.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** One look. */
    void look() throws IOException {
        Files.createDirectories(folder);
        Map<Path, Seen> present = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, DeployFolder::isCandidate)) {
            for (Path file : files) {
                if (present.size() == MOST_FILES) {
                    break;
                }
                look(file, present);
            }
        }
        seen.clear();
        seen.putAll(present);
        done.keySet().retainAll(present.keySet());
    }

    private void look(Path file, Map<Path, Seen> present) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                return;
            }
            Shape shape = new Shape(attributes.size(), attributes.lastModifiedTime());
            Seen before = seen.get(file);
            if (before == null || !before.shape.equals(shape)) {
                present.put(file, new Seen(shape, System.nanoTime()));
                return;
            }
            present.put(file, before);
            if (!shape.equals(done.get(file)) && isReady(file, before) && busy.add(file)) {
                workers.execute(() -> admit(file, shape));
            }
        } catch (IOException e) {
            // gone again, or not readable yet: the next look tells
            LOG.log(Level.DEBUG, "the dropped file " + file.getFileName() + " cannot be looked at", e);
        }
    }

    private static boolean isCandidate(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && !name.endsWith(".part") && !name.endsWith(".tmp");
    }

    private static boolean isReady(Path file, Seen seen) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            return ZipEnd.isComplete(channel) || System.nanoTime() - seen.since > GIVE_UP_WAITING;
        }
    }

    private void admit(Path file, Shape shape) {
        String name = String.valueOf(file.getFileName());
        try {
            places.acquire();
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                Definitions.Admitted admitted = definitions.admit(in, "deploy/" + name, DROP_FOLDER);
                done.put(file, shape);
                LOG.log(
                        admitted.fresh() ? Level.INFO : Level.DEBUG,
                        "dropped file " + name + " is " + admitted.definition().id());
            } finally {
                places.release();
            }
        } catch (ProblemException e) {
            if (e.problem().category() == ProblemCategory.INTERNAL) {
                LOG.log(Level.WARNING, "dropped file " + name + " is tried again: " + e.getMessage());
                leaveForAWhile();
            } else {
                done.put(file, shape);
                LOG.log(Level.WARNING, "dropped file " + name + " is refused: " + e.getMessage());
            }
        } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "dropped file " + name + " is gone again", e);
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "dropped file " + name + " is tried again", e);
            leaveForAWhile();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            busy.remove(file);
        }
    }

    /** Keeps the file marked as busy, so that it is not tried again at once. */
    private void leaveForAWhile() {
        if (stoppedWithin(Duration.ofNanos(GIVE_UP_WAITING))) {
            LOG.log(Level.DEBUG, "the node is stopping");
        }
    }
}
