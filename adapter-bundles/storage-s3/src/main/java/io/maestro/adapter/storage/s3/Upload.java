package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StorageRules;
import io.maestro.model.ProblemException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Puts content: in one request up to {@value #PART} bytes, otherwise in parts, whose condition the store checks when it
 * puts them together. Content of known length is streamed; of unknown length, one part at a time is in memory. Whatever
 * fails, the parts are given up, so that nothing of them stays.
 */
final class Upload {
    static final int PART = 8 * 1024 * 1024;

    private static final int MOST_PARTS = 10_000;
    private static final Duration GIVING_UP = Duration.ofSeconds(5);

    private final Connection connection;
    private final InstantSource clock;
    private final System.Logger logger;
    private final Source source;
    private final S3Request put;
    private final S3Request start;
    private final S3Request finish;
    private final Instant deadline;

    Upload(
            Connection connection,
            InstantSource clock,
            System.Logger logger,
            String fullKey,
            PutObject request,
            Content content,
            Instant deadline) {
        this.connection = connection;
        this.clock = clock;
        this.logger = logger;
        this.source = new Source(content);
        this.start = described(S3Request.of("POST", fullKey), request).query("uploads", "");
        this.finish = conditional(S3Request.of("POST", fullKey), request);
        this.put = conditional(described(S3Request.of("PUT", fullKey), request), request);
        this.deadline = deadline;
    }

    private static S3Request described(S3Request request, PutObject object) {
        S3Request described = request.header("Content-Type", StorageRules.contentType(object));
        String sha256 = object.sha256();
        if (sha256 != null) {
            described = described.header(S3Storage.METADATA + S3Storage.SHA256, sha256);
        }
        for (Map.Entry<String, String> entry : StorageRules.metadata(object).entrySet()) {
            described = described.header(S3Storage.METADATA + entry.getKey(), entry.getValue());
        }
        return described;
    }

    private static S3Request conditional(S3Request request, PutObject object) {
        String ifMatch = object.ifMatch();
        if (ifMatch != null) {
            return request.header("If-Match", "\"" + ifMatch + "\"");
        }
        return StorageRules.ifAbsent(object) ? request.header("If-None-Match", "*") : request;
    }

    /** Puts all of it and returns the ETag without quotes. */
    String run(OptionalLong length) {
        return length.isPresent() ? known(length.getAsLong()) : unknown();
    }

    /** How many bytes were put. */
    long size() {
        return source.size();
    }

    private String known(long length) {
        if (length == 0) {
            source.requireEnd();
            return etag(connection.send(put, deadline));
        }
        if (length <= PART) {
            return etag(connection.upload(put, source, length, deadline));
        }
        long size = Math.max(PART, Math.ceilDiv(length, MOST_PARTS));
        return inParts(parts -> {
            for (long left = length; left > 0; left -= size) {
                parts.add(connection.upload(parts.next(), source, Math.min(size, left), deadline));
            }
        });
    }

    private String unknown() {
        Part part = new Part(PART);
        part.fill(source);
        if (part.size() == 0) {
            return etag(connection.send(put, deadline));
        }
        if (!part.isFull()) {
            return etag(connection.upload(put, part, part.size(), deadline));
        }
        return inParts(parts -> {
            while (part.size() > 0) {
                parts.add(connection.upload(parts.next(), part, part.size(), deadline));
                part.fill(source);
            }
        });
    }

    private String inParts(Sender sender) {
        Connection.Answer started = connection.send(start, deadline);
        String id = S3Xml.text(started.body().bytes(), "InitiateMultipartUploadResult", "UploadId");
        boolean done = false;
        try {
            Parts parts = new Parts(put.key(), id);
            sender.send(parts);
            byte[] answer = connection
                    .send(finish.query("uploadId", id), S3Xml.completion(parts.etags), deadline)
                    .body()
                    .bytes();
            // S3 may find out that it failed after it has said 200
            String code = S3Xml.errorCode(answer);
            if (!code.isEmpty()) {
                int status = code.equals("PreconditionFailed") ? 412 : 500;
                throw Failures.of(finish, status, code, HttpHeaders.of(Map.of(), (name, value) -> true));
            }
            String etag = S3Xml.unquoted(S3Xml.text(answer, "CompleteMultipartUploadResult", "ETag"));
            done = true;
            return etag;
        } finally {
            if (!done) {
                giveUp(id);
            }
        }
    }

    /** An interrupted call gives up as well, so its interruption waits until that is done. */
    private void giveUp(String id) {
        boolean interrupted = Thread.interrupted();
        try {
            connection.send(
                    S3Request.of("DELETE", put.key()).query("uploadId", id),
                    clock.instant().plus(GIVING_UP));
        } catch (ProblemException e) {
            // the put has failed already, and says so; this one is for whoever pays for the parts
            logger.log(System.Logger.Level.WARNING, "The parts of an unfinished upload are left in the store.", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String etag(Connection.Answer answer) {
        return S3Xml.unquoted(quotedEtag(answer));
    }

    private static String quotedEtag(Connection.Answer answer) {
        return answer.headers()
                .firstValue("ETag")
                .orElseThrow(() -> Failures.problem(
                        StorageProblem.STORAGE_FAILED,
                        "the store did not name the state of what it stored",
                        "Check that the endpoint of the instance is an S3-compatible store."));
    }

    @FunctionalInterface
    private interface Sender {
        void send(Parts parts);
    }

    private static final class Parts {
        private final List<String> etags = new ArrayList<>();
        private final String key;
        private final String id;

        Parts(String key, String id) {
            this.key = key;
            this.id = id;
        }

        S3Request next() {
            if (etags.size() == MOST_PARTS) {
                throw Failures.problem(
                        StorageProblem.STORAGE_REQUEST_INVALID,
                        "content of unknown length may have at most " + (long) PART * MOST_PARTS + " bytes",
                        "Announce the length of the content.");
            }
            return S3Request.of("PUT", key)
                    .query("partNumber", Integer.toString(etags.size() + 1))
                    .query("uploadId", id);
        }

        void add(Connection.Answer answer) {
            etags.add(quotedEtag(answer));
        }
    }
}
