package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.Secret;
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
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests and waits for their answers on the thread of the call, not longer than the deadline. An interruption breaks
 * the request off. No answer becomes a problem; what an answer means is for others to say.
 */
final class Transport {
    /** A page of a thousand objects with the longest names stays below. */
    private static final long LARGEST_PAGE = 8L * 1024 * 1024;

    /** What else there is, a token, an error or what is said of one object, stays far below. */
    private static final long LARGEST_ANSWER = 256L * 1024;

    private static final byte[] NOTHING = {};

    private final HttpClient http;
    private final InstantSource clock;

    Transport(HttpClient http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
    }

    /**
     * An answer, good or not.
     *
     * @param status HTTP status
     * @param headers its headers
     * @param bytes its body, unless that is streamed
     * @param stream its body when that is streamed, which the caller closes
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not shared
    record Answer(int status, HttpHeaders headers, byte[] bytes, InputStream stream) {}

    /** Sends a request, with this token if there is one. */
    Answer send(GcsRequest request, @Nullable Secret token, Instant deadline) {
        return onceMoreWhenStale(request, token, info -> bytes(LARGEST_ANSWER), deadline);
    }

    /** Sends a request whose good answer is a page of a list. */
    Answer page(GcsRequest request, @Nullable Secret token, Instant deadline) {
        return onceMoreWhenStale(
                request, token, info -> bytes(info.statusCode() == 200 ? LARGEST_PAGE : LARGEST_ANSWER), deadline);
    }

    /** Sends a request and streams the body of a good answer. */
    Answer open(GcsRequest request, @Nullable Secret token, Instant deadline) {
        return onceMoreWhenStale(request, token, streamWhenGood(), deadline);
    }

    /**
     * The service may close an idle connection just as the next request is sent on it. Such a request is sent once more when
     * doing it twice is as good as doing it once (RFC 9110 §9.2.2). An answer that is too large has come, and is not asked for
     * again.
     */
    private Answer onceMoreWhenStale(
            GcsRequest request, @Nullable Secret token, BodyHandler<Body> handler, Instant deadline) {
        try {
            return once(request, token, handler, deadline);
        } catch (ConnectionLost lost) {
            if (!request.repeatable()) {
                throw lost.asProblem();
            }
        }
        try {
            return once(request, token, handler, deadline);
        } catch (ConnectionLost again) {
            throw again.asProblem();
        }
    }

    private Answer once(GcsRequest request, @Nullable Secret token, BodyHandler<Body> handler, Instant deadline)
            throws ConnectionLost {
        HttpResponse<Body> response = await(http.sendAsync(complete(request, token), handler), deadline);
        byte[] bytes = response.body().bytes().orElseThrow(() -> Failures.tooLarge(request));
        return new Answer(response.statusCode(), response.headers(), bytes, response.body().stream());
    }

    private static HttpRequest complete(GcsRequest request, @Nullable Secret token) {
        long length = request.length();
        BodyPublisher body = length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(BodyPublishers.ofByteArrays(request.body()), length);
        HttpRequest.Builder complete = HttpRequest.newBuilder(URI.create(request.address()))
                .version(HttpClient.Version.HTTP_1_1)
                .method(request.method(), body);
        request.headers().forEach(complete::header);
        if (token != null) {
            complete.header("Authorization", "Bearer " + token.reveal());
        }
        return complete.build();
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
            throw Failures.late(e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw Failures.interrupted(e);
        }
    }

    /** The body of an answer: either bytes or a stream, the other one is empty. No bytes at all are too many. */
    private record Body(Optional<byte[]> bytes, InputStream stream) {}

    private static BodySubscriber<Body> bytes(long most) {
        return BodySubscribers.mapping(new BoundedBody(most), bytes -> new Body(bytes, InputStream.nullInputStream()));
    }

    private static BodyHandler<Body> streamWhenGood() {
        BodyHandler<InputStream> stream = BodyHandlers.ofInputStream();
        return info -> info.statusCode() == 200 || info.statusCode() == 206
                ? BodySubscribers.mapping(stream.apply(info), bytes -> new Body(Optional.of(NOTHING), bytes))
                : bytes(LARGEST_ANSWER);
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
