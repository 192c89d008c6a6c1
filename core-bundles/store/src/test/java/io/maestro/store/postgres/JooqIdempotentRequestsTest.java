package io.maestro.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.api.store.IdempotentRequests.Claim;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import io.maestro.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JooqIdempotentRequestsTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Digest REQUEST = new Digest("a".repeat(64));
    private static final Digest OTHER = new Digest("b".repeat(64));
    private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static PostgresDatabase database;

    private Instant now = Instant.parse("2026-05-05T05:05:05Z");
    private final JooqIdempotentRequests requests = new JooqIdempotentRequests(database, () -> now);
    private final String key = UUID.randomUUID().toString();

    @BeforeAll
    static void open() {
        database = Databases.open(POSTGRES);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Test
    void isFreshThenBusyThenDone() {
        assertThat(requests.claim("p", key, REQUEST)).isEqualTo(new Claim.Fresh());
        assertThat(requests.claim("p", key, REQUEST)).isEqualTo(new Claim.Busy());
        requests.complete("p", key, 201, "/api/things/1", BODY);
        assertThat(requests.claim("p", key, REQUEST)).isInstanceOfSatisfying(Claim.Done.class, done -> {
            assertThat(done.status()).isEqualTo(201);
            assertThat(done.location()).isEqualTo("/api/things/1");
            assertThat(done.body()).isEqualTo(BODY);
        });
    }

    @Test
    void keepsNoBodyThatHeldASecret() {
        requests.claim("p", key, REQUEST);
        requests.complete("p", key, 201, null, null);
        assertThat(requests.claim("p", key, REQUEST))
                .isInstanceOfSatisfying(
                        Claim.Done.class, done -> assertThat(done.body()).isNull());
    }

    @Test
    void refusesTheKeyForAnotherRequest() {
        requests.claim("p", key, REQUEST);
        assertThat(requests.claim("p", key, OTHER)).isEqualTo(new Claim.Reused());
        requests.complete("p", key, 200, null, BODY);
        assertThat(requests.claim("p", key, OTHER)).isEqualTo(new Claim.Reused());
    }

    @Test
    void keepsKeysOfPrincipalsApart() {
        requests.claim("p", key, REQUEST);
        assertThat(requests.claim("q", key, OTHER)).isEqualTo(new Claim.Fresh());
    }

    @Test
    void isFreshAgainAfterARelease() {
        requests.claim("p", key, REQUEST);
        requests.release("p", key);
        assertThat(requests.claim("p", key, OTHER)).isEqualTo(new Claim.Fresh());
    }

    @Test
    void doesNotReleaseWhatIsDone() {
        requests.claim("p", key, REQUEST);
        requests.complete("p", key, 200, null, BODY);
        requests.release("p", key);
        assertThat(requests.claim("p", key, REQUEST)).isInstanceOf(Claim.Done.class);
    }

    @Test
    void retakesAKeyWhoseFirstRequestDied() {
        requests.claim("p", key, REQUEST);
        now = now.plus(Duration.ofSeconds(119));
        assertThat(requests.claim("p", key, REQUEST)).isEqualTo(new Claim.Busy());
        now = now.plus(Duration.ofSeconds(2));
        assertThat(requests.claim("p", key, OTHER)).isEqualTo(new Claim.Reused());
        assertThat(requests.claim("p", key, REQUEST)).isEqualTo(new Claim.Fresh());
        assertThat(requests.claim("p", key, REQUEST)).isEqualTo(new Claim.Busy());
    }

    @Test
    void forgetsAfterADay() {
        requests.claim("p", key, REQUEST);
        requests.complete("p", key, 200, null, BODY);
        now = now.plus(Duration.ofHours(24)).minusSeconds(1);
        assertThat(requests.claim("p", key, REQUEST)).isInstanceOf(Claim.Done.class);
        now = now.plusSeconds(2);
        assertThat(requests.claim("p", key, OTHER)).isEqualTo(new Claim.Fresh());
    }

    @Test
    void removesOldRowsInPassing() {
        requests.claim("sweeper", key, REQUEST);
        now = now.plus(Duration.ofHours(25));
        requests.claim("p", key, REQUEST);
        assertThat(database.<Integer>asPlatform(
                        sql -> sql.fetchOne("select count(*) from store.idempotent_request where principal = 'sweeper'")
                                .into(Integer.class)))
                .isZero();
    }

    @Test
    void givesAKeyToExactlyOneOfManyAtOnce() throws Exception {
        for (int round = 0; round < 5; round++) {
            String contended = key + round;
            List<Future<Claim>> claims = new ArrayList<>();
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int caller = 0; caller < 8; caller++) {
                    claims.add(callers.submit(() -> requests.claim("p", contended, REQUEST)));
                }
            }
            List<Claim> got = new ArrayList<>();
            for (Future<Claim> claim : claims) {
                got.add(claim.get());
            }
            assertThat(got).filteredOn(Claim.Fresh.class::isInstance).hasSize(1);
            assertThat(got).filteredOn(Claim.Busy.class::isInstance).hasSize(7);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb", "a\0b"})
    void refusesOddKeys(String odd) {
        assertThatThrownBy(() -> requests.claim("p", odd, REQUEST))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().code()).isEqualTo("invalid-request"));
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        assertThat(requests.claim("p", "k".repeat(255), REQUEST)).isEqualTo(new Claim.Fresh());
        assertThatThrownBy(() -> requests.claim("p", "k".repeat(256), REQUEST)).isInstanceOf(ProblemException.class);
    }
}
