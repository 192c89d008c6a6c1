package io.maestro.rest;

import io.maestro.api.identity.Access;
import io.maestro.api.identity.Access.Origin;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lets nobody in without a good token, before any path is looked at: unknown paths cannot be probed. */
@PreMatching
@Priority(Priorities.AUTHENTICATION)
final class Authentication implements ContainerRequestFilter {
    private static final Set<String> OPEN = Set.of("health/live", "health/ready");
    private static final Set<String> READING = Set.of("GET", "HEAD");
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 512;

    private final Access access;

    Authentication(Access access) {
        this.access = access;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (READING.contains(request.getMethod())
                && OPEN.contains(request.getUriInfo().getPath(false))) {
            return;
        }
        Origin origin = Caller.origin(request);
        new Caller(access.authenticate(bearer(request.getHeaderString("Authorization")), origin), origin)
                .attach(request);
    }

    private static @Nullable String bearer(@Nullable String header) {
        if (header == null || header.length() > LONGEST || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        return header.substring(SCHEME.length()).strip();
    }
}
