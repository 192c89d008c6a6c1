package io.maestro.adapter.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Opens instances of one adapter. The adapter registers exactly one as a declarative-services component.
 *
 * <p>The host makes the factory once per adapter version and calls it from virtual threads, also concurrently.
 */
@ConsumerType
public interface AdapterFactory {
    /**
     * Opens an instance for one tenant, environment and configuration.
     *
     * <p>Called by the host on a virtual thread; may block within the host's open deadline (10 seconds unless
     * configured) and is interrupted after it. Must not start anything that outlives {@link AdapterInstance#close}.
     * Check the configuration here, not the outside system: a system that is down is a matter of {@link
     * AdapterInstance#health}, so that an instance can open before its peer.
     *
     * @param context everything the instance is given; valid until the instance is closed
     * @return an instance that also implements the interface of the adapter's type
     * @throws io.maestro.model.ProblemException when the configuration cannot work, with the reason and the fix
     */
    AdapterInstance open(AdapterContext context);
}
