package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An issuer within the test, and instances over it whose time stands still until it is moved. */
abstract class ProviderFixture {
    static final String CLIENT = "maestro";

    final Jwts key = Jwts.rsa();
    private final AtomicLong millis = new AtomicLong(System.currentTimeMillis());

    private final List<AutoCloseable> opened = new ArrayList<>();

    @SuppressWarnings("NullAway.Init") // JUnit starts it first
    LocalIssuer issuer;

    @TempDir
    Path folder;

    @BeforeEach
    void startIssuer() throws Exception {
        issuer = LocalIssuer.start(key);
    }

    @AfterEach
    void closeAll() throws Exception {
        issuer.release();
        for (AutoCloseable one : opened.reversed()) {
            one.close();
        }
        issuer.close();
    }

    /** An instance with this configuration beside issuer and client id. */
    final OidcIdentityProvider open(Map<String, Object> more) {
        TestAdapterContext context = context(more);
        OidcIdentityProvider provider = OidcIdentityProvider.open(
                Settings.of(context.configuration(OidcConfiguration.class)),
                context.http(),
                this::now,
                context.logger());
        opened.add(provider);
        return provider;
    }

    /** What an instance with this configuration beside issuer and client id is opened with. */
    final TestAdapterContext context(Map<String, Object> more) {
        Map<String, Object> configuration = new HashMap<>(Map.of("issuer", issuer.issuer(), "clientId", CLIENT));
        configuration.putAll(more);
        TestAdapterContext context = new TestAdapterContext(folder, configuration);
        opened.add(context);
        return context;
    }

    final Instant now() {
        return Instant.ofEpochMilli(millis.get());
    }

    final void pass(Duration time) {
        millis.addAndGet(time.toMillis());
    }

    /** The claims of a good access token. */
    final Map<String, Object> claims() {
        return issuer.claims(CLIENT);
    }

    /** The claims of a good access token with one of another value, or without it when the value is empty. */
    final Map<String, Object> claims(String name, Object value) {
        Map<String, Object> claims = claims();
        if (value.equals("")) {
            claims.remove(name);
        } else {
            claims.put(name, value);
        }
        return claims;
    }

    final CallContext call() {
        return new CallContext("test", now().plusSeconds(60), null);
    }

    final VerifiedIdentity validate(IdentityProvider provider, String token) {
        return provider.validateToken(call(), new ValidateToken(token));
    }

    /** Expects that the token is refused for this reason, without any part of it in what is said. */
    final Problem refused(IdentityProblem code, IdentityProvider provider, String token) {
        Problem problem = refused(code, () -> validate(provider, token));
        for (String part : token.split("\\.", -1)) {
            if (part.length() > 4) {
                assertThat(problem.toString()).doesNotContain(part);
            }
        }
        return problem;
    }

    static Problem refused(IdentityProblem code, ThrowingCallable act) {
        List<Problem> problems = new ArrayList<>();
        assertThatExceptionOfType(ProblemException.class).isThrownBy(act).satisfies(refusal -> {
            assertThat(refusal.problem().code()).as(refusal.problem().detail()).isEqualTo(code.code());
            assertThat(refusal.problem().fix()).isNotBlank();
            problems.add(refusal.problem());
        });
        return problems.getFirst();
    }
}
