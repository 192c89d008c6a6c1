package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSObject;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.ProblemException;
import io.maestro.testing.peers.Browser;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.Keycloak;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real Keycloak. */
final class KeycloakTest {
    private static final String VERIFIER = "a-verifier-of-tests-only-a-verifier-of-tests-only";

    private static Keycloak server;

    private TestAdapterContext context;
    private IdentityProvider provider;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = Keycloak.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open(@TempDir Path folder) {
        context = new TestAdapterContext(
                folder,
                Map.of(
                        "issuer",
                        server.issuer(),
                        "clientId",
                        Keycloak.CLIENT_ID,
                        "clientSecret",
                        Keycloak.CLIENT_SECRET,
                        "mapping",
                        Map.of(
                                "name",
                                "preferred_username",
                                "roles",
                                List.of(Map.of(
                                        "claim",
                                        Keycloak.ROLES_CLAIM,
                                        "values",
                                        Map.of(
                                                "maestro-admins",
                                                List.of("tenant_admin"),
                                                "maestro-developers",
                                                List.of("tenant_developer")))),
                                "attributes",
                                Map.of("department", "department"))));
        provider = (IdentityProvider) new IdentityOidcComponent().open(context);
    }

    @AfterEach
    void close() {
        provider.close();
        context.close();
    }

    @Test
    void realmRolesAndAttributesAreMapped() throws Exception {
        VerifiedIdentity alice = validate(server.token("alice"));
        assertThat(alice.displayName()).isEqualTo("alice");
        assertThat(alice.email()).isEqualTo("alice@example.org");
        assertThat(alice.roles()).containsExactly("tenant_admin");
        assertThat(alice.attributes()).isEqualTo(Map.of("department", List.of("finance")));
        assertThat(validate(server.token("bob")).roles()).containsExactly("tenant_developer");
        VerifiedIdentity program = validate(server.token());
        assertThat(program.displayName()).isEqualTo("service-account-maestro");
        assertThat(program.roles()).containsExactly("tenant_developer");
        assertThat(provider.health()).isEqualTo(new Health.Up());
    }

    @Test
    void personLogsInWithABrowser() throws Exception {
        URI callback = URI.create("http://127.0.0.1:39999/callback");
        URI url = provider.beginLogin(
                        Calls.call(), new BeginLogin(callback, "a-state", "a-nonce", Browser.challenge(VERIFIER)))
                .url();
        URI back = server.logIn(url, "bob");
        VerifiedIdentity bob = provider.completeLogin(
                Calls.call(),
                new CompleteLogin(
                        Browser.parameter(back, "code"),
                        callback,
                        VERIFIER,
                        "a-nonce",
                        Browser.parameter(back, "iss")));
        assertThat(bob.displayName()).isEqualTo("bob");
        assertThat(bob.roles()).containsExactly("tenant_developer");
        assertThat(bob.attributes()).isEqualTo(Map.of("department", List.of("engineering")));
    }

    @Test
    void keysRotateUnderLoadWithoutAFailedCall() throws Exception {
        String old = server.token();
        try (RotationLoad load = new RotationLoad(provider, old)) {
            load.awaitGood(100);
            server.rotate();
            load.awaitGood(50);
            String newer = server.token();
            assertThat(JWSObject.parse(newer).getHeader().getKeyID())
                    .isNotEqualTo(JWSObject.parse(old).getHeader().getKeyID());
            load.carry(newer);
            load.awaitGood(100);
            load.carry(old);
            load.awaitGood(50);
        }
    }

    @Test
    void badTokensAreRefused() throws Exception {
        Map<String, Object> claims =
                JWSObject.parse(server.token()).getPayload().toJSONObject();
        refused(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, Jwts.unsigned(claims));
        refused(IdentityProblem.TOKEN_KEY_UNKNOWN, Jwts.rsa().sign(claims));
    }

    private VerifiedIdentity validate(String token) {
        return provider.validateToken(Calls.call(), new ValidateToken(token));
    }

    private void refused(IdentityProblem code, String token) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> validate(token))
                .satisfies(refusal -> assertThat(refusal.problem().code()).isEqualTo(code.code()));
    }
}
