package io.maestro.api.trust;

import io.maestro.api.trust.Publishers.PublisherKey;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Is told when a key is revoked on this node, so that what it signed can be closed at once. A hint only: a key may be
 * revoked on another node, so whoever must know asks {@link Publishers#key} every so often too.
 */
@ConsumerType
@FunctionalInterface
public interface RevocationListener {
    /** Called after the revocation is stored, on the thread of the revocation. Should return soon; what it throws is logged. */
    void revoked(PublisherKey key);
}
