package io.maestro.adapter.storage.gcs;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import io.maestro.model.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts content: in one request up to a chunk, otherwise chunk by chunk in a resumable upload, which makes the object with the
 * last one. One chunk at a time is in memory. The service is told the checksums before it makes the object, and compares them.
 */
final class Upload {
    /** The largest object that there is: 5 TiB. */
    private static final long MOST_BYTES = 5L * 1024 * 1024 * 1024 * 1024;

    private static final Pattern KEPT = Pattern.compile("bytes=0-(\\d{1,15})");

    private final Connection connection;
    private final Bucket bucket;
    private final String object;
    private final PutObject request;
    private final Content content;
    private final Instant deadline;
    private final Chunk chunk;

    Upload(Connection connection, Bucket bucket, String object, PutObject request, Content content, Instant deadline) {
        this.connection = connection;
        this.bucket = bucket;
        this.object = object;
        this.request = request;
        this.content = content;
        this.deadline = deadline;
        this.chunk = new Chunk(content);
    }

    /** Puts all of it and tells what the service made of it. */
    GcsObject run() {
        if (content.length().orElse(0) > MOST_BYTES) {
            throw Failures.problem(
                    StorageProblem.STORAGE_REQUEST_INVALID,
                    "content may have at most " + MOST_BYTES + " bytes",
                    "Store it in several objects.");
        }
        chunk.fill();
        return chunk.last() ? whole() : inChunks();
    }

    private GcsObject whole() {
        Checksums.Value sent = chunk.checksums();
        Map<String, Object> description = description();
        description.put("md5Hash", String.valueOf(sent.md5()));
        description.put("crc32c", String.valueOf(sent.crc32c()));
        String boundary = "maestro-" + UUID.randomUUID();
        List<byte[]> body = new ArrayList<>();
        body.add(("--" + boundary + "\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n").getBytes(US_ASCII));
        body.add(JsonObject.write(description));
        body.add(("\r\n--" + boundary + "\r\nContent-Type: " + StorageRules.contentType(request) + "\r\n\r\n")
                .getBytes(UTF_8));
        body.addAll(chunk.from(0));
        body.add(("\r\n--" + boundary + "--\r\n").getBytes(US_ASCII));
        requireNotInterrupted();
        return checked(
                connection.send(
                        insert("multipart")
                                .once()
                                .header("Content-Type", "multipart/related; boundary=" + boundary)
                                .body(body),
                        deadline),
                sent);
    }

    private GcsObject inChunks() {
        String session = session();
        long start = 0;
        while (!chunk.last()) {
            send(session, start, content.length().isPresent() ? content.length().getAsLong() + "" : "*", Map.of());
            start += chunk.size();
            chunk.fill();
        }
        Checksums.Value sent = chunk.checksums();
        Map<String, String> hash = Map.of("X-Goog-Hash", "crc32c=" + sent.crc32c() + ",md5=" + sent.md5());
        return checked(send(session, start, Long.toString(chunk.total()), hash), sent);
    }

    /** Begins a resumable upload; the address that it goes to. */
    private String session() {
        GcsRequest begin = insert("resumable")
                .header("Content-Type", "application/json; charset=UTF-8")
                .header("X-Upload-Content-Type", StorageRules.contentType(request))
                .body(List.of(JsonObject.write(description())));
        if (content.length().isPresent()) {
            begin = begin.header(
                    "X-Upload-Content-Length", Long.toString(content.length().getAsLong()));
        }
        requireNotInterrupted();
        String address = connection
                .send(begin, deadline)
                .headers()
                .firstValue("Location")
                .orElseThrow(Failures::notGcs);
        if (!isOurs(address)) {
            throw Failures.notGcs();
        }
        return address;
    }

    /** Whether content and token may go there: to the same service only. */
    private boolean isOurs(String address) {
        return address.length() <= 8192
                && SafeAddress.of(address)
                        .filter(safe -> safe.origin().equals(bucket.endpoint())
                                && safe.uri().getRawPath().startsWith("/upload/storage/v1/b/"))
                        .isPresent();
    }

    /** Sends the chunk; what the service did not keep of it is sent again, as long as it keeps some. */
    private Transport.Answer send(String session, long start, String total, Map<String, String> headers) {
        int kept = 0;
        while (true) {
            GcsRequest piece = GcsRequest.of("PUT", session, GcsRequest.Subject.UPLOAD_SESSION)
                    .header("Content-Range", "bytes " + (start + kept) + "-" + (chunk.total() - 1) + "/" + total)
                    .body(chunk.from(kept));
            for (Map.Entry<String, String> header : headers.entrySet()) {
                piece = piece.header(header.getKey(), header.getValue());
            }
            requireNotInterrupted();
            Transport.Answer answer = connection.send(piece, deadline);
            boolean complete = answer.status() != Connection.INCOMPLETE;
            if (complete && chunk.last()) {
                return answer;
            }
            long now = kept(answer) - start;
            if (complete || now <= kept || now > chunk.size() || (now == chunk.size() && chunk.last())) {
                throw Failures.uploadLost("the service did not keep the content in order");
            }
            kept = (int) now;
            if (kept == chunk.size()) {
                return answer;
            }
        }
    }

    /** How many bytes of the object the service has. */
    private static long kept(Transport.Answer answer) {
        Matcher range = KEPT.matcher(answer.headers().firstValue("Range").orElse(""));
        return range.matches() ? Long.parseLong(range.group(1)) + 1 : 0;
    }

    private GcsRequest insert(String way) {
        GcsRequest insert = GcsRequest.of("POST", bucket.endpoint() + bucket.uploadPath(), GcsRequest.Subject.BUCKET)
                .query("uploadType", way)
                .query("name", object)
                .query("fields", GcsObject.FIELDS);
        String ifMatch = request.ifMatch();
        if (ifMatch != null) {
            return insert.ifGeneration(ifMatch);
        }
        return StorageRules.ifAbsent(request) ? insert.ifGeneration("0") : insert;
    }

    private Map<String, Object> description() {
        Map<String, Object> description = new TreeMap<>();
        description.put("contentType", StorageRules.contentType(request));
        Map<String, String> metadata = new TreeMap<>(StorageRules.metadata(request));
        String sha256 = request.sha256();
        if (sha256 != null) {
            metadata.put(GcsObject.SHA256, sha256);
        }
        description.put("metadata", metadata);
        return description;
    }

    /** What was made is what was sent. Otherwise it is taken away again: no content is better than a wrong one. */
    private GcsObject checked(Transport.Answer answer, Checksums.Value sent) {
        GcsObject made;
        try {
            made = GcsObject.of(JsonObject.parse(answer.bytes()));
        } catch (JsonObject.Malformed e) {
            throw Failures.notGcs();
        }
        if (made.size() == chunk.total() && made.checksums().agreesWith(sent)) {
            return made;
        }
        ProblemException changed = Failures.uploadLost("the content was changed on its way to the service");
        try {
            connection.send(
                    GcsRequest.of("DELETE", bucket.endpoint() + bucket.objectPath(object), GcsRequest.Subject.OBJECT)
                            .ifGeneration(made.generation()),
                    deadline);
        } catch (ProblemException e) {
            changed.addSuppressed(e);
        }
        throw changed;
    }

    /** A request that needs no waiting would not notice it. */
    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw Failures.interrupted(new InterruptedException());
        }
    }
}
