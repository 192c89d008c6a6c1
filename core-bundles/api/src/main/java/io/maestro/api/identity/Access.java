package io.maestro.api.identity;

import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Decides who may do what. Does not block on the way to yes; any thread. */
@ProviderType
public interface Access {
    /**
     * Tells who presents this bearer token.
     *
     * @param bearer the token as sent, or null when none was
     * @param origin from where, for the security event
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#UNAUTHENTICATED}
     */
    Principal authenticate(@Nullable String bearer, Origin origin);

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
     * Where a request comes from and goes to.
     *
     * @param address the peer's network address
     * @param method the HTTP method
     * @param resource the path, without its query
     * @param correlationId follows the request through logs
     */
    record Origin(String address, String method, String resource, String correlationId) {}
}
