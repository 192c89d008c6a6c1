package io.maestro.identity;

import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Tokens.Token;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * A token as kept.
 *
 * @param token as listed
 * @param hash what its bearer must hash to
 */
record StoredToken(Token token, String hash) {
    /** Whether the hash is this one's, in a time that does not tell how much of it fits. */
    boolean matches(String presented) {
        return MessageDigest.isEqual(
                hash.getBytes(StandardCharsets.US_ASCII), presented.getBytes(StandardCharsets.US_ASCII));
    }

    /** Whether it is good at this very moment. */
    boolean goodAt(Instant now) {
        return token.revokedAt() == null && now.isBefore(token.expiresAt());
    }

    /** Whom it stands for. */
    Principal principal() {
        return new Principal("token:" + token.id(), token.name(), token.role(), token.tenant(), token.environment());
    }

    @Override
    public String toString() {
        return "StoredToken[" + token.id() + "]";
    }
}
