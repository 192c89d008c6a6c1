package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.AdapterContext;
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
import io.maestro.model.Retry;
import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A sound storage adapter without signed URLs. The broken ones extend it. */
class SampleStorage implements ObjectStorage {
    final AdapterContext context;
    final SampleConfiguration configuration;
    private final SampleSystem system;
    private final Set<InputStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    SampleStorage(SampleSystem system, AdapterContext context) {
        this.system = system;
        this.context = context;
        this.configuration = context.configuration(SampleConfiguration.class);
    }

    String placeName() {
        return configuration.place();
    }

    final SampleSystem.Place place() {
        return system.place(placeName());
    }

    /** Checks a request by the rules that every storage shares. */
    void check(Runnable rules) {
        rules.run();
    }

    /** Asks the outside system to be let in. */
    void enter(Instant deadline) {
        if (closed) {
            throw problem(StorageProblem.STORAGE_CLOSED, "the instance was closed")
                    .asException();
        }
        URI address = URI.create(configuration.endpoint());
        int left = (int) Math.max(
                1, Duration.between(context.clock().instant(), deadline).toMillis());
        String answer;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), left);
            socket.setSoTimeout(left);
            socket.getOutputStream()
                    .write((configuration.password().reveal() + " " + placeName() + "\n").getBytes(UTF_8));
            answer = String.valueOf(
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine());
        } catch (IOException e) {
            throw unreachable("the system does not answer", e);
        }
        switch (answer) {
            case "welcome" -> {}
            case "stranger" ->
                throw problem(StorageProblem.STORAGE_ACCESS_DENIED, "the system does not take the password")
                        .asException();
            default ->
                throw problem(StorageProblem.STORAGE_CONTAINER_MISSING, "the place is not there")
                        .asException();
        }
    }

    static Problem problem(StorageProblem code, String detail) {
        return Problem.of(code, detail, "See the configuration of the instance.");
    }

    static ProblemException unreachable(String detail, IOException cause) {
        return problem(StorageProblem.STORAGE_UNREACHABLE, detail)
                .with(Retry.after(Duration.ZERO))
                .asException(cause);
    }

    String etag(String key) {
        return UUID.nameUUIDFromBytes(key.getBytes(UTF_8)).toString().substring(0, 8)
                + UUID.randomUUID().toString().replace("-", "");
    }

    @Override
    public StoredObject putObject(CallContext call, PutObject request, Content content) {
        check(() -> StorageRules.check(request));
        enter(call.deadline());
        try {
            Path file = system.newFile();
            long size = copy(checked(request, content).bytes(), file);
            if (content.length().isPresent() && content.length().getAsLong() != size) {
                throw problem(StorageProblem.CONTENT_INCOMPLETE, "the length is another")
                        .asException();
            }
            StoredObject object = new StoredObject(
                    request.key(),
                    size,
                    etag(request.key()),
                    StorageRules.contentType(request),
                    context.clock().instant(),
                    StorageRules.metadata(request),
                    request.sha256());
            store(place().objects(), request, new SampleSystem.Kept(object, file));
            return object;
        } catch (IOException e) {
            throw unreachable("the object could not be written", e);
        }
    }

    /** Content that is not stored when it has another digest than the request says. */
    Content checked(PutObject request, Content content) {
        return Sha256.checked(request, content);
    }

    private static long copy(InputStream bytes, Path file) throws IOException {
        byte[] chunk = new byte[32 * 1024];
        long size = 0;
        try (OutputStream target = Files.newOutputStream(file)) {
            for (int count = read(bytes, chunk); count >= 0; count = read(bytes, chunk)) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IOException("interrupted");
                }
                target.write(chunk, 0, count);
                size += count;
            }
        }
        return size;
    }

    private static int read(InputStream bytes, byte[] chunk) {
        try {
            return bytes.read(chunk);
        } catch (IOException e) {
            throw problem(StorageProblem.CONTENT_INCOMPLETE, "the sender broke off")
                    .asException(e);
        }
    }

    /** Stores the object if the condition holds, in one step. */
    void store(NavigableMap<String, SampleSystem.Kept> objects, PutObject request, SampleSystem.Kept kept) {
        synchronized (objects) {
            requireCondition(objects, request);
            objects.put(request.key(), kept);
        }
    }

    static void requireCondition(NavigableMap<String, SampleSystem.Kept> objects, PutObject request) {
        SampleSystem.Kept before = objects.get(request.key());
        boolean holds = request.ifMatch() == null
                ? before == null || !StorageRules.ifAbsent(request)
                : before != null && before.object().etag().equals(request.ifMatch());
        if (!holds) {
            throw problem(StorageProblem.STORAGE_PRECONDITION_FAILED, "the object is in another state")
                    .asException();
        }
    }

    @Override
    public OpenObject getObject(CallContext call, GetObject request) {
        check(() -> StorageRules.check(request));
        enter(call.deadline());
        SampleSystem.Kept kept = kept(request.key());
        ByteRange range = StorageRules.range(request, kept.object().size());
        try {
            InputStream content = new Tracked(Files.newInputStream(kept.bytes()), open);
            if (range == null) {
                return new OpenObject(kept.object(), verified(kept.object(), content));
            }
            content.skipNBytes(range.offset());
            return new OpenObject(kept.object(), new Part(content, range.length()), range);
        } catch (IOException e) {
            throw unreachable("the object could not be read", e);
        }
    }

    @Override
    public StoredObject headObject(CallContext call, HeadObject request) {
        check(() -> StorageRules.check(request));
        enter(call.deadline());
        return kept(request.key()).object();
    }

    private SampleSystem.Kept kept(String key) {
        SampleSystem.Kept kept = place().objects().get(key);
        if (kept == null) {
            throw problem(StorageProblem.OBJECT_NOT_FOUND, "there is no such object")
                    .asException();
        }
        return kept;
    }

    /** Content whose end is not given when it is not what was stored. */
    InputStream verified(StoredObject object, InputStream content) {
        return Sha256.verified(object, content);
    }

    /** The first so many bytes. */
    private static final class Part extends FilterInputStream {
        private long remaining;

        Part(InputStream content, long length) {
            super(content);
            this.remaining = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = remaining == 0 ? -1 : super.read(target, offset, (int) Math.min(length, remaining));
            remaining -= Math.max(0, read);
            return read;
        }
    }

    /** Content that the instance closes with itself. */
    private static final class Tracked extends FilterInputStream {
        private final Set<InputStream> open;

        Tracked(InputStream bytes, Set<InputStream> open) {
            super(bytes);
            this.open = open;
            open.add(this);
        }

        @Override
        public void close() throws IOException {
            open.remove(this);
            super.close();
        }
    }

    @Override
    public ObjectList list(CallContext call, ListObjects request) {
        check(() -> StorageRules.check(request));
        String after = after(request.cursor());
        enter(call.deadline());
        List<ObjectList.Entry> page = new ArrayList<>();
        List<String> prefixes = new ArrayList<>();
        String last = after;
        for (SampleSystem.Kept kept : place().objects().tailMap(after, false).values()) {
            StoredObject object = kept.object();
            String told = told(object.key(), StorageRules.prefix(request), request.delimiter());
            if (object.key().startsWith(StorageRules.prefix(request)) && !told.equals(last)) {
                if (counted(page, prefixes) == StorageRules.limit(request)) {
                    return new ObjectList(page, cursor(last), request.delimiter() == null ? null : prefixes);
                }
                last = told;
                if (told.equals(object.key()) && !told.endsWith(String.valueOf(request.delimiter()))) {
                    page.add(new ObjectList.Entry(object.key(), object.size(), object.etag(), object.lastModified()));
                } else {
                    prefixes.add(told);
                }
            }
        }
        return new ObjectList(page, null, request.delimiter() == null ? null : prefixes);
    }

    /** How many of a page there are. */
    int counted(List<ObjectList.Entry> page, List<String> prefixes) {
        return page.size() + prefixes.size();
    }

    /** The key, or what is told instead of it. */
    String told(String key, String prefix, @Nullable String delimiter) {
        int at = delimiter == null ? -1 : key.indexOf(delimiter, prefix.length());
        return delimiter == null || at < 0 ? key : key.substring(0, at + delimiter.length());
    }

    static String cursor(String last) {
        return Base64.getUrlEncoder().encodeToString(last.getBytes(UTF_8));
    }

    private static String after(@Nullable String cursor) {
        try {
            return cursor == null ? "" : new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
        } catch (IllegalArgumentException e) {
            throw problem(StorageProblem.STORAGE_REQUEST_INVALID, "this is no cursor")
                    .asException(e);
        }
    }

    @Override
    public DeletedObject deleteObject(CallContext call, DeleteObject request) {
        check(() -> StorageRules.check(request));
        enter(call.deadline());
        place().objects().remove(request.key());
        return new DeletedObject(request.key());
    }

    @Override
    public SignedUrl signedUrl(CallContext call, SignUrl request) {
        check(() -> StorageRules.check(request));
        if (closed) {
            throw problem(StorageProblem.STORAGE_CLOSED, "the instance was closed")
                    .asException();
        }
        throw problem(StorageProblem.STORAGE_UNSUPPORTED, "there are no signed URLs")
                .asException();
    }

    @Override
    public Health health() {
        try {
            enter(context.clock().instant().plusSeconds(10));
            return new Health.Up();
        } catch (ProblemException e) {
            return new Health.Down(e.problem().detail());
        }
    }

    @Override
    public void close() {
        closed = true;
        closeStreams();
    }

    void closeStreams() {
        for (InputStream stream : open) {
            try {
                stream.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
