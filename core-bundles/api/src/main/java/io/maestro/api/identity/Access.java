package io.maestro.api.identity;

import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Decides who may do what. Does not block on the way to yes; any thread. */
@ProviderType
public interface Access {
    /**
     * Tells who presents this. Does not block for a token or session that is known to be good; a token of an identity
     * provider may wait for its instance.
     *
     * @param origin from where, for the security event
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#UNAUTHENTICATED}, {@link
     *     IdentityProblem#CREDENTIALS_AMBIGUOUS}, {@link IdentityProblem#CROSS_SITE_REFUSED}, {@link
     *     IdentityProblem#IDENTITY_PROVIDER_UNAVAILABLE}
     */
    Principal authenticate(Credentials shown, Origin origin);

    /**
     * Tells who presents this by now, for answers that last: a token may have been revoked, a session ended, roles taken
     * meanwhile. Counts as no use, and leaves no security event.
     *
     * @return empty when it is not good any more
     * @throws io.maestro.model.ProblemException when that cannot be told now
     */
    Optional<Principal> presentNow(Credentials shown, Origin origin);

    /**
     * Returns if the principal may; else writes a security event and throws.
     *
     * @param tenant the tenant that the act touches; null for acts on the installation
     * @param environment the environment that it touches; null for all of the tenant
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#FORBIDDEN}; does not tell whether the resource exists
     */
    void authorize(
            Principal principal,
            Action action,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Origin origin);

    /**
     * What a request shows to be let in.
     *
     * @param bearer the token as sent; null when none was
     * @param session the session cookie; null when none was
     * @param csrfToken what came with the cookie to prove that a page of ours sent it; null when nothing did
     * @param crossSite whether the browser says that another site sent it
     */
    record Credentials(
            @Nullable String bearer,
            @Nullable String session,
            @Nullable String csrfToken,
            boolean crossSite) {
        /** Nothing but a token, or nothing at all. */
        public static Credentials ofBearer(@Nullable String bearer) {
            return new Credentials(bearer, null, null, false);
        }

        @Override
        public String toString() {
            return "Credentials";
        }
    }

    /**
     * Where a request comes from and goes to.
     *
     * @param address the peer's network address
     * @param method the HTTP method
     * @param resource the path, without its query
     * @param correlationId follows the request through logs
     */
    record Origin(String address, String method, String resource, String correlationId) {}
}
