package io.maestro.api.http;

/** Names of the request properties by which the server and the application talk about one request. */
public final class RequestProperty {
    /** Follows the request through logs; a {@code String}, set by the server for every request. */
    public static final String CORRELATION_ID = "io.maestro.correlation-id";

    /** The peer's network address; a {@code String}, set by the server for every request. */
    public static final String PEER = "io.maestro.peer";

    /** Our address as browsers know it, without a path; a {@code URI}, set by the server for every request. */
    public static final String BASE = "io.maestro.base";

    /**
     * Set to {@code true} by the application when the body that it is writing cannot be finished: the server then
     * breaks the connection, so that the client does not take the beginning for the whole.
     */
    public static final String BROKEN = "io.maestro.broken";

    /**
     * Tells whether the server is about to stop; a {@code BooleanSupplier}, set by the server for every request. What lasts
     * until the client goes away has to ask it every second or so, and to end.
     */
    public static final String STOPPING = "io.maestro.stopping";

    private RequestProperty() {}
}
