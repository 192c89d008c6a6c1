package io.maestro.api.trust;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.PublisherName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Who may sign artifacts for this installation. Blocks on the database; any thread. */
@ProviderType
public interface Publishers {
    /**
     * Trusts a key; creates the publisher when it is new.
     *
     * @param certificate an X.509 certificate in PEM form; only its key, subject and validity matter
     * @throws io.maestro.model.ProblemException {@link TrustProblem#CERTIFICATE_INVALID}, {@link TrustProblem#KEY_EXISTS}
     */
    PublisherKey trust(PublisherName publisher, String certificate, Actor actor);

    /** Stops trusting a key, for ever; {@link TrustProblem#KEY_UNKNOWN}. Running instances of what it signed are closed. */
    PublisherKey revoke(PublisherName publisher, Digest key, String reason, Actor actor);

    /** All publishers, by name. */
    Page<Publisher> publishers(PageRequest page);

    /** The key with this fingerprint, trusted or revoked, or null. */
    @Nullable
    PublisherKey key(Digest fingerprint);

    /**
     * A publisher.
     *
     * @param keys all its keys, oldest first
     */
    record Publisher(PublisherName name, List<PublisherKey> keys) {
        /** Copies the list. */
        public Publisher {
            keys = List.copyOf(keys);
        }
    }

    /**
     * A key of a publisher.
     *
     * @param fingerprint SHA-256 of the key's SubjectPublicKeyInfo
     * @param subject the certificate's subject, for people
     * @param notAfter when the certificate ends
     * @param trustedAt since when it is trusted
     * @param revokedAt since when it is not; null while trusted
     * @param revokedReason why not; null while trusted
     */
    record PublisherKey(
            PublisherName publisher,
            Digest fingerprint,
            String subject,
            Instant notAfter,
            Instant trustedAt,
            @Nullable Instant revokedAt,
            @Nullable String revokedReason) {}
}
