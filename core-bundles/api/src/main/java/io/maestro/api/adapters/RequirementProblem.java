package io.maestro.api.adapters;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** Why a requirement is not met. These stand within the answer to a check; no request fails with them. */
public enum RequirementProblem implements ProblemCode {
    /** This release has no such adapter type. */
    REQUIREMENT_TYPE_UNKNOWN("The adapter type is not known"),
    /** The contract of the type in this release, or of the adapter that is there, is another or too old. */
    REQUIREMENT_CONTRACT_UNSUPPORTED("The contract version is not supported"),
    /** The type has no such operation. */
    REQUIREMENT_OPERATION_MISSING("An operation is missing"),
    /** No definition that would do is installed. */
    REQUIREMENT_DEFINITION_MISSING("No such adapter is installed"),
    /** A definition that would do is installed, but the scope has no instance of it. */
    REQUIREMENT_INSTANCE_MISSING("There is no such instance"),
    /** The named instance is of another type or another adapter. */
    REQUIREMENT_INSTANCE_UNFIT("The instance is of another adapter"),
    /** The instance has a version outside the range. */
    REQUIREMENT_VERSION_OUTSIDE("The version is outside the range"),
    /** The instance is stopped. */
    REQUIREMENT_INSTANCE_STOPPED("The instance is stopped"),
    /** The instance is wanted running, but cannot. */
    REQUIREMENT_INSTANCE_FAILED("The instance cannot run");

    private final String title;

    RequirementProblem(String title) {
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return ProblemCategory.CALLER;
    }

    @Override
    public int status() {
        return 422;
    }

    @Override
    public String title() {
        return title;
    }
}
