package io.maestro.adapter.spi.storage;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.EXTERNAL;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with storage. */
public enum StorageProblem implements ProblemCode {
    /** There is no object under the key. */
    OBJECT_NOT_FOUND(CALLER, 404, "There is no such object"),
    /** The key breaks the rules for keys. */
    OBJECT_KEY_INVALID(CALLER, 400, "The object key is not valid"),
    /** A condition of the put does not hold. */
    STORAGE_PRECONDITION_FAILED(CALLER, 412, "The object is not in the expected state"),
    /** The range begins at or behind the end of the object. */
    STORAGE_RANGE_UNSATISFIABLE(CALLER, 416, "The object has no such range"),
    /** A value of the request is out of bounds. */
    STORAGE_REQUEST_INVALID(CALLER, 400, "The storage request is not valid"),
    /** The outside system does not offer this. */
    STORAGE_UNSUPPORTED(CALLER, 501, "The storage does not offer this"),
    /** The configured bucket, container or folder is not there. */
    STORAGE_CONTAINER_MISSING(EXTERNAL, 502, "The storage container is missing"),
    /** The outside system refuses our credentials or our rights. */
    STORAGE_ACCESS_DENIED(EXTERNAL, 502, "The storage refuses access"),
    /** The outside system does not answer. */
    STORAGE_UNREACHABLE(EXTERNAL, 502, "The storage does not answer"),
    /** The outside system asks to slow down. */
    STORAGE_THROTTLED(EXTERNAL, 503, "The storage asks to slow down"),
    /** The outside system has a fault. */
    STORAGE_FAILED(EXTERNAL, 502, "The storage failed"),
    /** The sender of the content broke off or sent another length than announced. */
    CONTENT_INCOMPLETE(CALLER, 400, "The content is incomplete"),
    /** The content has another SHA-256 than the request says. */
    STORAGE_DIGEST_MISMATCH(CALLER, 400, "The content has another digest"),
    /** The instance was closed. */
    STORAGE_CLOSED(EXTERNAL, 503, "The storage instance is closed");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    StorageProblem(ProblemCategory category, int status, String title) {
        this.category = category;
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return category;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
