package io.maestro.api.identity;

import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** API tokens: random, hashed at rest, scoped, expiring, shown once. Blocks on the database; any thread. */
@ProviderType
public interface Tokens {
    /**
     * Creates a token.
     *
     * @param lifetime how long it is good for, at most 400 days
     * @param creator who creates it
     */
    NewToken create(
            String name,
            Role role,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Duration lifetime,
            Principal creator);

    /** The tokens of one tenant, or of the installation when null; newest first. */
    Page<Token> tokens(@Nullable TenantId tenant, PageRequest page);

    /** Ends a token now; {@link IdentityProblem#TOKEN_UNKNOWN}. The other nodes notice within five seconds. */
    void revoke(@Nullable TenantId tenant, String id);

    /**
     * A token as listed.
     *
     * @param id its public part
     * @param tenant what it is confined to; null for platform roles
     * @param environment what it is confined to; null for all of the tenant
     * @param lastUsedAt by the minute; null when never
     * @param revokedAt null while it is good
     */
    record Token(
            String id,
            String name,
            Role role,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt) {}

    /**
     * A token just made.
     *
     * @param token as it will be listed
     * @param bearer what to send; shown this once, and not printed
     */
    record NewToken(Token token, String bearer) {
        @Override
        public String toString() {
            return "NewToken[" + token.id() + "]";
        }
    }
}
