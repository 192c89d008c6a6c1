package io.maestro.rest;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.Access.Credentials;
import io.maestro.api.identity.Access.Origin;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.net.URI;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lets nobody in without a good token or session, before any path is looked at: unknown paths cannot be probed. */
@PreMatching
@Priority(Priorities.AUTHENTICATION)
final class Authentication implements ContainerRequestFilter {
    static final String CSRF_TOKEN = "X-CSRF-Token";

    private static final Pattern OPEN = Pattern.compile(
            "branding|health/live|health/ready|login|login/callback/[0-9a-f]{16}|login/providers(?:/[a-z0-9-]{1,63})?");
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final Set<String> OURS = Set.of("same-origin", "none");
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 8 * 1024;

    private final Access access;

    Authentication(Access access) {
        this.access = access;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (READING.contains(request.getMethod())
                && OPEN.matcher(request.getUriInfo().getPath(false)).matches()) {
            return;
        }
        Origin origin = Caller.origin(request);
        Credentials shown = shown(request);
        new Caller(access.authenticate(shown, origin), origin).attach(request);
    }

    /** What a request shows to be let in. */
    static Credentials shown(ContainerRequestContext request) {
        return new Credentials(
                bearer(request.getHeaderString("Authorization")),
                Cookies.SESSION.of(request),
                request.getHeaderString(CSRF_TOKEN),
                crossSite(request));
    }

    private static @Nullable String bearer(@Nullable String header) {
        if (header == null) {
            return null;
        }
        if (header.length() > LONGEST || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            // shown, and no token: a session beside it does not count either
            return "";
        }
        return header.substring(SCHEME.length()).strip();
    }

    /** Whether the browser says that a page of another origin sent it; a program says nothing. */
    private static boolean crossSite(ContainerRequestContext request) {
        String site = request.getHeaderString("Sec-Fetch-Site");
        String origin = request.getHeaderString("Origin");
        return (site != null && !OURS.contains(site)) || (origin != null && !ours(origin, request));
    }

    /** The host that was asked for is one of ours, or the request would not have come so far. */
    private static boolean ours(String origin, ContainerRequestContext request) {
        URI base = Cookies.base(request);
        return origin.equals(base.toString())
                || origin.equals(base.getScheme() + "://" + request.getHeaderString("Host"));
    }
}
