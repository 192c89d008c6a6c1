package io.maestro.trust;

import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.model.Digest;
import org.jspecify.annotations.Nullable;

/** Where the inspection learns whom to trust. */
@FunctionalInterface
public interface KeyLookup {
    /** The key with this fingerprint, trusted or revoked, or null when it is unknown. */
    @Nullable
    PublisherKey key(Digest fingerprint);
}
