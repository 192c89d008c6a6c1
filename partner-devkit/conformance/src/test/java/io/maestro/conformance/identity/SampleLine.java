package io.maestro.conformance.identity;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the sample talks to the provider. */
final class SampleLine {
    private static final int LARGEST_ANSWER = 64 * 1024;

    private final AdapterContext context;

    SampleLine(AdapterContext context) {
        this.context = context;
    }

    /** What the provider said; the JSON is missing when it is no object. */
    record Answer(int status, JsonNode json, String location) {}

    static Problem problem(IdentityProblem code, String detail) {
        return Problem.of(code, detail, "See the configuration of the instance.");
    }

    static HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address)).version(HttpClient.Version.HTTP_1_1);
    }

    CompletableFuture<Answer> begin(HttpRequest request) {
        return context.http()
                .sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER))
                .thenApply(SampleLine::answer);
    }

    Answer await(CompletableFuture<Answer> answer, Instant deadline) {
        Duration left = Duration.between(context.clock().instant(), deadline);
        try {
            return answer.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unreachable("the provider does not answer", e);
        } catch (TimeoutException e) {
            throw unreachable("the provider did not answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("the call was interrupted", e);
        } finally {
            answer.cancel(true);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(
                response.statusCode(),
                SampleToken.object(response.body()),
                response.headers().firstValue("Location").orElse(""));
    }

    static ProblemException unreachable(String detail, Throwable cause) {
        return unreachable(detail).asException(cause);
    }

    static Problem unreachable(String detail) {
        return problem(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, detail).with(Retry.after(Duration.ZERO));
    }
}
