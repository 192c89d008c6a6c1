package io.maestro.adapter.provisioning.scim;

import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks the directory and waits for its answer on the thread of the call, not longer than the deadline and the configured
 * timeout. An interruption breaks the request off. Answers are bounded; redirects are not followed, for the token would
 * go along.
 */
final class Connection {
    /** A page of 200 users has some 400 KB. */
    private static final int LARGEST_ANSWER = 4 * 1024 * 1024;

    private static final String SMALLER_FIX = "Configure a smaller pageSize, so that fewer users come at a time.";

    private final HttpClient http;
    private final Settings settings;
    private final InstantSource clock;
    private volatile Secret token;

    Connection(HttpClient http, Settings settings, InstantSource clock) {
        this.http = http;
        this.settings = settings;
        this.clock = clock;
        this.token = settings.token();
    }

    /** From now on, requests carry this token. */
    void renew(Secret renewed) {
        token = renewed;
    }

    /** Asks for a good answer; every other becomes a problem. */
    Answer send(ScimRequest request, About about, Instant deadline) {
        Answer answer = any(request, about, deadline);
        if (!answer.good()) {
            throw problem(answer, about);
        }
        return answer;
    }

    /** Asks for an answer, whatever its status. */
    Answer any(ScimRequest request, About about, Instant deadline) {
        return asked(request, info -> new BoundedBody(LARGEST_ANSWER), about, deadline);
    }

    /** The same without what a good answer shows: of a changed group it may be all the members. */
    Answer outcome(ScimRequest request, About about, Instant deadline) {
        return asked(
                request,
                info -> info.statusCode() / 100 == 2
                        ? BodySubscribers.replacing(new byte[0])
                        : new BoundedBody(LARGEST_ANSWER),
                about,
                deadline);
    }

    private Answer asked(ScimRequest request, BodyHandler<byte[]> taking, About about, Instant deadline) {
        return answer(await(http.sendAsync(asHttp(request), taking), about, deadline), about);
    }

    /** The problem that an answer that is not good is. */
    ProblemException problem(Answer answer, About about) {
        return Failures.of(about, answer, token.reveal(), clock.instant());
    }

    /** Asks for an answer with an object. */
    Map<String, @Nullable Object> object(ScimRequest request, About about, Instant deadline) {
        Map<String, @Nullable Object> body = send(request, about, deadline).body();
        if (body == null) {
            throw Failures.notScim(about, "has no body");
        }
        return body;
    }

    private HttpRequest asHttp(ScimRequest request) {
        HttpRequest.Builder built = HttpRequest.newBuilder(URI.create(settings.baseUrl() + request.target()))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Accept", "application/scim+json, application/json")
                .header("Authorization", "Bearer " + token.reveal());
        Map<String, ?> body = request.body();
        if (body != null) {
            built.header("Content-Type", "application/scim+json");
        }
        String ifMatch = request.ifMatch();
        if (ifMatch != null) {
            built.header("If-Match", ifMatch);
        }
        built.method(
                request.method(),
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(ScimJson.write(body)));
        return built.build();
    }

    private static Answer answer(HttpResponse<byte[]> response, About about) {
        byte[] bytes = response.body();
        int status = response.statusCode();
        if (bytes.length == 0) {
            return new Answer(status, response.headers(), null, true);
        }
        try {
            return new Answer(status, response.headers(), ScimJson.read(bytes), false);
        } catch (ScimJson.TooMany e) {
            throw Failures.problem(
                    ProvisioningProblem.PROVISIONING_FAILED,
                    about.subject() + ": the directory's answer has " + e.getMessage(),
                    SMALLER_FIX);
        } catch (IOException e) {
            if (status / 100 == 2) {
                throw Failures.notScim(about, "is no JSON object within the bounds");
            }
            return new Answer(status, response.headers(), null, false);
        }
    }

    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer, About about, Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        Duration patience = left.compareTo(settings.timeout()) < 0 ? left : settings.timeout();
        try {
            return answer.get(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw broken(about, e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw Failures.unreachable(
                    about,
                    left.compareTo(settings.timeout()) < 0
                            ? "the directory did not answer before the deadline of the call"
                            : "the directory did not answer within "
                                    + settings.timeout().toSeconds() + " seconds",
                    e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw Failures.unreachable(about, "the call was interrupted before the directory had answered", e);
        }
    }

    private static ProblemException broken(About about, ExecutionException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof ProblemException refused) {
                return refused; // the host's own, for a host that is not permitted
            }
            if (cause instanceof BoundedBody.TooLarge) {
                return Failures.problem(
                        ProvisioningProblem.PROVISIONING_FAILED,
                        about.subject() + ": the directory's answer has more than " + LARGEST_ANSWER + " bytes",
                        SMALLER_FIX);
            }
        }
        return Failures.unreachable(about, "the connection to the directory failed", failure.getCause());
    }
}
