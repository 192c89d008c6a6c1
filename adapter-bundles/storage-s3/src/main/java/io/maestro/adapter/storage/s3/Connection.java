package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.ProblemException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Sends signed requests and waits for their answers on the thread of the call, not longer than the deadline. An
 * interruption breaks the request off. Every answer but a good one becomes a problem.
 */
final class Connection {
    /** The largest page of a list stays below; nothing else comes near. */
    private static final long LARGEST_ANSWER = 8L * 1024 * 1024;

    /**
     * A longer body waits for the store's consent: a store that refuses without reading it closes the connection, and its
     * answer would be lost. S3 and its likes know that ({@code Expect: 100-continue}), the AWS SDK does the same.
     */
    private static final long SENT_UNASKED = 64 * 1024;

    private static final byte[] NOTHING = {};

    private final HttpClient http;
    private final Signer signer;
    private final InstantSource clock;

    Connection(HttpClient http, Signer signer, InstantSource clock) {
        this.http = http;
        this.signer = signer;
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
    Answer send(S3Request request, Instant deadline) {
        return send(request, NOTHING, deadline);
    }

    /** Sends a request with a small body. */
    Answer send(S3Request request, byte[] body, Instant deadline) {
        HttpRequest signed = signer.sign(request, body)
                .method(
                        request.method(),
                        body.length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        CompletableFuture<HttpResponse<Body>> answer = http.sendAsync(signed, bytes());
        return await(request, answer, deadline);
    }

    /** Sends a request without a body and streams the answer's, which the caller closes. */
    Answer open(S3Request request, Instant deadline) {
        HttpRequest signed = signer.sign(request, NOTHING)
                .method(request.method(), HttpRequest.BodyPublishers.noBody())
                .build();
        CompletableFuture<HttpResponse<Body>> answer = http.sendAsync(signed, streamWhenGood());
        return await(request, answer, deadline);
    }

    /** Sends a request with the next {@code length} bytes of the content, at least one, as its body. */
    Answer upload(S3Request request, Chunks content, long length, Instant deadline) {
        PushedBody body = new PushedBody(length);
        HttpRequest signed = signer.sign(request, null)
                .method(request.method(), body)
                .expectContinue(length > SENT_UNASKED)
                .build();
        // what derives from a future of the client cancels the request as well
        CompletableFuture<HttpResponse<Body>> answer =
                http.sendAsync(signed, bytes()).whenComplete((response, failure) -> body.stop());
        try {
            push(content, length, body, deadline);
        } catch (InterruptedException | TimeoutException e) {
            body.fail(e);
            answer.cancel(true);
            throw broken(e);
        } catch (RuntimeException e) {
            body.fail(e);
            answer.cancel(true);
            throw e;
        }
        return await(request, answer, deadline);
    }

    private void push(Chunks content, long length, PushedBody body, Instant deadline)
            throws InterruptedException, TimeoutException {
        long remaining = length;
        while (remaining > 0) {
            ByteBuffer chunk = content.next(remaining);
            remaining -= chunk.remaining();
            if (!body.send(chunk, left(deadline))) {
                return;
            }
        }
        body.complete();
    }

    private Answer await(S3Request request, CompletableFuture<HttpResponse<Body>> future, Instant deadline) {
        HttpResponse<Body> response;
        try {
            response = future.get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw Failures.unreachable(cause == null ? e : cause);
        } catch (InterruptedException | TimeoutException e) {
            future.cancel(true);
            throw broken(e);
        }
        if (response.statusCode() / 100 != 2) {
            throw Failures.of(
                    request,
                    response.statusCode(),
                    response.headers(),
                    response.body().bytes());
        }
        return new Answer(response.headers(), response.body());
    }

    private static ProblemException broken(Exception cause) {
        if (cause instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return Failures.retryable(
                    StorageProblem.STORAGE_UNREACHABLE,
                    "the call was interrupted before the store had answered",
                    "Try again, with a later deadline if it was too short.",
                    cause);
        }
        return Failures.retryable(
                StorageProblem.STORAGE_UNREACHABLE,
                "the store did not answer before the deadline of the call",
                "Try again, with a later deadline if it was too short.",
                cause);
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static BodyHandler<Body> bytes() {
        return info -> BodySubscribers.mapping(
                BodySubscribers.limiting(BodySubscribers.ofByteArray(), LARGEST_ANSWER),
                bytes -> new Body(bytes, InputStream.nullInputStream()));
    }

    private static BodyHandler<Body> streamWhenGood() {
        BodyHandler<InputStream> stream = BodyHandlers.ofInputStream();
        return info -> info.statusCode() == 200
                ? BodySubscribers.mapping(stream.apply(info), bytes -> new Body(NOTHING, bytes))
                : bytes().apply(info);
    }
}
