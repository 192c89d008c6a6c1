package io.maestro.identity;

import io.maestro.api.identity.AccessRules;
import io.maestro.api.identity.IdentityProblem;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Rule;
import io.maestro.api.identity.Tokens;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
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
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes and ends tokens, and sees that nobody hands out more than they have. */
final class TokenIssuer implements Tokens {
    static final Duration LONGEST_LIFETIME = Duration.ofDays(400);
    static final Duration LONGEST_GRACE = Duration.ofHours(24);

    private static final int LONGEST_NAME = 100;

    private final JooqTokens tokens;
    private final BearerCache cache;
    private final Tenants tenants;
    private final EventRecorder events;
    private final InstantSource clock;
    private final RandomGenerator random;

    TokenIssuer(
            JooqTokens tokens,
            BearerCache cache,
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
            Set<Role> roles,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Duration lifetime,
            Principal creator,
            Actor actor) {
        AccessRules.againstGrant(creator, roles, tenant, environment).ifPresent(rule -> {
            events.record(rule, creator, tenant, environment, EventRecorder.WITHIN);
            throw CallerAccess.forbidden();
        });
        checkName(name);
        checkFit(roles, tenant, environment, lifetime);
        checkExists(tenant, environment);
        Bearer bearer = Bearer.random(Bearer.Kind.TOKEN, random);
        // as PostgreSQL keeps it: what is returned now equals what is listed later
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Token token = new Token(
                bearer.id(),
                name,
                roles,
                tenant,
                environment,
                now,
                now.plus(lifetime).truncatedTo(ChronoUnit.MICROS),
                null,
                null,
                null,
                1);
        tokens.insert(new StoredToken(token, bearer.hash(), null), tenants, actor);
        return new NewToken(token, bearer.text());
    }

    @Override
    public Page<Token> tokens(@Nullable TenantId tenant, PageRequest page) {
        return tokens.list(tenant, page);
    }

    @Override
    public NewToken rotate(
            @Nullable TenantId tenant,
            String id,
            Duration grace,
            @Nullable Long revision,
            Principal rotator,
            Actor actor) {
        if (grace.isNegative() || grace.compareTo(LONGEST_GRACE) > 0) {
            throw invalid(
                    "the grace of " + grace + " is not within nothing and " + LONGEST_GRACE.toHours() + " hours",
                    "Choose a shorter one, and give its users the new bearer in time.");
        }
        Bearer bearer = Bearer.random(Bearer.Kind.TOKEN, id, random);
        Instant formerUntil = clock.instant().plus(grace).truncatedTo(ChronoUnit.MICROS);
        Token token = noting(
                tenant,
                id,
                rotator,
                () -> tokens.rotate(
                        tenant, id, bearer.hash(), formerUntil, revision, before -> covers(rotator, before), actor));
        cache.revoke(id);
        return new NewToken(token, bearer.text());
    }

    /** A token is worth its roles to whoever learns its bearer. */
    private static boolean covers(Principal rotator, Token token) {
        return AccessRules.againstGrant(rotator, token.roles(), token.tenant(), token.environment())
                .isEmpty();
    }

    @Override
    public void revoke(@Nullable TenantId tenant, String id, @Nullable Long revision, Principal revoker, Actor actor) {
        noting(tenant, id, revoker, () -> {
            tokens.revoke(tenant, id, revision, actor);
            return id;
        });
        cache.revoke(id);
    }

    /** Who reaches for a token of somebody else is told that there is none, and written down. */
    private <R> R noting(@Nullable TenantId tenant, String id, Principal caller, Supplier<R> act) {
        try {
            return act.get();
        } catch (ProblemException e) {
            if (tenant != null
                    && e.problem().code().equals(IdentityProblem.TOKEN_UNKNOWN.code())
                    && tokens.existsBeyond(tenant, id)) {
                events.record(Rule.TENANT_BOUNDARY, caller, tenant, null, EventRecorder.within("token " + id));
            }
            throw e;
        }
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
            Set<Role> roles, @Nullable TenantId tenant, @Nullable Environment environment, Duration lifetime) {
        if (roles.isEmpty()) {
            throw invalid("the token has no role", "Give it at least one.");
        }
        for (Role role : roles) {
            if (tenant == null ? !role.ofInstallation() : !role.withinTenant()) {
                throw invalid(
                        "the role " + role.name().toLowerCase(Locale.ROOT)
                                + (tenant == null ? " is one within a tenant" : " is not confined to a tenant"),
                        "Choose the role, or the place where the token is made, to fit the other.");
            }
        }
        if (environment != null && tenant == null) {
            throw invalid("an environment is one of a tenant", "Make the token in the tenant, or leave it out.");
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
