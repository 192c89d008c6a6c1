package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.net.http.HttpHeaders;
import java.time.Duration;

/** Turns what S3 and the network say into problems. Messages of the store are not passed on: they may echo the request. */
final class Failures {
    private static final String CREDENTIALS_FIX =
            "Check accessKeyId, secretAccessKey and region of the instance, the rights of the key on the bucket, and"
                    + " the clock of the node.";
    private static final long LONGEST_RETRY_SECONDS = 3600;

    private Failures() {}

    static ProblemException problem(StorageProblem code, String detail, String fix) {
        return Problem.of(code, detail, fix).asException();
    }

    static ProblemException retryable(StorageProblem code, String detail, String fix, Throwable cause) {
        return Problem.of(code, detail, fix).with(Retry.after(Duration.ZERO)).asException(cause);
    }

    /** No answer came. */
    static ProblemException unreachable(Throwable cause) {
        if (cause instanceof ProblemException refused) {
            return refused; // the host's own, for a host that is not permitted
        }
        return retryable(
                StorageProblem.STORAGE_UNREACHABLE,
                "the connection to the store failed",
                "Check that the endpoint of the instance is right and that the store runs, then try again.",
                cause);
    }

    /** The store is not what it should be. */
    static ProblemException notS3() {
        return problem(
                StorageProblem.STORAGE_FAILED,
                "the store answered without length, ETag or time of the object",
                "Check that the endpoint of the instance is an S3-compatible store.");
    }

    /** The store gave other bytes than those that were asked for. */
    static ProblemException otherRange() {
        return problem(
                StorageProblem.STORAGE_UNSUPPORTED,
                "the store does not give the range of bytes that it is asked for",
                "Get the whole object, or use a store that offers ranges.");
    }

    /** An answer came, and it is not a good one. */
    static ProblemException of(S3Request request, int status, HttpHeaders headers, byte[] body) {
        return of(request, status, S3Xml.errorCode(body), headers);
    }

    static ProblemException of(S3Request request, int status, String code, HttpHeaders headers) {
        String said = "the store said " + status + (code.isEmpty() ? "" : " " + code);
        return switch (code) {
            case "NoSuchBucket" ->
                problem(
                        StorageProblem.STORAGE_CONTAINER_MISSING,
                        "the bucket of the instance is not there",
                        "Make the bucket, or configure the right one.");
            case "NoSuchUpload" ->
                problem(
                        StorageProblem.STORAGE_FAILED,
                        "the store has dropped the unfinished upload",
                        "Put the object again.");
            case "KeyTooLongError" -> problem(StorageProblem.OBJECT_KEY_INVALID, said, "Use a shorter key.");
            case "SlowDown", "RequestLimitExceeded", "TooManyRequests" -> throttled(said, headers);
            default -> byStatus(request.conditional(), status, said, headers);
        };
    }

    /**
     * Whether any request would have been refused in this way: there is no bucket, or the store does not know the key or finds
     * the signature wrong.
     */
    static boolean concernsEveryRequest(ProblemException refusal) {
        if (refusal.problem().code().equals(StorageProblem.STORAGE_CONTAINER_MISSING.code())) {
            return true;
        }
        String said = refusal.problem().detail();
        return refusal.problem().code().equals(StorageProblem.STORAGE_ACCESS_DENIED.code())
                && (said.endsWith("SignatureDoesNotMatch") || said.endsWith("InvalidAccessKeyId"));
    }

    private static ProblemException byStatus(boolean conditional, int status, String said, HttpHeaders headers) {
        if (status == 412 || (conditional && (status == 404 || status == 409))) {
            Retry retry = status == 409 ? Retry.after(Duration.ZERO) : Retry.never();
            return Problem.of(
                            StorageProblem.STORAGE_PRECONDITION_FAILED,
                            "the object is not in the state that the condition expects",
                            "Read the object again and decide anew.")
                    .with(retry)
                    .asException();
        }
        return switch (status) {
            case 404 ->
                problem(
                        StorageProblem.OBJECT_NOT_FOUND,
                        "there is no object under the key",
                        "List the objects to see which keys there are.");
            case 401, 403 -> problem(StorageProblem.STORAGE_ACCESS_DENIED, said, CREDENTIALS_FIX);
            case 416 ->
                problem(
                        StorageProblem.STORAGE_RANGE_UNSATISFIABLE,
                        "the object ends before the range begins",
                        "Ask for an offset below the size that head_object tells.");
            case 429, 503 -> throttled(said, headers);
            case 501 -> problem(StorageProblem.STORAGE_UNSUPPORTED, said, "Do without, or use a store that offers it.");
            case 301, 302, 307, 308 ->
                problem(
                        StorageProblem.STORAGE_FAILED,
                        said,
                        "Configure the endpoint and the region where the bucket is.");
            default ->
                status >= 500
                        ? Problem.of(StorageProblem.STORAGE_FAILED, said, "Try again; see the log of the store.")
                                .with(Retry.after(Duration.ZERO))
                                .asException()
                        : problem(
                                StorageProblem.STORAGE_REQUEST_INVALID,
                                said,
                                "See the documentation of the store for this code.");
        };
    }

    private static ProblemException throttled(String said, HttpHeaders headers) {
        long seconds = headers.firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(1L);
        return Problem.of(StorageProblem.STORAGE_THROTTLED, said, "Call less often, or ask for a higher limit.")
                .with(Retry.after(Duration.ofSeconds(Math.min(seconds, LONGEST_RETRY_SECONDS))))
                .asException();
    }
}
