package io.maestro.api.identity;

import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** API tokens: random, hashed at rest, scoped, expiring, shown once. Blocks on the database; any thread. */
@ProviderType
public interface Tokens {
    /**
     * Creates a token.
     *
     * @param roles what it may do; at least one
     * @param lifetime how long it is good for, at most 400 days
     * @param creator who creates it, and whose rights bound those of the token
     * @param actor the same, for the receipt
     */
    NewToken create(
            String name,
            Set<Role> roles,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Duration lifetime,
            Principal creator,
            Actor actor);

    /** The tokens of one tenant, or of the installation when null; newest first. */
    Page<Token> tokens(@Nullable TenantId tenant, PageRequest page);

    /**
     * Gives a token a new bearer. Name, roles, scope and expiry stay as they are.
     *
     * @param grace how long the bearer before goes on being good, at most a day; one that was rotated away before ends now
     * @param revision the revision that must still be current, or null for any; else {@code revision-changed}
     * @param rotator who rotates it, and whose rights must cover those of the token
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#TOKEN_UNKNOWN}, also for one that has ended
     */
    NewToken rotate(
            @Nullable TenantId tenant,
            String id,
            Duration grace,
            @Nullable Long revision,
            Principal rotator,
            Actor actor);

    /**
     * Ends a token now; {@link IdentityProblem#TOKEN_UNKNOWN}. The other nodes notice within five seconds.
     *
     * @param revision the revision that must still be current, or null for any
     */
    void revoke(@Nullable TenantId tenant, String id, @Nullable Long revision, Principal revoker, Actor actor);

    /**
     * A token as listed.
     *
     * @param id its public part
     * @param roles what it may do, in the order of {@link Role}
     * @param tenant what it is confined to; null for roles of the installation
     * @param environment what it is confined to; null for all of the tenant
     * @param lastUsedAt by the minute; null when never
     * @param revokedAt null while it is good
     * @param formerUntil until when the bearer before the last rotation is good; null when there is none
     * @param revision goes up with each change
     */
    record Token(
            String id,
            String name,
            Set<Role> roles,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt,
            @Nullable Instant formerUntil,
            long revision) {
        /** Copies the roles. */
        public Token {
            roles = Principal.ordered(roles);
        }
    }

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
