package io.maestro.identity;

import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.CallerProblem;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes and ends tokens, and sees that nobody hands out more than they have. */
final class TokenIssuer implements Tokens {
    static final Duration LONGEST_LIFETIME = Duration.ofDays(400);

    private static final int LONGEST_NAME = 100;

    private final JooqTokens tokens;
    private final TokenCache cache;
    private final Tenants tenants;
    private final EventRecorder events;
    private final InstantSource clock;
    private final RandomGenerator random;

    TokenIssuer(
            JooqTokens tokens,
            TokenCache cache,
            Tenants tenants,
            EventRecorder events,
            InstantSource clock,
            RandomGenerator random) {
        this.tokens = tokens;
        this.cache = cache;
        this.tenants = tenants;
        this.events = events;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public NewToken create(
            String name,
            Role role,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Duration lifetime,
            Principal creator) {
        AccessRules.againstToken(creator, role, tenant, environment).ifPresent(rule -> {
            events.record(rule, creator, tenant, environment, EventRecorder.WITHIN);
            throw TokenAccess.forbidden();
        });
        checkName(name);
        checkFit(role, tenant, environment, lifetime);
        checkExists(tenant, environment);
        Bearer bearer = Bearer.random(random);
        // as PostgreSQL keeps it: what is returned now equals what is listed later
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Token token = new Token(
                bearer.id(),
                name,
                role,
                tenant,
                environment,
                now,
                now.plus(lifetime).truncatedTo(ChronoUnit.MICROS),
                null,
                null);
        tokens.insert(new StoredToken(token, bearer.hash()), creator.id());
        return new NewToken(token, bearer.text());
    }

    @Override
    public Page<Token> tokens(@Nullable TenantId tenant, PageRequest page) {
        return tokens.list(tenant, page);
    }

    @Override
    public void revoke(@Nullable TenantId tenant, String id) {
        tokens.revoke(tenant, id);
        cache.revoke(id);
    }

    private void checkExists(@Nullable TenantId tenant, @Nullable Environment environment) {
        if (tenant == null) {
            return;
        }
        if (environment == null) {
            tenants.tenant(tenant);
        } else {
            tenants.require(new Scope(tenant, environment));
        }
    }

    private static void checkName(String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the token's name is empty, longer than " + LONGEST_NAME
                                    + " characters or has control characters",
                            "Name what the token is for, in a few words.")
                    .asException();
        }
    }

    private static void checkFit(
            Role role, @Nullable TenantId tenant, @Nullable Environment environment, Duration lifetime) {
        boolean fits = switch (role) {
            case PLATFORM_ADMIN -> tenant == null && environment == null;
            case TENANT_ADMIN, TENANT_DEVELOPER -> tenant != null;
        };
        if (!fits) {
            throw invalid(
                    role == Role.PLATFORM_ADMIN
                            ? "a platform admin is not confined to a tenant"
                            : "a role within a tenant needs the tenant",
                    "Choose the role, or the place where the token is made, to fit the other.");
        }
        if (!lifetime.isPositive() || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
            throw invalid(
                    "the lifetime " + lifetime + " is not within a moment and " + LONGEST_LIFETIME.toDays() + " days",
                    "Choose a shorter one and renew the token in time.");
        }
    }

    private static ProblemException invalid(String detail, String fix) {
        return Problem.of(IdentityProblem.TOKEN_INVALID, detail, fix).asException();
    }
}
