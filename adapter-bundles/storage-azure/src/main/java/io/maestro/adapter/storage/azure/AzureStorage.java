package io.maestro.adapter.storage.azure;

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
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Objects in a container. Conditions of puts are checked by the service, in one step with the put. */
final class AzureStorage implements ObjectStorage, SecretRotation {
    /** The name under which the SHA-256 of an object is kept. No metadata of a request has it: its hyphens do not stand alone. */
    static final String SHA256 = "maestro--sha256";

    private static final Duration HEALTH = Duration.ofSeconds(10);

    private final Container container;
    private final Connection connection;
    private final SharedKey key;
    private final InstantSource clock;
    private final Set<AzureStream> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    AzureStorage(Container container, Connection connection, SharedKey key, InstantSource clock) {
        this.container = container;
        this.connection = connection;
        this.key = key;
        this.clock = clock;
    }

    @Override
    public StoredObject putObject(CallContext context, PutObject request, Content content) {
        requireOpen();
        StorageRules.check(request);
        Upload upload = new Upload(
                connection,
                container.blob(request.key()),
                request,
                Sha256.checked(request, content),
                context.deadline());
        String etag = upload.run();
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
        BlobRequest get = BlobRequest.of("GET", container.blob(request.key()));
        String range = Extent.asked(request);
        Connection.Answer answer =
                connection.open(range == null ? get : get.header("x-ms-range", range), context.deadline());
        HttpHeaders headers = answer.headers();
        long size = headers.firstValueAsLong("Content-Length").orElse(-1);
        // the MD5 is that of the whole object
        String md5 = range == null ? headers.firstValue("Content-MD5").orElse("") : "";
        AzureStream stream = new AzureStream(answer.body().stream(), size, md5, open);
        boolean handedOver = false;
        try {
            requireOpen(); // again: closed in between, close() may have missed the stream
            Extent extent = Extent.of(request, headers);
            StoredObject object = object(request.key(), extent.size(), headers);
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
                .send(BlobRequest.of("HEAD", container.blob(request.key())), context.deadline())
                .headers();
        return object(request.key(), headers.firstValueAsLong("Content-Length").orElse(-1), headers);
    }

    private static StoredObject object(String key, long size, HttpHeaders headers) {
        Map<String, String> metadata = new HashMap<>();
        headers.map().forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(MetadataNames.PREFIX)) {
                metadata.put(
                        MetadataNames.decode(lower.substring(MetadataNames.PREFIX.length())), String.join(",", values));
            }
        });
        if (size < 0) {
            throw Failures.notAzure();
        }
        String sha256 = metadata.remove(SHA256);
        try {
            return new StoredObject(
                    key,
                    size,
                    AzureXml.unquoted(headers.firstValue("ETag").orElseThrow(Failures::notAzure)),
                    headers.firstValue("Content-Type").orElse(StorageRules.USUAL_CONTENT_TYPE),
                    AzureXml.time(headers.firstValue("Last-Modified").orElse("")),
                    metadata,
                    sha256);
        } catch (DateTimeException e) {
            throw Failures.notAzure();
        }
    }

    @Override
    public ObjectList list(CallContext context, ListObjects request) {
        requireOpen();
        StorageRules.check(request);
        String cursor = request.cursor();
        String marker = cursor == null ? null : marker(cursor);
        AzureXml.Listing page = page(request, marker, context.deadline());
        while (page.objects().isEmpty() && page.prefixes().isEmpty() && page.marker() != null) {
            // the service may give a page without objects that is not the last
            page = page(request, page.marker(), context.deadline());
        }
        String next = page.marker();
        return new ObjectList(
                page.objects().stream().map(this::withoutPrefix).toList(),
                next == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(next.getBytes(UTF_8)),
                request.delimiter() == null
                        ? null
                        : page.prefixes().stream()
                                .map(full -> full.substring(container.prefix().length()))
                                .toList());
    }

    private AzureXml.Listing page(ListObjects request, @Nullable String marker, Instant deadline) {
        BlobRequest list = list(StorageRules.prefix(request), StorageRules.limit(request));
        String delimiter = request.delimiter();
        if (delimiter != null) {
            list = list.query("delimiter", delimiter);
        }
        BlobRequest continued = marker == null ? list : list.query("marker", marker);
        return AzureXml.listing(connection.send(continued, deadline).body().bytes());
    }

    private BlobRequest list(String prefix, int limit) {
        BlobRequest list = BlobRequest.of("GET", "")
                .query("restype", "container")
                .query("comp", "list")
                .query("maxresults", Integer.toString(limit));
        String full = container.prefix() + prefix;
        return full.isEmpty() ? list : list.query("prefix", full);
    }

    private ObjectList.Entry withoutPrefix(ObjectList.Entry entry) {
        return new ObjectList.Entry(
                entry.key().substring(container.prefix().length()), entry.size(), entry.etag(), entry.lastModified());
    }

    /** The service's own marker, wrapped, because there may be any character in it. */
    private static String marker(String cursor) {
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
            connection.send(
                    BlobRequest.of("DELETE", container.blob(request.key())).header("x-ms-delete-snapshots", "include"),
                    context.deadline());
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
        Instant expiry = clock.instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(request.expiresInSeconds());
        String method = switch (request.access()) {
            case READ -> "GET";
            case WRITE -> "PUT";
        };
        return new SignedUrl(key.url(container.blob(request.key()), request.access(), expiry), method, expiry);
    }

    @Override
    public void secretsChanged(AdapterContext context) {
        key.renew(context.configuration(AzureConfiguration.class).accountKey());
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
        open.forEach(AzureStorage::close);
    }

    private static void close(AzureStream stream) {
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
