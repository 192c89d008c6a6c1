package io.maestro.rest;

import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tokens as they cross the wire. */
final class TokenBodies {
    private static final int USUAL_DAYS = 90;

    private TokenBodies() {}

    /** Makes a token and answers with it; {@code tenant} is null for one of the installation. */
    static Response create(Tokens tokens, @Nullable TenantId tenant, NewToken wanted, Principal creator, String path) {
        Tokens.NewToken made = tokens.create(
                wanted.name(),
                wanted.role(),
                tenant,
                wanted.environment() == null ? null : new Environment(wanted.environment()),
                Duration.ofDays(wanted.lifetimeDays() == null ? USUAL_DAYS : wanted.lifetimeDays()),
                creator);
        return Response.created(URI.create(path + "/" + made.token().id()))
                .entity(new CreatedToken(TokenBody.of(made.token()), made.bearer()))
                .build();
    }

    @Schema(
            example =
                    "{\"name\":\"build server\",\"role\":\"tenant_developer\",\"environment\":\"dev\",\"lifetimeDays\":90}")
    record NewToken(
            String name,
            Role role,
            @Nullable String environment,
            @Nullable Integer lifetimeDays) {
        NewToken {
            Wire.required("/name", name);
            Wire.required("/role", role);
        }
    }

    record CreatedToken(TokenBody token, String bearer) {
        @Override
        public String toString() {
            return "CreatedToken[" + token.id() + "]";
        }
    }

    record TokenBody(
            String id,
            String name,
            Role role,
            @Nullable String tenant,
            @Nullable String environment,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt) {
        static TokenBody of(Tokens.Token token) {
            return new TokenBody(
                    token.id(),
                    token.name(),
                    token.role(),
                    token.tenant() == null ? null : token.tenant().value(),
                    token.environment() == null ? null : token.environment().value(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.lastUsedAt(),
                    token.revokedAt());
        }
    }
}
