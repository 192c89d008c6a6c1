package io.maestro.adapter.identity.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.maestro.model.ProblemException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Talks to the provider. Answers are bounded in size and time; redirects are not followed. */
final class Connection {
    /** A discovery document has 5 KiB, the keys of the largest providers 20 KiB. */
    static final int LARGEST_ANSWER = 256 * 1024;

    /** How long the provider may take for what is fetched for all callers. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final HttpClient http;
    private final InstantSource clock;
    private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();

    Connection(HttpClient http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
    }

    /**
     * A request that is not answered yet.
     *
     * @param answer the answer
     * @param until when it has taken too long
     */
    private record Exchange(CompletableFuture<?> answer, Instant until) {}

    /**
     * What the provider said.
     *
     * @param status the HTTP status
     * @param json the body; empty when it is no JSON object
     */
    record Answer(int status, Map<String, Object> json) {
        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /** Fetches a document. The future fails with a {@link ProblemException} for everything but a good answer. */
    CompletableFuture<Map<String, Object>> get(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/json, application/jwk-set+json")
                .timeout(PATIENCE)
                .build();
        return send(request, clock.instant().plus(PATIENCE)).handle((answer, failure) -> {
            if (failure != null) {
                throw unreachable(failure);
            }
            if (answer.status() == 200 && !answer.json().isEmpty()) {
                return answer.json();
            }
            String what = address.getRawPath();
            if (answer.status() >= 500 || answer.status() == 429) {
                throw Failures.unreachable("the provider said " + answer.status() + " to " + what)
                        .asException();
            }
            throw Failures.misconfigured(
                    answer.status() == 200
                            ? "what the provider has at " + what + " is no JSON object"
                            : "the provider said " + answer.status() + " to " + what,
                    "Check the issuer and the addresses in the configuration of the instance.");
        });
    }

    /** Fetches what is meant for one caller, who shows this; waits for the answer, whatever its status, on this thread. */
    Answer get(URI address, String authorization, Instant deadline) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Accept", "application/json")
                .header("Authorization", authorization)
                .build();
        return ofOneCaller(request, deadline);
    }

    /** A form as it is sent. */
    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    /** Sends a form and waits for the answer, whatever its status, on this thread. */
    Answer post(URI address, String form, @Nullable String authorization, Instant deadline) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .header("Accept", "application/json")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return ofOneCaller(request.build(), deadline);
    }

    private Answer ofOneCaller(HttpRequest request, Instant deadline) {
        CompletableFuture<Answer> answer = send(request, deadline);
        try {
            return await(answer, deadline);
        } finally {
            // breaks the request off when this caller has given up; nobody else waits for it
            answer.cancel(true);
        }
    }

    /**
     * Waits for what somebody fetches, not longer than the deadline. The fetching goes on when this caller gives up, if
     * others share it.
     */
    <T> T await(CompletableFuture<T> future, Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        // a deadline of the far future is more than a long has nanoseconds
        long nanos = left.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toNanos() : left.toNanos();
        try {
            return future.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e);
        } catch (TimeoutException e) {
            throw Failures.unreachable("the provider did not answer before the deadline of the call", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failures.unreachable("the call was interrupted before the provider had answered", e);
        }
    }

    /**
     * Breaks off what takes too long: the client bounds the time until an answer begins, and not until it ends. Who
     * waits for what is fetched for all would wait for ever.
     */
    void breakOffWhatHangs() {
        Instant now = clock.instant();
        for (Exchange exchange : underWay) {
            if (exchange.until().isBefore(now)) {
                exchange.answer().cancel(true);
            }
        }
    }

    /** Breaks off everything. */
    void close() {
        underWay.forEach(exchange -> exchange.answer().cancel(true));
    }

    private CompletableFuture<Answer> send(HttpRequest request, Instant until) {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                request, info -> BodySubscribers.limiting(BodySubscribers.ofByteArray(), LARGEST_ANSWER));
        Exchange exchange = new Exchange(answer, until);
        underWay.add(exchange);
        return answer.whenComplete((response, failure) -> underWay.remove(exchange))
                .thenApply(Connection::answer);
    }

    private static Answer answer(HttpResponse<byte[]> response) {
        Map<String, Object> json;
        try {
            json = JSONObjectUtils.parse(new String(response.body(), UTF_8));
        } catch (ParseException e) {
            json = Map.of();
        }
        return new Answer(response.statusCode(), json);
    }

    private static ProblemException unreachable(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        // a problem is the host's own, for a host that is not permitted, or ours
        return cause instanceof ProblemException known
                ? Failures.again(known)
                : Failures.unreachable("the connection to the provider failed", cause);
    }
}
