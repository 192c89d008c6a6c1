package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.SecretRotation;
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
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Objects in a bucket. The ETag is the generation that the service gives each state of an object; conditions of puts are
 * checked by the service, in one step with the put.
 */
final class GcsStorage implements ObjectStorage, SecretRotation {
    private static final Duration HEALTH = Duration.ofSeconds(10);

    /** How often an object may be replaced between the two requests of a get. */
    private static final int MOST_REPLACEMENTS = 3;

    private final Bucket bucket;
    private final Connection connection;
    private final Account account;
    private final UrlSigner signer;
    private final InstantSource clock;
    private final Set<GcsStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    GcsStorage(Bucket bucket, Connection connection, Account account, UrlSigner signer, InstantSource clock) {
        this.bucket = bucket;
        this.connection = connection;
        this.account = account;
        this.signer = signer;
        this.clock = clock;
    }

    @Override
    public StoredObject putObject(CallContext context, PutObject request, Content content) {
        requireOpen();
        StorageRules.check(request);
        String ifMatch = request.ifMatch();
        if (ifMatch != null && !ifMatch.matches("[1-9]\\d{0,18}")) {
            // no generation, so no state of any object; 0 would mean that there must be none
            throw Failures.conditionFailed();
        }
        Upload upload = new Upload(
                connection,
                bucket,
                bucket.object(request.key()),
                request,
                Sha256.checked(request, content),
                context.deadline());
        return upload.run().stored(request.key());
    }

    @Override
    public OpenObject getObject(CallContext context, GetObject request) {
        requireOpen();
        StorageRules.check(request);
        GcsRequest get = ofObject("GET", request.key());
        for (int replaced = 0; replaced < MOST_REPLACEMENTS; replaced++) {
            GcsObject object = described(get, context.deadline());
            ByteRange range = StorageRules.range(request, object.size());
            GcsStream stream = content(get, object, range, context.deadline());
            if (stream != null) {
                return handedOver(object.stored(request.key()), range, stream);
            }
        }
        throw Failures.replacedMeanwhile();
    }

    @Override
    public StoredObject headObject(CallContext context, HeadObject request) {
        requireOpen();
        StorageRules.check(request);
        return described(ofObject("GET", request.key()), context.deadline()).stored(request.key());
    }

    private GcsObject described(GcsRequest get, Instant deadline) {
        try {
            return GcsObject.of(connection.ask(get.query("fields", GcsObject.FIELDS), deadline));
        } catch (JsonObject.Malformed e) {
            throw Failures.notGcs();
        } catch (ProblemException e) {
            throw orMissingBucket(e, deadline);
        }
    }

    /** The content of this very state; null when it was replaced or deleted meanwhile. */
    private @Nullable GcsStream content(GcsRequest get, GcsObject object, @Nullable ByteRange range, Instant deadline) {
        // as it is stored: the service would unpack what somebody has stored packed
        GcsRequest media = get.query("alt", "media")
                .query("generation", object.generation())
                .header("Accept-Encoding", "gzip");
        try {
            if (range == null) {
                return new GcsStream(
                        connection.open(media, deadline).stream(), object.size(), object.checksums(), open);
            }
            long last = range.offset() + range.length() - 1;
            Transport.Answer part =
                    connection.open(media.header("Range", "bytes=" + range.offset() + "-" + last), deadline);
            // the checksums are those of the whole object
            GcsStream stream = new GcsStream(part.stream(), range.length(), Checksums.Value.UNKNOWN, open);
            String given = part.headers().firstValue("Content-Range").orElse("");
            boolean whole = part.status() == 200 && range.length() == object.size();
            if (!whole && !given.equals("bytes " + range.offset() + "-" + last + "/" + object.size())) {
                close(stream);
                throw Failures.notGcs();
            }
            return stream;
        } catch (ProblemException e) {
            if (isMissing(e)) {
                return null;
            }
            throw e;
        }
    }

    private OpenObject handedOver(StoredObject object, @Nullable ByteRange range, GcsStream stream) {
        boolean handedOver = false;
        try {
            requireOpen(); // again: closed in between, close() may have missed the stream
            OpenObject opened = new OpenObject(object, range == null ? Sha256.verified(object, stream) : stream, range);
            handedOver = true;
            return opened;
        } finally {
            if (!handedOver) {
                close(stream);
            }
        }
    }

