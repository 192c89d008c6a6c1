package io.maestro.rest;

import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens as they cross the wire. */
final class TokenBodies {
    private static final int USUAL_DAYS = 90;

    private TokenBodies() {}

    /** Makes a token and answers with it; {@code tenant} is null for one of the installation. */
    static Response create(
            Tokens tokens, @Nullable TenantId tenant, NewToken wanted, ContainerRequestContext request, String path) {
        Tokens.NewToken made = tokens.create(
                wanted.name(),
                Set.copyOf(wanted.roles()),
                tenant,
                wanted.environment() == null ? null : new Environment(wanted.environment()),
                Duration.ofDays(wanted.lifetimeDays() == null ? USUAL_DAYS : wanted.lifetimeDays()),
                Caller.of(request).principal(),
                Caller.actor(request));
        return Response.created(URI.create(path + "/" + made.token().id()))
                .entity(new CreatedToken(TokenBody.of(made.token()), made.bearer()))
                .build();
    }

    /** Gives a token another bearer and answers with it. */
    static Response rotate(
            Tokens tokens, @Nullable TenantId tenant, String id, NewRotation wanted, ContainerRequestContext request) {
        Integer minutes = wanted.graceMinutes();
        Tokens.NewToken rotated = tokens.rotate(
                tenant,
                id,
                Duration.ofMinutes(minutes == null ? 0 : minutes),
                Tags.revision(request),
                Caller.of(request).principal(),
                Caller.actor(request));
        return Response.ok(new CreatedToken(TokenBody.of(rotated.token()), rotated.bearer()))
                .header("ETag", Tags.quoted(Long.toString(rotated.token().revision())))
                .build();
    }

    @Schema(example = "{\"graceMinutes\":60}")
    record NewRotation(@Nullable Integer graceMinutes) {}

    @Schema(
            example =
                    "{\"name\":\"build server\",\"roles\":[\"tenant_developer\"],\"environment\":\"dev\",\"lifetimeDays\":90}")
    record NewToken(
            String name,
            List<Role> roles,
            @Nullable String environment,
            @Nullable Integer lifetimeDays) {
        NewToken {
            Wire.required("/name", name);
            roles = List.copyOf(Wire.required("/roles", roles));
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
            List<Role> roles,
            @Nullable String tenant,
            @Nullable String environment,
            Instant createdAt,
            Instant expiresAt,
            @Nullable Instant lastUsedAt,
            @Nullable Instant revokedAt,
            @Nullable Instant formerUntil,
            long revision) {
        static TokenBody of(Tokens.Token token) {
            return new TokenBody(
                    token.id(),
                    token.name(),
                    List.copyOf(token.roles()),
                    token.tenant() == null ? null : token.tenant().value(),
                    token.environment() == null ? null : token.environment().value(),
                    token.createdAt(),
                    token.expiresAt(),
                    token.lastUsedAt(),
                    token.revokedAt(),
                    token.formerUntil(),
                    token.revision());
        }
    }
}
