package io.maestro.api.tenancy;

import static io.maestro.model.ProblemCategory.CALLER;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with tenants. */
public enum TenancyProblem implements ProblemCode {
    /** There is no such tenant. */
    TENANT_UNKNOWN(CALLER, 404, "There is no such tenant"),
    /** The tenant has no such environment. */
    ENVIRONMENT_UNKNOWN(CALLER, 404, "There is no such environment"),
    /** The name is taken. */
    TENANT_EXISTS(CALLER, 409, "The tenant exists already"),
    /** The name is taken within the tenant. */
    ENVIRONMENT_EXISTS(CALLER, 409, "The environment exists already");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    TenancyProblem(ProblemCategory category, int status, String title) {
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
