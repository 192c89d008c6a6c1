package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.ProblemException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

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

    private static final S3Request PROBE =
            S3Request.of("GET", "").query("list-type", "2").query("max-keys", "1");
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
        BodyPublisher publisher = body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
        return onceMoreWhenStale(
                request.repeatable(),
                () -> http.sendAsync(
                        signer.sign(request, body)
                                .method(request.method(), publisher)
                                .build(),
                        bytes()),
                request,
                deadline);
    }

    /** Sends a request without a body and streams the answer's, which the caller closes. */
    Answer open(S3Request request, Instant deadline) {
        return onceMoreWhenStale(
                true,
                () -> http.sendAsync(
                        signer.sign(request, NOTHING)
                                .method(request.method(), BodyPublishers.noBody())
                                .build(),
                        streamWhenGood()),
                request,
                deadline);
    }

    /**
     * A store may close an idle connection just as the next request is sent on it. Such a request is sent once more when
     * doing it twice is as good as doing it once (RFC 9110 §9.2.2).
     */
    private Answer onceMoreWhenStale(
            boolean repeatable,
            Supplier<CompletableFuture<HttpResponse<Body>>> send,
            S3Request request,
            Instant deadline) {
        try {
            return await(request, send.get(), deadline);
        } catch (ConnectionLost lost) {
            if (!repeatable) {
                throw lost.asProblem();
            }
        }
        try {
            return await(request, send.get(), deadline);
        } catch (ConnectionLost again) {
            throw again.asProblem();
        }
    }

    /** Sends a request with the next {@code length} bytes of the content, at least one, as its body. */
    Answer upload(S3Request request, Chunks content, long length, Instant deadline) {
        ByteBuffer first = content.next(length);
        PushedBody body = new PushedBody(length);
        try {
            return upload(request, body, first.duplicate(), content, deadline);
        } catch (ConnectionLost lost) {
            if (body.begun()) {
                throw whyBroken(lost, deadline);
            }
        }
        try {
            // the store closed an idle connection and saw nothing of the body
            return upload(request, new PushedBody(length), first, content, deadline);
        } catch (ConnectionLost again) {
            throw again.asProblem();
        }
    }

    /** Sends a request for headers. Its failure has no body, and so does not say of what is missing whether it is the bucket. */
    Answer head(S3Request request, Instant deadline) {
        try {
            return send(request, deadline);
        } catch (ProblemException e) {
            if (e.problem().code().equals(StorageProblem.OBJECT_NOT_FOUND.code())) {
                try {
                    send(PROBE, deadline);
                } catch (ProblemException said) {
                    throw Failures.concernsEveryRequest(said) ? said : e;
                }
            }
            throw e;
        }
    }

    /** Some stores give their consent, refuse credentials or bucket then, and close: the answer is lost, but can be asked for. */
    private ProblemException whyBroken(ConnectionLost lost, Instant deadline) {
        try {
            send(PROBE, deadline);
        } catch (ProblemException said) {
            if (Failures.concernsEveryRequest(said)) {
                return said;
            }
        }
        return lost.asProblem();
    }

    private Answer upload(S3Request request, PushedBody body, ByteBuffer first, Chunks content, Instant deadline)
            throws ConnectionLost {
        HttpRequest signed = signer.sign(request, null)
                .method(request.method(), body)
                .expectContinue(body.contentLength() > SENT_UNASKED)
                .build();
        // what derives from a future of the client cancels the request as well
        CompletableFuture<HttpResponse<Body>> answer =
                http.sendAsync(signed, bytes()).whenComplete((response, failure) -> body.stop());
        try {
            push(first, content, body, deadline);
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

    private void push(ByteBuffer first, Chunks content, PushedBody body, Instant deadline)
            throws InterruptedException, TimeoutException {
        ByteBuffer chunk = first;
        long remaining = body.contentLength() - chunk.remaining();
        while (body.send(chunk, left(deadline))) {
            if (remaining == 0) {
                body.complete();
                return;
            }
            chunk = content.next(remaining);
            remaining -= chunk.remaining();
        }
    }

    private Answer await(S3Request request, CompletableFuture<HttpResponse<Body>> future, Instant deadline)
            throws ConnectionLost {
        HttpResponse<Body> response;
        try {
            response = future.get(left(deadline).toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new ConnectionLost(cause == null ? e : cause);
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
        return info -> info.statusCode() == 200 || info.statusCode() == 206
                ? BodySubscribers.mapping(new PulledBody(), bytes -> new Body(NOTHING, bytes))
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
