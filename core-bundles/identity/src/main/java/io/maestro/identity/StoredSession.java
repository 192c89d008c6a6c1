package io.maestro.identity;

import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Sessions.Session;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A session as kept, with the principal that it stands for as of now.
 *
 * @param session as listed
 * @param principal whom it stands for
 * @param hash what its cookie must hash to
 * @param endedAt null while it runs
 */
record StoredSession(
        Session session,
        Principal principal,
        String hash,
        @Nullable Instant endedAt) implements Holder {
    /** Without use it ends after this. */
    static final Duration IDLE = Duration.ofHours(8);

    /** With any use it ends after this. */
    static final Duration LONGEST = Duration.ofHours(24);

    @Override
    public String id() {
        return session.id();
    }

    @Override
    public boolean matches(String presented) {
        return Bearer.same(hash, presented);
    }

    @Override
    public boolean goodAt(String presented, Instant now) {
        return endedAt == null
                && now.isBefore(session.expiresAt())
                && now.isBefore(session.lastUsedAt().plus(IDLE));
    }

    @Override
    public String toString() {
        return "StoredSession[" + session.id() + "]";
    }
}
