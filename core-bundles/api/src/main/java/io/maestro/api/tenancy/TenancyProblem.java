package io.maestro.api.tenancy;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

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
    ENVIRONMENT_EXISTS(CALLER, 409, "The environment exists already"),
    /** Something is left in the environment. */
    ENVIRONMENT_IN_USE(CALLER, 409, "The environment is in use"),
    /** A tenant of this name has gone; its name is never given again. */
    TENANT_NAME_RETIRED(POLICY_OR_LIMIT, 409, "The name belonged to a tenant that has gone"),
    /** The tenant is being offboarded. */
    TENANT_LEAVING(POLICY_OR_LIMIT, 409, "The tenant is leaving"),
    /** The name was not typed again, or is another one. */
    OFFBOARDING_UNCONFIRMED(CALLER, 422, "The tenant's name is not confirmed"),
    /** The tenant is not being offboarded. */
    OFFBOARDING_UNKNOWN(CALLER, 404, "There is no such offboarding"),
    /** The principal is no member of the tenant. */
    MEMBER_UNKNOWN(CALLER, 404, "There is no such member");

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
