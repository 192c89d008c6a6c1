package io.maestro.model;

/** Problems of a request itself, before any area looks at it. */
public enum CallerProblem implements ProblemCode {
    /** A name breaks the rule for names. */
    INVALID_NAME(400, "The name is not valid"),
    /** Not a semantic version. */
    INVALID_VERSION(400, "The version is not valid"),
    /** Not a SHA-256 digest. */
    INVALID_DIGEST(400, "The digest is not valid"),
    /** The request is malformed. */
    INVALID_REQUEST(400, "The request is not valid"),
    /** A cursor was not made by this server or is broken. */
    INVALID_CURSOR(400, "The cursor is not valid"),
    /** Nothing is served at this path. */
    PATH_UNKNOWN(404, "There is nothing at this path"),
    /** The path exists, the method does not. */
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    /** The response cannot be given in an accepted media type. */
    NOT_ACCEPTABLE(406, "No acceptable media type"),
    /** The body's media type is not understood here. */
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    /** The body is larger than allowed. */
    BODY_TOO_LARGE(413, "The body is too large"),
    /** {@code If-Match} names another revision than the current one. */
    REVISION_CHANGED(412, "The resource has changed"),
    /** The same idempotency key came with another request. */
    IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used for another request"),
    /** The first request with this idempotency key is still being worked on. */
    IDEMPOTENCY_KEY_BUSY(409, "The first request with this idempotency key is still running"),
    /** The first request was answered with a secret, which is shown only once. */
    IDEMPOTENCY_ANSWER_SECRET(409, "The answer was shown once and is not kept");

    private final int status;
    private final String title;

    CallerProblem(int status, String title) {
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return ProblemCategory.CALLER;
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
