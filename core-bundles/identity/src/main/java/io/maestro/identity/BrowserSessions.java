package io.maestro.identity;

import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.Sessions;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Logs people in by the code flow with PKCE, and ends their sessions. */
final class BrowserSessions implements Sessions {
    /** A path of ours: no scheme, no host, nothing that a browser would read as one. */
    private static final Pattern PATH = Pattern.compile("/(?![/\\\\])[A-Za-z0-9._~!$&'()*+,;=:@%/?#-]{0,510}");

    private final JooqSessions rows;
    private final ProviderIndex index;
    private final ProviderCalls calls;
    private final BearerCache cache;
    private final LoginSeal seal;
    private final EventRecorder events;
    private final InstantSource clock;
    private final RandomGenerator random;

    BrowserSessions(
            JooqSessions rows,
            ProviderIndex index,
            ProviderCalls calls,
            BearerCache cache,
            LoginSeal seal,
            EventRecorder events,
            InstantSource clock,
            RandomGenerator random) {
        this.rows = rows;
        this.index = index;
        this.calls = calls;
        this.cache = cache;
        this.seal = seal;
        this.events = events;
        this.clock = clock;
        this.random = random;
    }

    /** Follows from the cookie, which no other site can read, and says nothing of it. */
    static String csrfToken(String cookie) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Digest.sha256("csrf:" + cookie).bytes());
    }

    @Override
    public Begun begin(@Nullable TenantId tenant, ProviderName provider, String returnTo, URI callbacks) {
        if (!isPath(returnTo)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "returnTo is not a path of this server",
                            "Name a path like /console, of at most 511 characters.")
                    .asException();
        }
        ProviderDesk desk = index.byName(tenant, provider)
                .filter(BrowserSessions::offersLogin)
                .orElseThrow(() -> JooqProviders.unknown(provider));
        LoginSeal.Login login = LoginSeal.Login.begin(desk.id(), returnTo, random);
        URI callback = desk.provider().redirectUri(callbacks);
        URI address = desk.login(() -> calls.begin(desk.provider(), login, callback, "-"));
        return new Begun(address, seal.seal(login));
    }

    @Override
    public Completed complete(Return back, URI callbacks, Origin origin) {
        LoginSeal.Login login = seal.open(back.cookie())
                .filter(begun -> back.state() != null && Bearer.same(begun.state(), back.state()))
                .orElseThrow(() -> refused("this browser did not begin it, or too long ago", origin));
        ProviderDesk desk = index.byId(login.provider())
                .filter(BrowserSessions::offersLogin)
                .orElseThrow(() -> refused("nobody can log in at its identity provider any more", origin));
        IdentityProvider provider = desk.provider();
        String issuer = back.issuer();
        // one provider that sends browsers on to another must not get hold of the other's code, nor pass it off as its
        // own
        if (!back.provider().equals(login.provider())
                || (issuer != null && !issuer.equals(provider.description().issuer()))) {
            throw refused("it comes back from another identity provider than it was sent to", origin);
        }
        String code = back.code();
        if (code == null || back.error() != null) {
            throw refused("the identity provider did not let you in", origin);
        }
        URI callback = provider.redirectUri(callbacks);
        Verdict verdict = desk.login(
                () -> calls.complete(desk.provider(), login, code, issuer, callback, origin.correlationId()));
        return switch (verdict) {
            case Verdict.Verified verified
            when verified.issuer().equals(provider.description().issuer()) -> begin(desk, login, verified, origin);
            case Verdict ignored -> throw refused("the identity provider does not confirm it", origin);
        };
    }

    private Completed begin(ProviderDesk desk, LoginSeal.Login login, Verdict.Verified verified, Origin origin) {
        Bearer bearer = Bearer.random(Bearer.Kind.SESSION, random);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        IdentityProvider provider = desk.provider();
        Session session = new Session(
                bearer.id(),
                provider.tenant(),
                provider.name(),
                Vouching.id(provider.name(), verified.subject()),
                verified.displayName(),
                Vouching.granted(provider, verified.roles()),
                now,
                now,
                now.plus(StoredSession.LONGEST));
        Actor actor = new Actor(session.principal(), origin.correlationId());
        if (!rows.insert(session, provider, verified.attributes(), bearer.hash(), actor)) {
            // this node may be the one that does not know yet
            index.reload();
            throw refused("its identity provider was changed meanwhile", origin);
        }
        return new Completed(bearer.text(), session, login.returnTo());
    }

    @Override
    public Own own(@Nullable String cookie) {
        StoredSession found = running(cookie);
        return new Own(found.session(), csrfToken(String.valueOf(cookie)));
    }

    @Override
    public void logout(@Nullable String cookie, Actor actor) {
        Session session = running(cookie).session();
        rows.end(session.tenant(), session.id(), actor);
        cache.revoke(session.id());
    }

    private StoredSession running(@Nullable String cookie) {
        return Bearer.parse(Bearer.Kind.SESSION, cookie)
                .flatMap(bearer -> rows.find(bearer.id())
                        .filter(found -> found.matches(bearer.hash()) && found.goodAt(bearer.hash(), clock.instant())))
                .orElseThrow(JooqSessions::unknown);
    }

    @Override
    public Page<Session> sessions(@Nullable TenantId tenant, PageRequest page) {
        return rows.list(tenant, page);
    }

    @Override
    public void end(@Nullable TenantId tenant, String id, Principal ender, Actor actor) {
        try {
            rows.end(tenant, id, actor);
        } catch (ProblemException e) {
            if (tenant != null
                    && e.problem().code().equals(IdentityProblem.SESSION_UNKNOWN.code())
                    && rows.existsBeyond(tenant, id)) {
                events.record(Rule.TENANT_BOUNDARY, ender, tenant, null, EventRecorder.within("session " + id));
            }
            throw e;
        }
        cache.revoke(id);
    }

    /** Also what the pattern takes may be no address, and then the browser could not be sent there after all. */
    private static boolean isPath(String returnTo) {
        try {
            return PATH.matcher(returnTo).matches() && new URI(returnTo).getRawAuthority() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static boolean offersLogin(ProviderDesk desk) {
        return desk.provider().settings().enabled()
                && desk.provider().description().login();
    }

    private ProblemException refused(String why, Origin origin) {
        events.record(Rule.LOGIN, null, null, null, origin);
        return Problem.of(
                        IdentityProblem.LOGIN_REFUSED,
                        "the login is not accepted: " + why,
                        "Log in again from the start.")
                .asException();
    }
}
