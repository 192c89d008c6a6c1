package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSObject;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.ProblemException;
import io.maestro.testing.peers.Browser;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.OidcProvider;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against npm's oidc-provider. */
final class OidcProviderTest {
    private static final String VERIFIER = "a-verifier-of-tests-only-a-verifier-of-tests-only";

    private static OidcProvider server;

    private TestAdapterContext context;
    private IdentityProvider provider;

    @TempDir
    Path folder;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = OidcProvider.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        context = new TestAdapterContext(folder, configuration(server));
        provider = (IdentityProvider) new IdentityOidcComponent().open(context);
    }

    @AfterEach
    void close() {
        provider.close();
        context.close();
    }

    private static Map<String, Object> configuration(OidcProvider server) {
        return new HashMap<>(Map.of(
                "issuer",
                server.issuer(),
                "clientId",
                OidcProvider.CLIENT_ID,
                "clientSecret",
                OidcProvider.CLIENT_SECRET,
                "audiences",
                List.of(OidcProvider.AUDIENCE),
                "mapping",
                Map.of(
                        "roles",
                        List.of(Map.of(
                                "claim",
                                OidcProvider.ROLES_CLAIM,
                                "values",
                                Map.of(
                                        "maestro-admins",
                                        List.of("tenant_admin"),
                                        "maestro-developers",
                                        List.of("tenant_developer")))),
                        "attributes",
                        Map.of("department", "department"))));
    }

    @Test
    void programCallsWithABearerToken() throws Exception {
        VerifiedIdentity program = validate(server.token());
        assertThat(program.subject()).isEqualTo(OidcProvider.CLIENT_ID);
        assertThat(program.roles()).containsExactly("tenant_developer");
        assertThat(program.attributes()).isEqualTo(Map.of("department", List.of("automation")));
        assertThat(program.tokenId()).isNotBlank();
        assertThat(provider.health()).isEqualTo(new Health.Up());
    }

    @Test
    void personAtACommandLineCallsWithABearerToken() throws Exception {
        VerifiedIdentity alice = validate(server.token("alice"));
        assertThat(alice.subject()).isEqualTo("alice");
        assertThat(alice.displayName()).isEqualTo("Alice Example");
        assertThat(alice.roles()).containsExactly("tenant_admin");
        assertThat(validate(server.token("bob")).roles()).containsExactly("tenant_developer");
    }

    @Test
    void personLogsInWithABrowser() throws Exception {
        URI back = logIn("bob", "a-nonce");
        assertThat(Browser.parameter(back, "state")).isEqualTo("a-state");
        CompleteLogin login = new CompleteLogin(
                Browser.parameter(back, "code"),
                server.callback(),
                VERIFIER,
                "a-nonce",
                Browser.parameter(back, "iss"));
        VerifiedIdentity bob = provider.completeLogin(Calls.call(), login);

        assertThat(bob.subject()).isEqualTo("bob");
        assertThat(bob.displayName()).isEqualTo("Bob Example");
        assertThat(bob.email()).isEqualTo("bob@example.org");
        assertThat(bob.roles()).containsExactly("tenant_developer");
        assertThat(bob.attributes()).isEqualTo(Map.of("department", List.of("engineering")));
        assertThat(bob.expiresAt()).isAfter(Instant.now());
        // a code is good once
        refused(IdentityProblem.LOGIN_CODE_REFUSED, () -> provider.completeLogin(Calls.call(), login));
        URI end = provider.endSessionUrl(Calls.call(), new EndSession(null)).url();
        assertThat(end).hasToString(server.issuer() + "/session/end?client_id=maestro");
    }

    @Test
    void codeIsWorthNothingWithoutVerifierNonceAndSecret() throws Exception {
        String code = Browser.parameter(logIn("alice", "a-nonce"), "code");
        refused(
                IdentityProblem.LOGIN_CODE_REFUSED,
                () -> provider.completeLogin(
                        Calls.call(), new CompleteLogin(code, server.callback(), VERIFIER + "x", "a-nonce", null)));
        String second = Browser.parameter(logIn("alice", "a-nonce"), "code");
        refused(
                IdentityProblem.TOKEN_NONCE_MISMATCH,
                () -> provider.completeLogin(
                        Calls.call(), new CompleteLogin(second, server.callback(), VERIFIER, "other", null)));
        String third = Browser.parameter(logIn("alice", "a-nonce"), "code");
        Map<String, Object> wrong = configuration(server);
        wrong.put("clientSecret", "another secret");
        try (TestAdapterContext other = new TestAdapterContext(folder, wrong);
                IdentityProvider impostor = (IdentityProvider) new IdentityOidcComponent().open(other)) {
            refused(
                    IdentityProblem.LOGIN_UNAVAILABLE,
                    () -> impostor.completeLogin(
                            Calls.call(), new CompleteLogin(third, server.callback(), VERIFIER, "a-nonce", null)));
        }
    }

    @Test
    void tokensByAnotherKeyAreRefused() throws Exception {
        String token = server.token();
        Map<String, Object> claims = JWSObject.parse(token).getPayload().toJSONObject();
        refused(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, () -> validate(Jwts.unsigned(claims)));
        refused(IdentityProblem.TOKEN_KEY_UNKNOWN, () -> validate(Jwts.rsa().sign(claims)));
        claims.put("sub", "root");
        refused(IdentityProblem.TOKEN_SIGNATURE_WRONG, () -> validate(Jwts.changed(token, claims)));
    }

    @Test
    void keysRotateUnderLoadWithoutAFailedCall() throws Exception {
        String old = server.token();
        try (RotationLoad load = new RotationLoad(provider, old)) {
            load.awaitGood(100);
            String id = server.rotate();
            load.awaitGood(50);
            String newer = server.token();
            assertThat(JWSObject.parse(newer).getHeader().getKeyID()).isEqualTo(id);
            load.carry(newer);
            load.awaitGood(100);
            load.carry(old);
            load.awaitGood(50);
        }
    }

    @Test
    void floodOfUnknownKeysIsNotPassedOn() throws Exception {
        Map<String, Object> claims =
                JWSObject.parse(server.token()).getPayload().toJSONObject();
        validate(server.token());
        int before = server.keyFetches();
        Jwts stranger = Jwts.rsa();
        for (int i = 0; i < 200; i++) {
            Map<String, Object> header = stranger.header();
            header.put("kid", "made-up-" + i);
            String token = stranger.sign(header, claims);
            refused(IdentityProblem.TOKEN_KEY_UNKNOWN, () -> validate(token));
        }
        // the interval of ten seconds may have passed meanwhile, on a slow machine more than once
        assertThat(server.keyFetches() - before).isBetween(1, 10);
    }

    @Test
    void knownKeysGoOnWhileTheProviderIsGone(@TempDir Path own) throws Exception {
        try (OidcProvider mortal = OidcProvider.start(own);
                TestAdapterContext other = new TestAdapterContext(own, configuration(mortal));
                IdentityProvider survivor = (IdentityProvider) new IdentityOidcComponent().open(other)) {
            String token = mortal.token();
            survivor.validateToken(Calls.call(), new ValidateToken(token));
            mortal.kill();
            survivor.validateToken(Calls.call(), new ValidateToken(token));
        }
    }

    @Test
    void shortTokensExpire(@TempDir Path own) throws Exception {
        try (OidcProvider hasty = OidcProvider.start(own, List.of(), Duration.ofSeconds(1))) {
            Map<String, Object> strict = configuration(hasty);
            strict.put("clockSkewSeconds", 0);
            try (TestAdapterContext other = new TestAdapterContext(own, strict);
                    IdentityProvider exact = (IdentityProvider) new IdentityOidcComponent().open(other)) {
                String token = hasty.token();
                Awaitility.await()
                        .untilAsserted(() -> refused(
                                IdentityProblem.TOKEN_EXPIRED,
                                () -> exact.validateToken(Calls.call(), new ValidateToken(token))));
            }
        }
    }

    private VerifiedIdentity validate(String token) {
        return provider.validateToken(Calls.call(), new ValidateToken(token));
    }

    private URI logIn(String person, String nonce) throws Exception {
        URI url = provider.beginLogin(
                        Calls.call(), new BeginLogin(server.callback(), "a-state", nonce, Browser.challenge(VERIFIER)))
                .url();
        return server.logIn(url, person);
    }

    private static void refused(IdentityProblem code, ThrowingCallable act) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(act)
                .satisfies(refusal -> assertThat(refusal.problem().code())
                        .as(refusal.problem().detail())
                        .isEqualTo(code.code()));
    }
}
