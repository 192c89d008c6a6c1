package io.maestro.api.identity;

import io.maestro.api.identity.Access.Origin;
import io.maestro.model.Actor;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * People who logged in with a browser. A session is random, hashed at rest, ends after eight idle hours and after a day,
 * and a person has at most ten. Blocks on the database; any thread.
 */
@ProviderType
public interface Sessions {
    /** How long a login may take from the first redirect to the callback. */
    Duration LOGIN_LIMIT = Duration.ofMinutes(10);

    /**
     * Begins a login.
     *
     * @param tenant whose provider; null for one of the installation
     * @param returnTo where the browser goes afterwards: a path of ours
     * @param callbacks our address below which each provider has its own to send browsers back to
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#IDENTITY_PROVIDER_UNKNOWN}, {@link
     *     IdentityProblem#IDENTITY_PROVIDER_UNAVAILABLE}
     */
    Begun begin(@Nullable TenantId tenant, ProviderName provider, String returnTo, URI callbacks);

    /**
     * Completes a login: checks that this browser began it and came back from where it was sent, has the provider confirm
     * it, and makes the session.
     *
     * @param callbacks the same as at the beginning
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#LOGIN_REFUSED}, {@link
     *     IdentityProblem#IDENTITY_PROVIDER_UNAVAILABLE}
     */
    Completed complete(Return back, URI callbacks, Origin origin);

    /** The session whose cookie this is, or {@link IdentityProblem#SESSION_UNKNOWN}. */
    Own own(@Nullable String cookie);

    /** Ends the session whose cookie this is, or {@link IdentityProblem#SESSION_UNKNOWN}. */
    void logout(@Nullable String cookie, Actor actor);

    /** The running sessions of one tenant, or of the installation when null; newest first. */
    Page<Session> sessions(@Nullable TenantId tenant, PageRequest page);

    /** Ends a session now; {@link IdentityProblem#SESSION_UNKNOWN}. The other nodes notice within five seconds. */
    void end(@Nullable TenantId tenant, String id, Principal ender, Actor actor);

    /**
     * A login under way.
     *
     * @param address where to send the browser
     * @param cookie what the browser keeps meanwhile; sealed, and of no use to anybody else
     */
    record Begun(URI address, String cookie) {
        @Override
        public String toString() {
            return "Begun";
        }
    }

    /**
     * What a browser brings back from a provider.
     *
     * @param provider the id of the one at whose address it came back
     * @param cookie what it was given at the beginning
     * @param state the parameter of this name
     * @param code the parameter of this name
     * @param issuer the parameter {@code iss}
     * @param error the parameter of this name
     */
    record Return(
            String provider,
            @Nullable String cookie,
            @Nullable String state,
            @Nullable String code,
            @Nullable String issuer,
            @Nullable String error) {
        @Override
        public String toString() {
            return "Return";
        }
    }

    /**
     * A login that is done.
     *
     * @param cookie of the new session; shown this once
     * @param returnTo as at the beginning
     */
    record Completed(String cookie, Session session, String returnTo) {
        @Override
        public String toString() {
            return "Completed[" + session.id() + "]";
        }
    }

    /**
     * One's own session.
     *
     * @param csrfToken what a write has to bring along in the header {@code X-CSRF-Token}
     */
    record Own(Session session, String csrfToken) {
        @Override
        public String toString() {
            return "Own[" + session.id() + "]";
        }
    }

    /**
     * A session as listed.
     *
     * @param id its public part
     * @param tenant whose provider said who it is; null for one of the installation
     * @param principal whose it is
     * @param name what people call them
     * @param roles what the provider granted at login
     * @param lastUsedAt by the minute
     * @param expiresAt when it ends at the latest
     */
    record Session(
            String id,
            @Nullable TenantId tenant,
            ProviderName provider,
            String principal,
            String name,
            Set<Role> roles,
            Instant createdAt,
            Instant lastUsedAt,
            Instant expiresAt) {
        /** Orders the roles. */
        public Session {
            roles = Principal.ordered(roles);
        }
    }
}
