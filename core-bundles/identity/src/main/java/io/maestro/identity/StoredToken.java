package io.maestro.identity;

import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Tokens.Token;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token as kept.
 *
 * @param token as listed
 * @param hash what its bearer must hash to
 * @param former what the bearer before the last rotation hashes to; null when there is none
 */
record StoredToken(Token token, String hash, @Nullable String former) implements Holder {
    @Override
    public String id() {
        return token.id();
    }

    @Override
    public boolean matches(String presented) {
        return Bearer.same(hash, presented) || (former != null && Bearer.same(former, presented));
    }

    @Override
    public boolean goodAt(String presented, Instant now) {
        Instant formerUntil = token.formerUntil();
        boolean current = Bearer.same(hash, presented);
        return token.revokedAt() == null
                && now.isBefore(token.expiresAt())
                && (current || (formerUntil != null && now.isBefore(formerUntil)));
    }

    @Override
    public Principal principal() {
        return new Principal(
                "token:" + token.id(),
                token.name(),
                token.roles(),
                Map.of(),
                token.tenant(),
                token.environment(),
                token.expiresAt());
    }

    @Override
    public String toString() {
        return "StoredToken[" + token.id() + "]";
    }
}
