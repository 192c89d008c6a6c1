package io.maestro.api.identity;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with callers. */
public enum IdentityProblem implements ProblemCode {
    /** No token, or one that is not good (any more). */
    UNAUTHENTICATED(CALLER, 401, "Authentication is needed"),
    /** The principal may not do this. */
    FORBIDDEN(POLICY_OR_LIMIT, 403, "Not allowed"),
    /** There is no such token. */
    TOKEN_UNKNOWN(CALLER, 404, "There is no such token"),
    /** Role, scope and lifetime of the wanted token do not go together. */
    TOKEN_INVALID(CALLER, 400, "Such a token cannot be made");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    IdentityProblem(ProblemCategory category, int status, String title) {
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