    @Override
    public ObjectList list(CallContext context, ListObjects request) {
        requireOpen();
        StorageRules.check(request);
        String cursor = request.cursor();
        String token = cursor == null ? null : pageToken(cursor);
        Page page = page(request, token, context.deadline());
        while (page.entries().isEmpty() && page.prefixes().isEmpty() && page.next() != null) {
            // the service may give a page without objects that is not the last
            page = page(request, page.next(), context.deadline());
        }
        String next = page.next();
        return new ObjectList(
                page.entries(),
                next == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(UTF_8)),
                request.delimiter() == null ? null : page.prefixes());
    }

    /** Some objects and prefixes, and what continues after them; null after the last. */
    private record Page(
            List<ObjectList.Entry> entries,
            List<String> prefixes,
            @Nullable String next) {}

    private Page page(ListObjects request, @Nullable String token, Instant deadline) {
        GcsRequest list = list(StorageRules.limit(request))
                .query("prefix", bucket.prefix() + StorageRules.prefix(request))
                .query("fields", "items(" + GcsObject.ENTRY + "),prefixes,nextPageToken");
        String delimiter = request.delimiter();
        if (delimiter != null) {
            list = list.query("delimiter", delimiter);
        }
        try {
            JsonObject answer = connection.askPage(token == null ? list : list.query("pageToken", token), deadline);
            List<ObjectList.Entry> entries = new ArrayList<>();
            for (JsonObject item : answer.objects("items")) {
                GcsObject object = GcsObject.of(item);
                entries.add(object.entry(withoutPrefix(object.name())));
            }
            List<String> prefixes = new ArrayList<>();
            for (String full : answer.textList("prefixes")) {
                prefixes.add(withoutPrefix(full));
            }
            return new Page(entries, prefixes, answer.textOrNull("nextPageToken"));
        } catch (JsonObject.Malformed e) {
            throw Failures.notGcs();
        }
    }

    private String withoutPrefix(String name) throws JsonObject.Malformed {
        if (!name.startsWith(bucket.prefix())) {
            throw new JsonObject.Malformed();
        }
        return name.substring(bucket.prefix().length());
    }

    private GcsRequest list(int limit) {
        return GcsRequest.of("GET", bucket.endpoint() + bucket.objectsPath(), GcsRequest.Subject.BUCKET)
                .query("maxResults", Integer.toString(limit));
    }

    /** The service's own token, wrapped, because there may be any character in it. */
    private static String pageToken(String cursor) {
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
        } catch (IllegalArgumentException e) {
            throw Failures.problem(
                    StorageProblem.STORAGE_REQUEST_INVALID,
                    "the cursor is not one of this storage",
                    "Send the next of the page before, or none for the first page.");
        }
    }

    @Override
    public DeletedObject deleteObject(CallContext context, DeleteObject request) {
        requireOpen();
        StorageRules.check(request);
        try {
            connection.send(ofObject("DELETE", request.key()), context.deadline());
        } catch (ProblemException e) {
            ProblemException actual = orMissingBucket(e, context.deadline());
            if (!isMissing(actual)) {
                throw actual;
            }
        }
        return new DeletedObject(request.key());
    }

    /** To the service a missing bucket and a missing object are the same; what lists the bucket knows. */
    private ProblemException orMissingBucket(ProblemException failure, Instant deadline) {
        if (!isMissing(failure)) {
            return failure;
        }
        try {
            connection.send(list(1).query("fields", "nextPageToken"), deadline);
            return failure;
        } catch (ProblemException e) {
            return e.problem().code().equals(StorageProblem.STORAGE_CONTAINER_MISSING.code()) ? e : failure;
        }
    }

    private static boolean isMissing(ProblemException failure) {
        return failure.problem().code().equals(StorageProblem.OBJECT_NOT_FOUND.code());
    }

    private GcsRequest ofObject(String method, String key) {
        return GcsRequest.of(
                method, bucket.endpoint() + bucket.objectPath(bucket.object(key)), GcsRequest.Subject.OBJECT);
    }

    @Override
    public SignedUrl signedUrl(CallContext context, SignUrl request) {
        requireOpen();
        StorageRules.check(request);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String method = switch (request.access()) {
            case READ -> "GET";
            case WRITE -> "PUT";
        };
        return new SignedUrl(
                signer.url(account.key(), method, bucket.object(request.key()), now, request.expiresInSeconds()),
                method,
                now.plusSeconds(request.expiresInSeconds()));
    }

    @Override
    public void secretsChanged(AdapterContext context) {
        account.renew(ServiceAccountKey.parse(
                context.configuration(GcsConfiguration.class).serviceAccountKey()));
    }

    @Override
    public Health health() {
        if (closed) {
            return new Health.Down("the instance is closed");
        }
        try {
            connection.send(
                    list(1).query("fields", "nextPageToken"), clock.instant().plus(HEALTH));
            return new Health.Up();
        } catch (ProblemException e) {
            String reason = e.problem().title() + ": " + e.problem().detail();
            return e.problem().code().equals(StorageProblem.STORAGE_THROTTLED.code())
                    ? new Health.Degraded(reason)
                    : new Health.Down(reason);
        }
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(GcsStorage::close);
    }

    private static void close(GcsStream stream) {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw Failures.problem(
                    StorageProblem.STORAGE_CLOSED, "the instance was closed", "Start the instance and try again.");
        }
    }
}
