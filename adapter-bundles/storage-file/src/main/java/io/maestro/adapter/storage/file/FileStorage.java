package io.maestro.adapter.storage.file;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.ByteRange;
import io.maestro.adapter.spi.storage.DeleteObject;
import io.maestro.adapter.spi.storage.DeletedObject;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.Sha256;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.adapter.spi.storage.SignedUrl;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Objects as files of one folder.
 *
 * <p>A put writes beside the objects, synchronises, and renames under the lock of its key, where it also checks its
 * condition. So conditions are atomic among the calls of one instance, which is all there is: the host opens an instance
 * once, and while an upgrade has two open, only one takes new calls.
 */
final class FileStorage implements ObjectStorage {
    private static final int LOCKS = 64;

    private final Path root;
    private final ObjectFiles files;
    private final Incoming incoming;
    private final long largest;
    private final Lock[] locks =
            Stream.generate(ReentrantLock::new).limit(LOCKS).toArray(Lock[]::new);
    private final Set<ObjectStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private FileStorage(Path root, ObjectFiles files, Incoming incoming, long largest) {
        this.root = root;
        this.files = files;
        this.incoming = incoming;
        this.largest = largest;
    }

    static FileStorage open(Path folder, FileStorageConfiguration configuration, InstantSource clock) {
        try {
            Path root = folder.toRealPath();
            Path objects = subfolder(root, "objects");
            Incoming incoming = Incoming.open(subfolder(root, "incoming"));
            return new FileStorage(root, new ObjectFiles(objects, clock), incoming, configuration.largest());
        } catch (IOException e) {
            throw failed("cannot open the folder of the instance", e);
        }
    }

    private static Path subfolder(Path root, String name) throws IOException {
        Path folder = root.resolve(name);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder); // fails on a symbolic link, as it should
        }
        return folder;
    }

    @Override
    public StoredObject putObject(CallContext context, PutObject request, Content content) {
        requireOpen();
        StorageRules.check(request);
        requireSize(content.length().orElse(0));
        Path file = incoming.next();
        try {
            checkCondition(request);
            StoredObject stored = files.write(file, request, Sha256.checked(request, content), largest);
            Lock lock = lock(request.key());
            lock.lock();
            try {
                requireOpen();
                checkCondition(request);
                files.commit(file, request.key());
            } finally {
                lock.unlock();
            }
            return stored;
        } catch (IOException e) {
            throw failed("cannot store the object", e);
        } finally {
            delete(file);
        }
    }

    private void requireSize(long size) {
        if (size > largest) {
            throw ObjectFiles.tooLarge(largest);
        }
    }

    private void checkCondition(PutObject request) throws IOException {
        String ifMatch = request.ifMatch();
        boolean ifAbsent = StorageRules.ifAbsent(request);
        if (ifMatch == null && !ifAbsent) {
            return;
        }
        Optional<StoredObject> current = files.head(request.key());
        if (ifAbsent && current.isPresent()) {
            throw problem(
                    StorageProblem.STORAGE_PRECONDITION_FAILED,
                    "there is an object under the key",
                    "Choose another key, or drop ifAbsent to replace the object.");
        }
        if (ifMatch != null
                && !current.map(object -> object.etag().equals(ifMatch)).orElse(false)) {
            throw problem(
                    StorageProblem.STORAGE_PRECONDITION_FAILED,
                    current.isPresent() ? "the object has another etag" : "there is no object under the key",
                    "Read the object again and decide anew.");
        }
    }

    @Override
    public OpenObject getObject(CallContext context, GetObject request) {
        requireOpen();
        StorageRules.check(request);
        try {
            ObjectFiles.Reading reading = files.read(request.key()).orElseThrow(FileStorage::notFound);
            ObjectStream stream =
                    new ObjectStream(reading.content(), reading.object().size(), open);
            boolean handedOver = false;
            try {
                requireOpen(); // again: closed in between, close() may have missed the stream
                OpenObject object = opened(request, reading.object(), stream);
                handedOver = true;
                return object;
            } finally {
                if (!handedOver) {
                    stream.close();
                }
            }
        } catch (IOException e) {
            throw failed("cannot read the object", e);
        }
    }

    private static OpenObject opened(GetObject request, StoredObject object, ObjectStream stream) throws IOException {
        ByteRange range = StorageRules.range(request, object.size());
        if (range == null) {
            return new OpenObject(object, Sha256.verified(object, stream));
        }
        stream.limitTo(range);
        return new OpenObject(object, stream, range);
    }

    @Override
    public StoredObject headObject(CallContext context, HeadObject request) {
        requireOpen();
        StorageRules.check(request);
        try {
            return files.head(request.key()).orElseThrow(FileStorage::notFound);
        } catch (IOException e) {
            throw failed("cannot read the object", e);
        }
    }

    private static ProblemException notFound() {
        return problem(
                StorageProblem.OBJECT_NOT_FOUND,
                "there is no object under the key",
                "List the objects to see which keys there are.");
    }

    @Override
    public ObjectList list(CallContext context, ListObjects request) {
        requireOpen();
        StorageRules.check(request);
        try {
            return files.list(
                    StorageRules.prefix(request), StorageRules.limit(request), request.cursor(), request.delimiter());
        } catch (IOException e) {
            throw failed("cannot list the objects", e);
        }
    }

    @Override
    public DeletedObject deleteObject(CallContext context, DeleteObject request) {
        requireOpen();
        StorageRules.check(request);
        Lock lock = lock(request.key());
        lock.lock();
        try {
            files.delete(request.key());
            return new DeletedObject(request.key());
        } catch (IOException e) {
            throw failed("cannot delete the object", e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public SignedUrl signedUrl(CallContext context, SignUrl request) {
        requireOpen();
        StorageRules.check(request);
        throw problem(
                StorageProblem.STORAGE_UNSUPPORTED,
                "a folder has no URLs",
                "Read and write through the server, or use an adapter for an object store, such as storage-s3.");
    }

    @Override
    public Health health() {
        if (closed) {
            return new Health.Down("the instance is closed");
        }
        if (!Files.isDirectory(root) || !Files.isWritable(root)) {
            return new Health.Down("the folder of the instance is missing or cannot be written");
        }
        return new Health.Up();
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (ObjectStream stream : open) {
                stream.close();
            }
            incoming.close();
        } catch (IOException e) {
            throw failed("cannot close the folder of the instance", e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw problem(
                    StorageProblem.STORAGE_CLOSED, "the instance was closed", "Start the instance and try again.");
        }
    }

    private Lock lock(String key) {
        return locks[Math.floorMod(key.hashCode(), LOCKS)];
    }

    /** What is left of a put that did not get to its end; a crash leaves it to the next sweep. */
    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failed("cannot remove an unfinished file", e);
        }
    }

    static ProblemException problem(StorageProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }

    /** Messages of the file system hold paths, which are nobody's matter outside; its reasons do not. */
    private static ProblemException failed(String what, IOException cause) {
        String reason = cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
        return Problem.of(
                        StorageProblem.STORAGE_FAILED,
                        what + (reason == null || reason.indexOf('/') >= 0 ? "" : ": " + reason),
                        "See whether the disk of the node is full, read-only or damaged; its log has the cause.")
                .asException(cause);
    }
}
