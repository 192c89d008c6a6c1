package io.maestro.model;

/** Whose move it is after a problem. Decides the log level; together with the code, the HTTP status. */
public enum ProblemCategory {
    /** The caller asked for something wrong or impossible and can mend it. */
    CALLER,
    /** A policy or a limit said no; the same call may be right at another time or by another principal. */
    POLICY_OR_LIMIT,
    /** A system outside the server failed or refused. */
    EXTERNAL,
    /** The server or an adapter has a fault; details stay in the log. */
    INTERNAL
}
