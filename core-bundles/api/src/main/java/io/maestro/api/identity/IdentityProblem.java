package io.maestro.api.identity;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.EXTERNAL;
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
    TOKEN_INVALID(CALLER, 400, "Such a token cannot be made"),
    /** A bearer token and a session cookie came with one request. */
    CREDENTIALS_AMBIGUOUS(CALLER, 400, "The request shows two identities"),
    /** A write by session cookie does not prove that a page of ours sent it. */
    CROSS_SITE_REFUSED(POLICY_OR_LIMIT, 403, "The request may come from another site"),
    /** There is no such identity provider. */
    IDENTITY_PROVIDER_UNKNOWN(CALLER, 404, "There is no such identity provider"),
    /** The name is taken. */
    IDENTITY_PROVIDER_EXISTS(CALLER, 409, "The identity provider exists already"),
    /** What was chosen for the provider does not go together. */
    IDENTITY_PROVIDER_INVALID(CALLER, 400, "Such an identity provider cannot be"),
    /** The instance that stands for the provider does not run, or cannot answer now. */
    IDENTITY_PROVIDER_UNAVAILABLE(EXTERNAL, 503, "The identity provider cannot be asked"),
    /** The instance that stands for the provider is not what somebody agreed to who may grant its roles. */
    IDENTITY_PROVIDER_UNCONFIRMED(POLICY_OR_LIMIT, 503, "The identity provider is not confirmed"),
    /** The login was not begun by this browser, took too long, or the provider does not confirm it. */
    LOGIN_REFUSED(CALLER, 400, "The login is not accepted"),
    /** There is no such session. */
    SESSION_UNKNOWN(CALLER, 404, "There is no such session");

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
