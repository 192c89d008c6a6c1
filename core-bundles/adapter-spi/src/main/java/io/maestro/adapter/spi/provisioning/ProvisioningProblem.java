package io.maestro.adapter.spi.provisioning;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.EXTERNAL;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/**
 * What can go wrong with provisioning. The detail names the user, the attribute where there is one, and the reason that the
 * directory gave.
 */
public enum ProvisioningProblem implements ProblemCode {
    /** The directory has no such user. */
    PROVISIONING_USER_NOT_FOUND(CALLER, 404, "There is no such user"),
    /** The directory has no such group or role. */
    PROVISIONING_TARGET_NOT_FOUND(CALLER, 404, "There is no such group or role"),
    /** Another user has a value that must be unique. */
    PROVISIONING_USER_EXISTS(CALLER, 409, "Another user has this value"),
    /** The user is not in the state that the condition expects. */
    PROVISIONING_PRECONDITION_FAILED(CALLER, 412, "The user is not in the expected state"),
    /** A value of the request is out of bounds. */
    PROVISIONING_REQUEST_INVALID(CALLER, 400, "The provisioning request is not valid"),
    /** The directory does not take a value. */
    PROVISIONING_VALUE_REFUSED(CALLER, 422, "The directory refuses a value"),
    /** The directory does not offer this. */
    PROVISIONING_UNSUPPORTED(CALLER, 501, "The directory does not offer this"),
    /** The directory refuses our credentials or our rights. */
    PROVISIONING_ACCESS_DENIED(EXTERNAL, 502, "The directory refuses access"),
    /** The directory does not answer. */
    PROVISIONING_UNREACHABLE(EXTERNAL, 502, "The directory does not answer"),
    /** The directory asks to slow down. */
    PROVISIONING_THROTTLED(EXTERNAL, 503, "The directory asks to slow down"),
    /** The directory has a fault, or its answer is not to be understood. */
    PROVISIONING_FAILED(EXTERNAL, 502, "The directory failed"),
    /** The instance was closed. */
    PROVISIONING_CLOSED(EXTERNAL, 503, "The provisioning instance is closed");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    ProvisioningProblem(ProblemCategory category, int status, String title) {
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
