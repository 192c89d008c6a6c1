package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** How often the provider is asked, and what happens when it does not answer. */
final class KeysTest extends ProviderFixture {
    private static final String METADATA = "/.well-known/openid-configuration";

    @Test
    void manyCallsNeedOneFetch() throws Exception {
        IdentityProvider provider = open(Map.of());
        issuer.stall();
        List<Future<VerifiedIdentity>> calls = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 50)
                    .forEach(i -> calls.add(executor.submit(() -> validate(provider, key.sign(claims())))));
            Awaitility.await().until(() -> issuer.requests(METADATA) == 1);
            issuer.release();
            for (Future<VerifiedIdentity> call : calls) {
                assertThat(call.get().subject()).isEqualTo("alice");
            }
        }
        assertThat(issuer.keyFetches()).isEqualTo(1);
        assertThat(issuer.requests(METADATA)).isEqualTo(1);
    }

    @Test
    void floodOfUnknownKeysCausesOneFetchPerInterval() {
        IdentityProvider provider = open(Map.of("jwksRefreshSeconds", 10));
        validate(provider, key.sign(claims()));
        int before = issuer.keyFetches();
        for (int interval = 1; interval <= 3; interval++) {
            for (int i = 0; i < 100; i++) {
                Map<String, Object> header = key.header();
                header.put("kid", "made-up-" + i);
                Problem problem = refused(IdentityProblem.TOKEN_KEY_UNKNOWN, provider, key.sign(header, claims()));
                assertThat(problem.retry()).isInstanceOf(Retry.After.class);
                validate(provider, key.sign(claims()));
            }
            assertThat(issuer.keyFetches() - before).isEqualTo(interval);
            pass(Duration.ofSeconds(10));
        }
    }

    @Test
    void tokenThatCouldNotBeGoodCausesNoFetch() {
        IdentityProvider provider = open(Map.of());
        Jwts stranger = Jwts.rsa();
        long past = now().getEpochSecond() - 3_600;
        refused(IdentityProblem.TOKEN_EXPIRED, provider, stranger.sign(claims("exp", past)));
        refused(
                IdentityProblem.TOKEN_ISSUER_WRONG,
                provider,
                stranger.sign(claims("iss", "https://other.example.org")));
        refused(IdentityProblem.TOKEN_AUDIENCE_WRONG, provider, stranger.sign(claims("aud", "other")));
        assertThat(issuer.keyFetches()).isZero();
    }

    @Test
    void newKeyIsKnownAtOnceAndTheOldOneGoesOn() {
        IdentityProvider provider = open(Map.of());
        validate(provider, key.sign(claims()));
        Jwts next = Jwts.rsa();
        issuer.publish(next, key);
        assertThat(validate(provider, next.sign(claims())).subject()).isEqualTo("alice");
        assertThat(validate(provider, key.sign(claims())).subject()).isEqualTo("alice");
        assertThat(issuer.keyFetches()).isEqualTo(2);
    }

    @Test
    void retiredKeyIsForgotten() {
        IdentityProvider provider = open(Map.of());
        validate(provider, key.sign(claims()));
        Jwts next = Jwts.rsa();
        issuer.publish(next);
        validate(provider, next.sign(claims()));
        pass(Duration.ofSeconds(10));
        refused(IdentityProblem.TOKEN_KEY_UNKNOWN, provider, key.sign(claims()));
    }

    @Test
    void nobodyWhomTheOldKeysSufficeWaitsForTheNewOnes() throws Exception {
        IdentityProvider provider = open(Map.of());
        validate(provider, key.sign(claims()));
        Jwts next = Jwts.rsa();
        issuer.publish(next, key);
        issuer.stall();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<VerifiedIdentity>> waiting = IntStream.range(0, 20)
                    .mapToObj(i -> executor.submit(() -> validate(provider, next.sign(claims()))))
                    .toList();
            Awaitility.await().until(() -> issuer.keyFetches() == 2);
            for (int i = 0; i < 20; i++) {
                validate(provider, key.sign(claims()));
            }
            assertThat(waiting).noneMatch(Future::isDone);
            issuer.release();
            for (Future<VerifiedIdentity> call : waiting) {
                assertThat(call.get().subject()).isEqualTo("alice");
            }
        }
        assertThat(issuer.keyFetches()).isEqualTo(2);
    }

    @Test
    void agedKeysAreFetchedAnewWhileTheyGoOn() {
        IdentityProvider provider = open(Map.of());
        validate(provider, key.sign(claims()));
        pass(Duration.ofMinutes(6));
        issuer.stall();
        String token = key.sign(claims("exp", now().getEpochSecond() + 60));
        assertThat(validate(provider, token).subject()).isEqualTo("alice");
        issuer.release();
        Awaitility.await().until(() -> issuer.keyFetches() == 2);
        assertThat(validate(provider, token).subject()).isEqualTo("alice");
        assertThat(issuer.keyFetches()).isEqualTo(2);
    }

    @Test
    void knownKeysGoOnWhenTheProviderIsDown() throws Exception {
        IdentityProvider provider = open(Map.of());
        validate(provider, key.sign(claims()));
        issuer.stop();
        pass(Duration.ofSeconds(280));
        assertThat(validate(provider, key.sign(claims())).subject()).isEqualTo("alice");
        assertThat(provider.health()).isInstanceOf(Health.Degraded.class);
        refused(IdentityProblem.TOKEN_KEY_UNKNOWN, provider, Jwts.rsa().sign(claims()));
        issuer.restart();
        pass(Duration.ofSeconds(10));
        assertThat(provider.health()).isEqualTo(new Health.Up());
    }

    @Test
    void withoutAnyKeyTheProviderIsUnreachableAndAskedOncePerInterval() throws Exception {
        issuer.answer("/jwks", 503, "{}");
        IdentityProvider provider = open(Map.of());
        for (int i = 0; i < 20; i++) {
            Problem problem = refused(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, provider, key.sign(claims()));
            assertThat(problem.retry()).isInstanceOf(Retry.After.class);
        }
        assertThat(provider.health()).isInstanceOf(Health.Down.class);
        assertThat(issuer.keyFetches()).isEqualTo(1);
        issuer.publish(key);
        pass(Duration.ofSeconds(10));
        assertThat(validate(provider, key.sign(claims())).subject()).isEqualTo("alice");
        assertThat(provider.health()).isEqualTo(new Health.Up());
    }

    @Test
    void refusedConnectionIsRetryable() throws Exception {
        issuer.stop();
        IdentityProvider provider = open(Map.of());
        Problem problem = refused(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, provider, key.sign(claims()));
        assertThat(problem.retry()).isInstanceOf(Retry.After.class);
        assertThat(provider.health()).isInstanceOf(Health.Down.class);
    }

    @Test
    void callEndsAtItsDeadlineAndTheFetchGoesOn() {
        IdentityProvider provider = open(Map.of());
        issuer.stall();
        String token = key.sign(claims());
        refused(
                IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE,
                () -> provider.validateToken(
                        new CallContext("test", now().plusMillis(50), null), new ValidateToken(token)));
        issuer.release();
        Awaitility.await().until(() -> issuer.keyFetches() == 1);
        assertThat(validate(provider, token).subject()).isEqualTo("alice");
        assertThat(issuer.keyFetches()).isEqualTo(1);
    }

    @Test
    void metadataOfAnotherIssuerIsRefused() {
        for (String other : List.of(issuer.issuer() + "/", "https://evil.example.org", "")) {
            issuer.publishMetadata(Map.of("issuer", other));
            refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(Map.of()), key.sign(claims()));
        }
    }

    @Test
    void keysAtAnotherHostHaveToBeConfigured() throws Exception {
        try (LocalIssuer other = LocalIssuer.start(key)) {
            issuer.publishMetadata(Map.of("jwks_uri", other.issuer() + "/jwks"));
            Problem problem =
                    refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(Map.of()), key.sign(claims()));
            assertThat(problem.fix()).contains(other.issuer() + "/jwks");
            assertThat(other.keyFetches()).isZero();

            IdentityProvider provider = open(Map.of("jwksUrl", other.issuer() + "/jwks"));
            assertThat(validate(provider, key.sign(claims())).subject()).isEqualTo("alice");
        }
    }

    @Test
    void unsafeAddressesAreRefused() {
        for (String address :
                List.of("http://keys.example.org/jwks", "ftp://127.0.0.1/", "file:///etc", "no address")) {
            issuer.publishMetadata(Map.of("jwks_uri", address));
            refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(Map.of()), key.sign(claims()));
        }
        for (String property : List.of("issuer", "jwksUrl", "tokenUrl")) {
            refused(
                    IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED,
                    () -> open(Map.of(property, "http://login.example.org")));
        }
    }

    @Test
    void largeAndOddAnswersAreRefused() {
        issuer.answer("/jwks", 200, "{\"keys\":[],\"x\":\"" + "x".repeat(300_000) + "\"}");
        refused(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE, open(Map.of()), key.sign(claims()));
        for (String odd : List.of("[]", "", "{}", "{\"keys\":1}", "<html>", "{\"keys\":[1]}")) {
            issuer.answer("/jwks", 200, odd);
            refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(Map.of()), key.sign(claims()));
        }
        issuer.answer("/jwks", 200, Json.text(Map.of("keys", Collections.nCopies(101, Map.of("kty", "oct")))));
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(Map.of()), key.sign(claims()));
        issuer.answer("/jwks", 404, "{}");
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(Map.of()), key.sign(claims()));
        issuer.answer("/jwks", 302, "{}");
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, open(Map.of()), key.sign(claims()));
    }

    @Test
    void closingEndsThoseWhoWait() throws Exception {
        OidcIdentityProvider provider = open(Map.of());
        issuer.stall();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting =
                    executor.submit(() -> refused(IdentityProblem.IDENTITY_CLOSED, provider, key.sign(claims())));
            Awaitility.await().until(() -> issuer.requests(METADATA) == 1);
            provider.close();
            waiting.get();
        }
    }
}
