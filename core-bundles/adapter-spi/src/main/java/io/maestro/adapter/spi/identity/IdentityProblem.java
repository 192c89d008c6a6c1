package io.maestro.adapter.spi.identity;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.EXTERNAL;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/**
 * What can go wrong with identities. A token that is refused answers 422 and not 401: whoever calls the operation is
 * authenticated, and the token is what was asked about.
 */
public enum IdentityProblem implements ProblemCode {
    /** The text is no signed token, or lacks what a token must say. */
    TOKEN_MALFORMED(CALLER, 422, "The token is malformed"),
    /** The token is another kind of token, an id token for example. */
    TOKEN_TYPE_NOT_ALLOWED(CALLER, 422, "The kind of token is not allowed"),
    /** The token is signed by an algorithm that is not allowed, by none, or names its own key. */
    TOKEN_ALGORITHM_NOT_ALLOWED(CALLER, 422, "The token's algorithm is not allowed"),
    /** The provider has no such key. */
    TOKEN_KEY_UNKNOWN(CALLER, 422, "The token's key is not known"),
    /** The signature does not fit the token and the key. */
    TOKEN_SIGNATURE_WRONG(CALLER, 422, "The token's signature is wrong"),
    /** The token has expired. */
    TOKEN_EXPIRED(CALLER, 422, "The token has expired"),
    /** The token is from the future. */
    TOKEN_NOT_YET_VALID(CALLER, 422, "The token is not valid yet"),
    /** The token is of another issuer. */
    TOKEN_ISSUER_WRONG(CALLER, 422, "The token is of another issuer"),
    /** The token is meant for somebody else. */
    TOKEN_AUDIENCE_WRONG(CALLER, 422, "The token is meant for somebody else"),
    /** The id token is of another login. */
    TOKEN_NONCE_MISMATCH(CALLER, 422, "The token is of another login"),
    /** The token says more than an identity holds. */
    TOKEN_CLAIMS_TOO_LARGE(CALLER, 422, "The token says too much"),
    /** The provider does not take the code. */
    LOGIN_CODE_REFUSED(CALLER, 422, "The login code was refused"),
    /**
     * The provider redeems no code of this server now, whatever code it is. Not external: strangers bring codes as often as
     * they like, and what the provider answers to them, or that it does not, must not count against the instance, which validates tokens too.
     */
    LOGIN_UNAVAILABLE(POLICY_OR_LIMIT, 503, "Nobody can be logged in now"),
    /** The instance is for programs only. */
    LOGIN_NOT_OFFERED(CALLER, 501, "Nobody can log in here"),
    /** A value of the request is out of bounds. */
    IDENTITY_REQUEST_INVALID(CALLER, 400, "The identity request is not valid"),
    /** The provider does not answer. */
    IDENTITY_PROVIDER_UNREACHABLE(EXTERNAL, 502, "The identity provider does not answer"),
    /** Provider and instance do not fit together. */
    IDENTITY_PROVIDER_MISCONFIGURED(EXTERNAL, 502, "The identity provider is not configured as expected"),
    /** The instance was closed. */
    IDENTITY_CLOSED(EXTERNAL, 503, "The identity instance is closed");

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
