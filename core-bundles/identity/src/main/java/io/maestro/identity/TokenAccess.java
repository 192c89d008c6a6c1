package io.maestro.identity;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Principal;
import io.maestro.model.Environment;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import org.jspecify.annotations.Nullable;

/** Access by token: asks the authenticator and the rules, and has every refusal written down. */
final class TokenAccess implements Access {
    private final Authenticator authenticator;
    private final EventRecorder events;

    TokenAccess(Authenticator authenticator, EventRecorder events) {
        this.authenticator = authenticator;
        this.events = events;
    }

    @Override
    public Principal authenticate(@Nullable String bearer, Origin origin) {
        return authenticator.authenticate(bearer).orElseThrow(() -> {
            events.record(Rule.UNAUTHENTICATED, null, null, null, origin);
            return Problem.of(
                            IdentityProblem.UNAUTHENTICATED,
                            "there is no token, or it is not good (any more)",
                            "Send a token as \"Authorization: Bearer mst_…\"; the first one is in the server's data folder.")
                    .asException();
        });
    }

    @Override
    public void authorize(
            Principal principal,
            Action action,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Origin origin) {
        AccessRules.against(principal, action, tenant, environment).ifPresent(rule -> {
            events.record(rule, principal, tenant, environment, origin);
            throw forbidden();
        });
    }

    /** Always the same, whatever was asked for: who may not see a thing does not learn whether it exists. */
    static ProblemException forbidden() {
        return Problem.of(
                        IdentityProblem.FORBIDDEN,
                        "the token does not allow this",
                        "Use a token with the role, tenant and environment that this needs. The attempt was recorded.")
                .asException();
    }
}
