package io.maestro.trust;

import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.model.Digest;
import io.maestro.model.PublisherName;
import io.maestro.testing.artifacts.TestPublisher;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys that a test trusts or has revoked. */
final class TrustedKeys implements KeyLookup {
    private final Map<Digest, PublisherKey> keys = new HashMap<>();

    TrustedKeys trust(TestPublisher publisher) {
        return trust(publisher, publisher.certificate().getNotAfter().toInstant());
    }

    TrustedKeys trust(TestPublisher publisher, Instant notAfter) {
        put(publisher, notAfter, null);
        return this;
    }

    TrustedKeys revoke(TestPublisher publisher) {
        put(publisher, publisher.certificate().getNotAfter().toInstant(), Instant.EPOCH);
        return this;
    }

    private void put(TestPublisher publisher, Instant notAfter, @Nullable Instant revokedAt) {
        Digest fingerprint = new Digest(publisher.fingerprint());
        keys.put(
                fingerprint,
                new PublisherKey(
                        new PublisherName(publisher.name()),
                        fingerprint,
                        "CN=" + publisher.name(),
                        notAfter,
                        Instant.EPOCH,
                        revokedAt,
                        revokedAt == null ? null : "laptop stolen"));
    }

    @Override
    public @Nullable PublisherKey key(Digest fingerprint) {
        return keys.get(fingerprint);
    }
}
