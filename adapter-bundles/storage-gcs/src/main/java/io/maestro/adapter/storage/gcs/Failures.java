package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns what Google and the network say into problems. Messages of the service are not passed on: they may echo the request. */
final class Failures {
    private static final Set<String> RATES = Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");
    private static final long LONGEST_RETRY_SECONDS = 3600;
    private static final String WITH_A_LATER_DEADLINE = "Try again, with a later deadline if it was too short.";

    private Failures() {}

    static ProblemException problem(StorageProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }

    private static ProblemException retryable(
            StorageProblem code, String detail, String fix, Duration after, @Nullable Throwable cause) {
        Problem problem = Problem.of(code, detail, fix).with(Retry.after(after));
        return cause == null ? problem.asException() : problem.asException(cause);
    }

    /** The deadline came first. */
    static ProblemException late(@Nullable Throwable cause) {
        return retryable(
                StorageProblem.STORAGE_UNREACHABLE,
                "the service did not answer before the deadline of the call",
                WITH_A_LATER_DEADLINE,
                Duration.ZERO,
                cause);
    }

    /** Somebody ended the call; the thread stays interrupted. */
    static ProblemException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return retryable(
                StorageProblem.STORAGE_UNREACHABLE,
                "the call was interrupted before the service had answered",
                WITH_A_LATER_DEADLINE,
                Duration.ZERO,
                cause);
    }

    /** No answer came. */
    static ProblemException unreachable(Throwable cause) {
        if (cause instanceof ProblemException refused) {
            return refused; // the host's own, for a host that is not permitted
        }
        return retryable(
                StorageProblem.STORAGE_UNREACHABLE,
                "the connection to the storage service or its token endpoint failed",
                "Check that endpoint and tokenEndpoint of the instance are right and that the service runs, then try again.",
                Duration.ZERO,
                cause);
    }

    /** The service is not what it should be. */
    static ProblemException notGcs() {
        return problem(
                StorageProblem.STORAGE_FAILED,
                "the service gave an answer that is not one of Google Cloud Storage",
                "Check that the endpoint of the instance is Google Cloud Storage.");
    }

    /** More came than any answer has; the same request would bring it again. */
    static ProblemException tooLarge(GcsRequest request) {
        return problem(
                StorageProblem.STORAGE_FAILED,
                (request.subject() == GcsRequest.Subject.TOKEN ? "the token endpoint" : "the service")
                        + " gave an answer that is larger than any of Google Cloud Storage",
                "Check that endpoint and tokenEndpoint of the instance are those of Google Cloud Storage.");
    }

    /** The token endpoint is not what it should be. */
    static ProblemException noTokenEndpoint() {
        return problem(
                StorageProblem.STORAGE_FAILED,
                "the token endpoint gave an answer that is not an access token",
                "Check the tokenEndpoint of the instance.");
    }

    /** The service may do this to any upload; a new one can go well. */
    static ProblemException uploadLost(String detail) {
        return retryable(StorageProblem.STORAGE_FAILED, detail, "Put the object again.", Duration.ZERO, null);
    }

    /** Between description and content the object was another one each time. */
    static ProblemException replacedMeanwhile() {
        return retryable(
                StorageProblem.STORAGE_FAILED,
                "the object was replaced each time while it was opened",
                "Try again when it is written less often.",
                Duration.ZERO,
                null);
    }

    static ProblemException conditionFailed() {
        return problem(
                StorageProblem.STORAGE_PRECONDITION_FAILED,
                "the object is not in the state that the condition expects",
                "Read the object again and decide anew.");
    }

    static ProblemException containerMissing() {
        return problem(
                StorageProblem.STORAGE_CONTAINER_MISSING,
                "the bucket of the instance is not there",
                "Make the bucket, or configure the right one.");
    }

    /** The token endpoint did not give a token. */
    static ProblemException noToken(Transport.Answer answer) {
        String code = known(() -> JsonObject.parse(answer.bytes()).textOrNull("error"));
        String said = "the token endpoint said " + answer.status() + (code.isEmpty() ? "" : " " + code);
        return switch (answer.status()) {
            case 400, 401, 403 ->
                problem(
                        StorageProblem.STORAGE_ACCESS_DENIED,
                        said,
                        "Check that the key of serviceAccountKey still exists and its account is enabled, that tokenEndpoint "
                                + "belongs to it, and the clock of the node.");
            case 408, 429, 500, 502, 503, 504 -> byStatus(answer, said);
            default -> noTokenEndpoint();
        };
    }

    /** An answer came, and it is not a good one. */
    static ProblemException of(GcsRequest request, Transport.Answer answer) {
        String reason = known(() -> {
            List<JsonObject> errors =
                    JsonObject.parse(answer.bytes()).object("error").objects("errors");
            return errors.isEmpty() ? null : errors.getFirst().textOrNull("reason");
        });
        String said = "the service said " + answer.status() + (reason.isEmpty() ? "" : " " + reason);
        return switch (answer.status()) {
            case 404, 410 -> notFound(request);
            case 412 -> conditionFailed();
            case 401, 403 ->
                RATES.contains(reason)
                        ? throttled(answer, said)
                        : problem(
                                StorageProblem.STORAGE_ACCESS_DENIED,
                                said,
                                "Give the service account a role on the bucket, such as Storage Object User, and check "
                                        + "serviceAccountKey.");
            default -> byStatus(answer, said);
        };
    }

    private static ProblemException notFound(GcsRequest request) {
        return switch (request.subject()) {
            case BUCKET -> containerMissing();
            case OBJECT ->
                problem(
                        StorageProblem.OBJECT_NOT_FOUND,
                        "there is no object under the key",
                        "List the objects to see which keys there are.");
            case UPLOAD_SESSION -> uploadLost("the service has given the upload up");
            case TOKEN -> noTokenEndpoint();
        };
    }

    private static ProblemException byStatus(Transport.Answer answer, String said) {
        int status = answer.status();
        if (status == 429) {
            return throttled(answer, said);
        }
        if (status >= 500 || status == 408) {
            return retryable(
                    StorageProblem.STORAGE_FAILED,
                    said,
                    "Try again; see the health of the service.",
                    retryAfter(answer, 0),
                    null);
        }
        return problem(
                status >= 400 ? StorageProblem.STORAGE_REQUEST_INVALID : StorageProblem.STORAGE_FAILED,
                said,
                "See the documentation of the service for this answer.");
    }

    private static ProblemException throttled(Transport.Answer answer, String said) {
        return retryable(
                StorageProblem.STORAGE_THROTTLED,
                said,
                "Call less often, or ask for a higher quota.",
                retryAfter(answer, 1),
                null);
    }

    private static Duration retryAfter(Transport.Answer answer, long usual) {
        long seconds = answer.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(usual);
        return Duration.ofSeconds(Math.min(seconds, LONGEST_RETRY_SECONDS));
    }

    /** A code of the service, which may also be in no way what it should be. */
    private interface Code {
        @Nullable
        String read() throws JsonObject.Malformed;
    }

    private static String known(Code code) {
        try {
            String text = code.read();
            return text != null && text.matches("[A-Za-z_]{1,64}") ? text : "";
        } catch (JsonObject.Malformed e) {
            return "";
        }
    }
}
