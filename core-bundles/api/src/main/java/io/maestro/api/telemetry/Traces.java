package io.maestro.api.telemetry;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Shows where the time of a request goes, as spans of OpenTelemetry. A {@linkplain #request request} begins a trace; a
 * {@linkplain #step step} is a span below the one that its thread is in, and no span at all where its thread is in none:
 * what the node does of its own accord is not traced. What another thread is given to do is a step of nobody.
 *
 * <p>Spans hold names and codes, never what callers send or adapters answer. Never blocks; any thread.
 */
@ProviderType
public interface Traces {
    /** Keeps nothing: where nobody wants traces, and for tests. */
    Traces NONE = new NoTraces();

    /** Whether spans are kept. Constant, so that who would only pass calls on asks once and leaves itself out. */
    boolean isOn();

    /**
     * Runs work as the first span of a request.
     *
     * @param name low in number: of what kind of request, not of which
     * @throws E what the work throws
     */
    <R, E extends Exception> R request(String name, Origin origin, Work<R, E> work) throws E;

    /**
     * Runs work as a span of the request that this thread is in.
     *
     * @param name low in number
     * @throws E what the work throws; the span tells the code of a problem, else the type
     */
    <R, E extends Exception> R step(Kind kind, String name, Work<R, E> work) throws E;

    /**
     * What a request says of itself.
     *
     * @param traceparent the header of that name, by <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>;
     *     what cannot be read counts as missing. Null for none
     * @param correlationId follows the request through logs and receipts; the id of the trace, where it can be one and the
     *     request belongs to no other
     */
    record Origin(@Nullable String traceparent, String correlationId) {}

    /** Where the work of a step is done. */
    enum Kind {
        /** Here. */
        INTERNAL,
        /** Somewhere else, and is waited for. */
        CLIENT
    }

    /** What is done within a span. */
    @FunctionalInterface
    interface Work<R, E extends Exception> {
        /** Does it. */
        R run(Span span) throws E;
    }

    /** The span of the work under way. Used on the thread of the work; afterwards nothing happens. */
    interface Span {
        /** Calls it otherwise, once that is known. */
        void rename(String name);

        /** Tells something of it; null tells nothing. */
        void tag(String key, @Nullable String value);

        /** Tells something of it. */
        void tag(String key, long value);

        /** Says that it failed although nothing was thrown. */
        void failed(String why);
    }
}
