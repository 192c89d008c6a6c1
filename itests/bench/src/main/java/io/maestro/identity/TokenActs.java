package io.maestro.identity;

import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.Token;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import io.maestro.tenancy.TenantsComponent;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Two acts as the product does them: a token is issued, and a token is given another bearer. Any thread. */
public final class TokenActs {
    private static final TenantId TENANT = new TenantId("acts");

    private final JooqTokens tokens;
    private final Tenants tenants;
    private final RandomGenerator random = new SecureRandom();

    /** On this database, which may keep facts or not. */
    public TokenActs(Database database) {
        database.migrate(Identity.MIGRATIONS);
        this.tokens = new JooqTokens(database, InstantSource.system());
        this.tenants = new TenantsComponent(database);
        if (tenants.tenants(PageRequest.first()).items().isEmpty()) {
            tenants.create(TENANT, "Acts", Actor.system("bench"));
        }
    }

    /** Issues a token and returns its id. */
    public String issue(Actor actor) {
        Bearer bearer = Bearer.random(Bearer.Kind.TOKEN, random);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        Token token = new Token(
                bearer.id(),
                "bench",
                Set.of(Role.TENANT_ADMIN),
                TENANT,
                null,
                now,
                now.plus(Duration.ofDays(1)),
                null,
                null,
                null,
                1);
        tokens.insert(new StoredToken(token, bearer.hash(), null), tenants, actor);
        return bearer.id();
    }

    /** Gives a token another bearer. */
    public void rotate(String id, Actor actor) {
        Bearer bearer = Bearer.random(Bearer.Kind.TOKEN, random);
        tokens.rotate(TENANT, id, bearer.hash(), Instant.now().plusSeconds(60), null, token -> true, actor);
    }
}
