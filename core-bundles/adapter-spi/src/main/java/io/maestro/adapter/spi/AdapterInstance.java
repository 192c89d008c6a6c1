package io.maestro.adapter.spi;

import org.osgi.annotation.versioning.ConsumerType;

/** A configured adapter of one tenant and environment. Called concurrently from virtual threads. */
@ConsumerType
public interface AdapterInstance extends AutoCloseable {
    /**
     * Asks whether the outside system answers as configured.
     *
     * <p>Called by the host on a virtual thread, every so often and before an upgrade; may block within the call
     * deadline. Anticipated failures are a {@link Health} value, not an exception.
     */
    Health health();

    /**
     * Ends the instance. Called once, after the last call has ended or was interrupted. May block shortly. Afterwards
     * no thread, listener, driver or thread-local of the instance is left, and every further call fails.
     */
    @Override
    void close();
}
