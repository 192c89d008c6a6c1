package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.ProblemException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Sends signed requests and waits for their answers on the thread of the call, not longer than the deadline. An
 * interruption breaks the request off. Every answer but a good one becomes a problem.
 */
final class Connection {
    /** The largest page of a list stays below; nothing else comes near. */
    private static final long LARGEST_ANSWER = 8L * 1024 * 1024;

    private static final byte[] NOTHING = {};

    private final HttpClient http;
    private final Container container;
    private final SharedKey key;
    private final InstantSource clock;

    Connection(HttpClient http, Container container, SharedKey key, InstantSource clock) {
        this.http = http;
        this.container = container;
        this.key = key;
        this.clock = clock;
    }

    /**
     * A good answer.
     *
     * @param headers its headers
     * @param body its body
     */
    record Answer(HttpHeaders headers, Body body) {}

    /** The body of an answer: either bytes or a stream, the other one is empty. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    record Body(byte[] bytes, InputStream stream) {}

    /** Sends a request without a body. */
    Answer send(BlobRequest request, Instant deadline) {
        return send(request, List.of(), 0, deadline);
    }

    /** Sends a request with a body of these pieces, which are {@code length} bytes together. */
    Answer send(BlobRequest request, List<byte[]> pieces, long length, Instant deadline) {
        return onceMoreWhenStale(request, pieces, length, bytes(), deadline);
    }

    /** Sends a request without a body and streams the answer's, which the caller closes. */
    Answer open(BlobRequest request, Instant deadline) {
        return onceMoreWhenStale(request, List.of(), 0, streamWhenGood(), deadline);
    }

    /**
     * The service may close an idle connection just as the next request is sent on it. Such a request is sent once more when
     * doing it twice is as good as doing it once (RFC 9110 §9.2.2), so not when it has a condition.
     */
    private Answer onceMoreWhenStale(
            BlobRequest request, List<byte[]> pieces, long length, BodyHandler<Body> handler, Instant deadline) {
        try {
            return once(request, pieces, length, handler, deadline);
        } catch (ConnectionLost lost) {
            if (request.conditional()) {
                throw lost.asProblem();
            }
        }
        try {
            return once(request, pieces, length, handler, deadline);
        } catch (ConnectionLost again) {
            throw again.asProblem();
        }
    }

    private Answer once(
            BlobRequest request, List<byte[]> pieces, long length, BodyHandler<Body> handler, Instant deadline)
            throws ConnectionLost {
        HttpResponse<Body> response = await(http.sendAsync(signed(request, pieces, length), handler), deadline);
        if (response.statusCode() / 100 != 2) {
            throw Failures.of(
                    request,
                    response.statusCode(),
                    response.headers(),
                    response.body().bytes());
        }
        return new Answer(response.headers(), response.body());
    }

    private HttpRequest signed(BlobRequest request, List<byte[]> pieces, long length) {
        BodyPublisher body = length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(pieces), length);
        HttpRequest.Builder signed = HttpRequest.newBuilder(address(request))
                .version(HttpClient.Version.HTTP_1_1)
                .method(request.method(), body);
        key.signed(request, length, clock.instant()).forEach(signed::header);
        return signed.build();
    }

    private URI address(BlobRequest request) {
        String query = request.query().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + Container.query(parameter.getValue()))
                .collect(Collectors.joining("&"));
        return URI.create(container.endpoint() + container.path(request.blob()) + (query.isEmpty() ? "" : "?" + query));
    }

    private HttpResponse<Body> await(CompletableFuture<HttpResponse<Body>> answer, Instant deadline)
            throws ConnectionLost {
        Duration left = Duration.between(clock.instant(), deadline);
        try {
            return answer.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new ConnectionLost(cause == null ? e : cause);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Failures.retryable(
                    StorageProblem.STORAGE_UNREACHABLE,
                    "the service did not answer before the deadline of the call",
                    "Try again, with a later deadline if it was too short.",
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw Failures.retryable(
                    StorageProblem.STORAGE_UNREACHABLE,
                    "the call was interrupted before the service had answered",
                    "Try again, with a later deadline if it was too short.",
                    e);
        }
    }

    private static BodyHandler<Body> bytes() {
        return info -> BodySubscribers.mapping(
                BodySubscribers.limiting(BodySubscribers.ofByteArray(), LARGEST_ANSWER),
                bytes -> new Body(bytes, InputStream.nullInputStream()));
    }

    private static BodyHandler<Body> streamWhenGood() {
        BodyHandler<InputStream> stream = BodyHandlers.ofInputStream();
        return info -> info.statusCode() == 200 || info.statusCode() == 206
                ? BodySubscribers.mapping(stream.apply(info), bytes -> new Body(NOTHING, bytes))
                : bytes().apply(info);
    }

    /** The connection broke before there was an answer. */
    private static final class ConnectionLost extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Throwable reason;

        ConnectionLost(Throwable reason) {
            super(reason);
            this.reason = reason;
        }

        ProblemException asProblem() {
            return Failures.unreachable(reason);
        }
    }
}
