package io.maestro.rest;

import io.maestro.api.identity.Role;
import io.maestro.api.identity.Sessions.Session;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session as it crosses the wire. */
record SessionBody(
        String id,
        @Nullable String tenant,
        String provider,
        String principal,
        String name,
        List<Role> roles,
        Instant createdAt,
        Instant lastUsedAt,
        Instant expiresAt) {
    static SessionBody of(Session session) {
        return new SessionBody(
                session.id(),
                session.tenant() == null ? null : session.tenant().value(),
                session.provider().value(),
                session.principal(),
                session.name(),
                List.copyOf(session.roles()),
                session.createdAt(),
                session.lastUsedAt(),
                session.expiresAt());
    }
}
