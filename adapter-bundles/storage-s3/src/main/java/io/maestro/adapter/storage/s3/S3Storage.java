package io.maestro.adapter.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.SecretRotation;
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
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Objects in a bucket. Conditions of puts are checked by the store, atomically as far as the store does. */
final class S3Storage implements ObjectStorage, SecretRotation {
    static final String METADATA = "x-amz-meta-";

    /** The name under which the SHA-256 of an object is kept. No metadata of a request has it: its hyphens do not stand alone. */
    static final String SHA256 = "maestro--sha256";

    private static final Duration HEALTH = Duration.ofSeconds(10);

    private final Bucket bucket;
    private final Connection connection;
    private final Signer signer;
    private final InstantSource clock;
    private final System.Logger logger;
    private final Set<S3Stream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    S3Storage(Bucket bucket, Connection connection, Signer signer, InstantSource clock, System.Logger logger) {
        this.bucket = bucket;
        this.connection = connection;
        this.signer = signer;
        this.clock = clock;
        this.logger = logger;
    }

    @Override
    public StoredObject putObject(CallContext context, PutObject request, Content content) {
        requireOpen();
        StorageRules.check(request);
        Content checked = Sha256.checked(request, content);
        Upload upload =
                new Upload(connection, clock, logger, bucket.full(request.key()), request, checked, context.deadline());
        String etag = upload.run(content.length());
        return new StoredObject(
                request.key(),
                upload.size(),
                etag,
                StorageRules.contentType(request),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                StorageRules.metadata(request),
                request.sha256());
    }

    @Override
    public OpenObject getObject(CallContext context, GetObject request) {
        requireOpen();
        StorageRules.check(request);
        S3Request get = S3Request.of("GET", bucket.full(request.key()));
        String range = Extent.asked(request);
        Connection.Answer answer =
                connection.open(range == null ? get : get.header("Range", range), context.deadline());
        long size = answer.headers().firstValueAsLong("Content-Length").orElse(-1);
        S3Stream stream = new S3Stream(answer.body().stream(), size, open);
        boolean handedOver = false;
        try {
            requireOpen(); // again: closed in between, close() may have missed the stream
            Extent extent = Extent.of(request, answer.headers());
            StoredObject object = object(request.key(), extent.size(), answer.headers());
            OpenObject opened = extent.range() == null
                    ? new OpenObject(object, Sha256.verified(object, stream))
                    : new OpenObject(object, stream, extent.range());
            handedOver = true;
            return opened;
        } finally {
            if (!handedOver) {
                close(stream);
            }
        }
    }

    @Override
    public StoredObject headObject(CallContext context, HeadObject request) {
        requireOpen();
        StorageRules.check(request);
        HttpHeaders headers = connection
                .head(S3Request.of("HEAD", bucket.full(request.key())), context.deadline())
                .headers();
        return object(request.key(), headers.firstValueAsLong("Content-Length").orElse(-1), headers);
    }

    private static StoredObject object(String key, long size, HttpHeaders headers) {
        Map<String, String> metadata = new HashMap<>();
        headers.map().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(METADATA)) {
                metadata.put(lower.substring(METADATA.length()), String.join(",", values));
            }
        });
        String etag = headers.firstValue("ETag").orElse("");
        String modified = headers.firstValue("Last-Modified").orElse("");
        if (size < 0 || etag.isEmpty() || modified.isEmpty()) {
            throw Failures.notS3();
        }
        String sha256 = metadata.remove(SHA256);
        try {
            return new StoredObject(
                    key,
                    size,
                    S3Xml.unquoted(etag),
                    headers.firstValue("Content-Type").orElse(StorageRules.USUAL_CONTENT_TYPE),
                    ZonedDateTime.parse(modified, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant(),
                    metadata,
                    sha256);
        } catch (DateTimeParseException e) {
            throw Failures.notS3();
        }
    }

    @Override
    public ObjectList list(CallContext context, ListObjects request) {
        requireOpen();
        StorageRules.check(request);
        S3Request list = list(StorageRules.prefix(request), StorageRules.limit(request));
        String delimiter = request.delimiter();
        if (delimiter != null) {
            list = list.query("delimiter", delimiter);
        }
        String cursor = request.cursor();
        if (cursor != null) {
            list = list.query("continuation-token", token(cursor));
        }
        S3Xml.Listing page =
                S3Xml.listing(connection.send(list, context.deadline()).body().bytes());
        String next = page.token();
        return new ObjectList(
                page.objects().stream().map(this::withoutPrefix).toList(),
                next == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(UTF_8)),
                delimiter == null
                        ? null
                        : page.prefixes().stream()
                                .map(full -> full.substring(bucket.prefix().length()))
                                .toList());
    }

    private S3Request list(String prefix, int limit) {
        S3Request list = S3Request.of("GET", "")
                .query("list-type", "2")
                .query("encoding-type", "url")
                .query("max-keys", Integer.toString(limit));
        String full = bucket.prefix() + prefix;
        return full.isEmpty() ? list : list.query("prefix", full);
    }

    private ObjectList.Entry withoutPrefix(ObjectList.Entry entry) {
        return new ObjectList.Entry(
                entry.key().substring(bucket.prefix().length()), entry.size(), entry.etag(), entry.lastModified());
    }

    /** The store's own token, wrapped, because stores put any character into it. */
    private static String token(String cursor) {
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
            connection.send(S3Request.of("DELETE", bucket.full(request.key())), context.deadline());
        } catch (ProblemException e) {
            if (!e.problem().code().equals(StorageProblem.OBJECT_NOT_FOUND.code())) {
                throw e;
            }
        }
        return new DeletedObject(request.key());
    }

    @Override
    public SignedUrl signedUrl(CallContext context, SignUrl request) {
        requireOpen();
        StorageRules.check(request);
        String method = switch (request.access()) {
            case READ -> "GET";
            case WRITE -> "PUT";
        };
        Duration expiry = Duration.ofSeconds(request.expiresInSeconds());
        Instant expiresAt = clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(expiry);
        return new SignedUrl(signer.url(S3Request.of(method, bucket.full(request.key())), expiry), method, expiresAt);
    }

    @Override
    public void secretsChanged(AdapterContext context) {
        signer.renew(context.configuration(S3Configuration.class).secretAccessKey());
    }

    @Override
    public Health health() {
        if (closed) {
            return new Health.Down("the instance is closed");
        }
        try {
            connection.send(list("", 1), clock.instant().plus(HEALTH));
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
        open.forEach(S3Storage::close);
    }

    private static void close(S3Stream stream) {
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
