package io.maestro.identity;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.AccessRules;
import io.maestro.api.identity.Action;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Rule;
import io.maestro.model.Environment;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.TenantId;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Access by token or session: asks those who know and the rules, and has every refusal written down. */
final class CallerAccess implements Access {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

    private final Authenticator tokens;
    private final Authenticator sessions;
    private final ProviderTokens providers;
    private final EventRecorder events;

    CallerAccess(Authenticator tokens, Authenticator sessions, ProviderTokens providers, EventRecorder events) {
        this.tokens = tokens;
        this.sessions = sessions;
        this.providers = providers;
        this.events = events;
    }

    @Override
    public Principal authenticate(Credentials shown, Origin origin) {
        String bearer = shown.bearer();
        String session = shown.session();
        if (bearer != null && session != null) {
            events.record(Rule.UNAUTHENTICATED, null, null, null, origin);
            throw Problem.of(
                            IdentityProblem.CREDENTIALS_AMBIGUOUS,
                            "the request brings a bearer token and a session cookie",
                            "Send one of them.")
                    .asException();
        }
        if (session != null) {
            return authenticateSession(session, shown, origin);
        }
        Optional<JwtHead> head = bearer == null ? Optional.empty() : JwtHead.parse(bearer);
        if (bearer != null && head.isPresent()) {
            return providers
                    .authenticate(head.get(), bearer, origin)
                    .orElseThrow(() -> unauthenticated(Rule.IDENTITY_PROVIDER, origin));
        }
        return tokens.authenticate(bearer).orElseThrow(() -> unauthenticated(Rule.UNAUTHENTICATED, origin));
    }

    @Override
    public Optional<Principal> presentNow(Credentials shown, Origin origin) {
        String bearer = shown.bearer();
        String session = shown.session();
        if (session != null) {
            return bearer == null ? sessions.presentNow(session) : Optional.empty();
        }
        Optional<JwtHead> head = bearer == null ? Optional.empty() : JwtHead.parse(bearer);
        return bearer != null && head.isPresent()
                ? providers.authenticate(head.get(), bearer, origin)
                : tokens.presentNow(bearer);
    }

    private Principal authenticateSession(String cookie, Credentials shown, Origin origin) {
        Principal principal =
                sessions.authenticate(cookie).orElseThrow(() -> unauthenticated(Rule.UNAUTHENTICATED, origin));
        String token = shown.csrfToken();
        boolean proven = token != null && Bearer.same(BrowserSessions.csrfToken(cookie), token);
        if (!READING.contains(origin.method()) && (shown.crossSite() || !proven)) {
            events.record(Rule.CROSS_SITE, principal, null, null, origin);
            throw Problem.of(
                            IdentityProblem.CROSS_SITE_REFUSED,
                            "a write with a session cookie has to show that a page of this server sent it",
                            "Send the header X-CSRF-Token with the csrfToken of GET /api/session, from the same origin.")
                    .asException();
        }
        return principal;
    }

    private ProblemException unauthenticated(Rule rule, Origin origin) {
        events.record(rule, null, null, null, origin);
        return Problem.of(
                        IdentityProblem.UNAUTHENTICATED,
                        "there is no token or session, or it is not good (any more)",
                        "Send a token as \"Authorization: Bearer mst_…\"; the first one is in the server's data folder.")
                .asException();
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
