package io.maestro.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.identity.Persons;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.api.identity.Tokens.NewToken;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PersonsTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private PostgresDatabase database;
    private Node node;
    private Persons persons;

    @BeforeEach
    void open() {
        database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password()));
        database.migrate(Identity.MIGRATIONS);
        node = new Node(database, new AtomicReference<>(Instant.parse("2026-11-20T22:00:00Z")));
        persons = new JooqMakers(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Principal admin(String id) {
        return Principal.of(id, id, Role.PLATFORM_ADMIN, null, null);
    }

    private String made(String by) {
        NewToken token = node.tokens.create(
                "t", Set.of(Role.PLATFORM_ADMIN), null, null, Duration.ofHours(1), admin(by), new Actor(by, "c"));
        return "token:" + token.token().id();
    }

    private void rotate(String token, String by) {
        var _ = node.tokens.rotate(
                null, token.substring("token:".length()), Duration.ZERO, null, admin(by), new Actor(by, "c"));
    }

    @Test
    void followsTokensToWhoeverMadeTheFirst() {
        String first = made("user:idp/ada");
        String second = made(first);

        assertThat(persons.behind(second)).isEqualTo("user:idp/ada");
        assertThat(persons.behind(first)).isEqualTo("user:idp/ada");
        assertThat(persons.behind("user:idp/ada")).isEqualTo("user:idp/ada");
        assertThat(persons.behind("token:nobody\0")).isEqualTo("token:nobody\0");
    }

    @Test
    void countsATokenAsWhoseItsNewSecretIs() {
        String token = made("user:idp/ada");

        rotate(token, "user:idp/bob");

        assertThat(persons.behind(token)).isEqualTo("user:idp/bob");
    }

    @Test
    void letsNobodyBecomeAnotherByRotatingTheirOwn() {
        String first = made("user:idp/ada");
        String second = made(first);

        rotate(first, first);
        rotate(first, second);
        rotate(second, second);

        assertThat(persons.behind(first)).isEqualTo("user:idp/ada");
        assertThat(persons.behind(second)).isEqualTo("user:idp/ada");
    }
}
