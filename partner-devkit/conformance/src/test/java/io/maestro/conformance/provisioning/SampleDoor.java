package io.maestro.conformance.provisioning;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
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

/** How the sample gets in: one request to the doorkeeper, whose answer is taken for what it is. */
final class SampleDoor {
    private static final int LARGEST_ANSWER = 64 * 1024;

    private final AdapterContext context;
    private final SampleConfiguration configuration;

    SampleDoor(AdapterContext context, SampleConfiguration configuration) {
        this.context = context;
        this.configuration = configuration;
    }

    static Problem problem(ProvisioningProblem code, String detail) {
        return Problem.of(code, detail, "See the configuration of the instance.");
    }

    void enter(String place, Instant deadline) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(configuration.endpoint() + "/" + place))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Authorization", "Bearer " + configuration.password().reveal())
                .build();
        Duration left = Duration.between(context.clock().instant(), deadline);
        CompletableFuture<HttpResponse<String>> answer =
                context.http().sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
        try {
            requireWelcome(answer.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw unreachable("the system does not answer", e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unreachable("the system did not answer in time", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unreachable("the call was interrupted", e);
        }
    }

    private static void requireWelcome(HttpResponse<String> answer) {
        int status = answer.statusCode();
        if (status == 200 && answer.body().equals(SampleSystem.WELCOME)) {
            return;
        }
        Duration later = Duration.ofSeconds(answer.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,4}"))
                .map(Long::parseLong)
                .orElse(0L));
        String said = "the system said " + status;
        throw switch (status) {
            case 401, 403 ->
                problem(ProvisioningProblem.PROVISIONING_ACCESS_DENIED, said).asException();
            case 429, 503 ->
                problem(ProvisioningProblem.PROVISIONING_THROTTLED, said)
                        .with(Retry.after(later))
                        .asException();
            case 500, 502, 504 ->
                problem(ProvisioningProblem.PROVISIONING_FAILED, said)
                        .with(Retry.after(later))
                        .asException();
            default -> problem(ProvisioningProblem.PROVISIONING_FAILED, said).asException();
        };
    }

    static ProblemException unreachable(String detail, Throwable cause) {
        return problem(ProvisioningProblem.PROVISIONING_UNREACHABLE, detail)
                .with(Retry.after(Duration.ZERO))
                .asException(cause);
    }
}
