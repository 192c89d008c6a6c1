package io.maestro.api.http;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.INTERNAL;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What the server refuses by itself, and its own faults. */
public enum HttpProblem implements ProblemCode {
    /** The request is not HTTP as we understand it. */
    REQUEST_MALFORMED(CALLER, 400, "The request is malformed"),
    /** The path can be read in more than one way. */
    PATH_AMBIGUOUS(CALLER, 400, "The path is ambiguous"),
    /** The body came too slowly. */
    REQUEST_TIMEOUT(CALLER, 408, "The request took too long to arrive"),
    /** The address is too long. */
    URI_TOO_LONG(CALLER, 414, "The address is too long"),
    /** The Host header names another server. */
    HOST_UNKNOWN(CALLER, 421, "This server does not answer for that host"),
    /** The headers are too large. */
    HEADERS_TOO_LARGE(CALLER, 431, "The headers are too large"),
    /** A fault of ours. */
    SERVER_FAILED(INTERNAL, 500, "The server failed"),
    /** Not a method or version that is understood here. */
    REQUEST_UNSUPPORTED(CALLER, 501, "The server does not understand this kind of request"),
    /** The server is stopping or full. */
    SERVER_BUSY(POLICY_OR_LIMIT, 503, "The server is stopping or has too much to do");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    HttpProblem(ProblemCategory category, int status, String title) {
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
