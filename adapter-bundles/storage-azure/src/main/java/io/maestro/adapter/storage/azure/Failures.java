package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.net.http.HttpHeaders;
import java.time.Duration;

/** Turns what Azure and the network say into problems. Messages of the service are not passed on: they may echo the request. */
final class Failures {
    private static final String CREDENTIALS_FIX =
            "Check account and accountKey of the instance, whether the account permits shared keys, and the clock of the node.";
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
                "the connection to the blob service failed",
                "Check that the endpoint of the instance is right and that the service runs, then try again.",
                cause);
    }

    /** The service is not what it should be. */
    static ProblemException notAzure() {
        return problem(
                StorageProblem.STORAGE_FAILED,
                "the service gave an answer that is not a blob service's",
                "Check that the endpoint of the instance is an Azure blob service.");
    }

    /** The service gave other bytes than those that were asked for. */
    static ProblemException otherRange() {
        return problem(
                StorageProblem.STORAGE_UNSUPPORTED,
                "the service does not give the range of bytes that it is asked for",
                "Get the whole object, or use an account that offers ranges.");
    }

    /** An answer came, and it is not a good one. */
    static ProblemException of(BlobRequest request, int status, HttpHeaders headers, byte[] body) {
        String code = headers.firstValue("x-ms-error-code").orElseGet(() -> AzureXml.errorCode(body));
        String known = code.matches("[A-Za-z0-9]{1,64}") ? code : "";
        String said = "the service said " + status + (known.isEmpty() ? "" : " " + known);
        return switch (known) {
            case "ContainerNotFound", "ContainerBeingDeleted", "ContainerDisabled" ->
                problem(
                        StorageProblem.STORAGE_CONTAINER_MISSING,
                        "the container of the instance is not there",
                        "Make the container, or configure the right one.");
            case "ConditionNotMet", "BlobAlreadyExists", "TargetConditionNotMet" -> conditionFailed();
            case "InvalidBlockList", "InvalidBlobOrBlock" ->
                Problem.of(
                                StorageProblem.STORAGE_FAILED,
                                "another put of the same object came between the blocks of this one",
                                "Put the object again.")
                        .with(Retry.after(Duration.ZERO))
                        .asException();
            case "Md5Mismatch" ->
                Problem.of(
                                StorageProblem.STORAGE_FAILED,
                                "the content was changed on its way to the service",
                                "Put the object again.")
                        .with(Retry.after(Duration.ZERO))
                        .asException();
            case "InvalidResourceName" -> problem(StorageProblem.OBJECT_KEY_INVALID, said, "Use another key.");
            case "ServerBusy" -> throttled(said, headers);
            default -> byStatus(request, status, said, headers);
        };
    }

    private static ProblemException conditionFailed() {
        return problem(
                StorageProblem.STORAGE_PRECONDITION_FAILED,
                "the object is not in the state that the condition expects",
                "Read the object again and decide anew.");
    }

    private static ProblemException byStatus(BlobRequest request, int status, String said, HttpHeaders headers) {
        return switch (status) {
            case 404 ->
                request.conditional()
                        ? conditionFailed()
                        : problem(
                                StorageProblem.OBJECT_NOT_FOUND,
                                "there is no object under the key",
                                "List the objects to see which keys there are.");
            case 412 -> conditionFailed();
            case 401, 403 -> problem(StorageProblem.STORAGE_ACCESS_DENIED, said, CREDENTIALS_FIX);
            case 416 ->
                problem(
                        StorageProblem.STORAGE_RANGE_UNSATISFIABLE,
                        "the object ends before the range begins",
                        "Ask for an offset below the size that head_object tells.");
            case 429, 503 -> throttled(said, headers);
            case 501 ->
                problem(StorageProblem.STORAGE_UNSUPPORTED, said, "Do without, or use an account that offers it.");
            default ->
                status >= 500
                        ? Problem.of(StorageProblem.STORAGE_FAILED, said, "Try again; see the health of the service.")
                                .with(Retry.after(Duration.ZERO))
                                .asException()
                        : problem(
                                status >= 400 ? StorageProblem.STORAGE_REQUEST_INVALID : StorageProblem.STORAGE_FAILED,
                                said,
                                "See the documentation of the service for this code.");
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
