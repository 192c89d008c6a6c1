package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.testing.peers.LocalIssuer;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims that come from the userinfo endpoint. */
final class UserClaimsTest extends ProviderFixture {
    private static final URI CALLBACK = URI.create("https://maestro.example.org/login/callback");
    private static final String ACCESS = "an-access-token-of-tests";
    private static final Map<String, Object> MAPPED = Map.of(
            "userinfo",
            true,
            "mapping",
            Map.of(
                    "roles",
                    List.of(Map.of("claim", "groups", "values", Map.of("admins", List.of("tenant_admin")))),
                    "attributes",
                    Map.of("department", "department")));

    @BeforeEach
    void publish() {
        issuer.publishMetadata(Map.of("userinfo_endpoint", issuer.issuer() + "/me"));
        grant(Map.of(), ACCESS);
    }

    @Test
    void fillsInWhatTheIdTokenDoesNotHave() {
        tells(Map.of(
                "sub",
                "alice",
                "name",
                "Alice",
                "email",
                "alice@example.org",
                "groups",
                List.of("admins"),
                "department",
                "law"));
        VerifiedIdentity alice = complete(open(MAPPED));

        assertThat(alice.displayName()).isEqualTo("Alice");
        assertThat(alice.email()).isEqualTo("alice@example.org");
        assertThat(alice.roles()).containsExactly("tenant_admin");
        assertThat(alice.attributes()).containsEntry("department", List.of("law"));
        assertThat(issuer.authorization("/me")).isEqualTo("Bearer " + ACCESS);
    }

    @Test
    void idTokenGoesBeforeIt() {
        grant(Map.of("name", "Alice of the token", "groups", List.of()), ACCESS);
        tells(Map.of(
                "sub",
                "alice",
                "name",
                "Somebody",
                "groups",
                List.of("admins"),
                "exp",
                1,
                "iss",
                "https://evil.example.org"));
        VerifiedIdentity alice = complete(open(MAPPED));

        assertThat(alice.displayName()).isEqualTo("Alice of the token");
        assertThat(alice.roles()).isEmpty();
        assertThat(alice.issuer()).isEqualTo(issuer.issuer());
        assertThat(alice.expiresAt()).isAfter(now());
    }

    @Test
    void addressThatEitherCallsUnverifiedDoesNotCount() {
        grant(Map.of("email_verified", true), ACCESS);
        tells(Map.of("sub", "alice", "email", "boss@example.org", "email_verified", false));
        assertThat(complete(open(MAPPED)).email()).isNull();
        tells(Map.of("sub", "alice", "email", "boss@example.org", "email_verified", "false"));
        assertThat(complete(open(MAPPED)).email()).as("told as a text").isNull();

        grant(Map.of("email", "boss@example.org", "email_verified", false), ACCESS);
        tells(Map.of("sub", "alice", "email_verified", true));
        assertThat(complete(open(MAPPED)).email()).isNull();
    }

    @Test
    void ofAnotherPersonItRefusesTheLogin() {
        tells(Map.of("sub", "bob", "groups", List.of("admins")));
        IdentityProvider provider = open(MAPPED);
        Problem problem = refused(IdentityProblem.TOKEN_NONCE_MISMATCH, () -> complete(provider));
        assertThat(problem.toString()).doesNotContain("bob", ACCESS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "eyJhbGciOiJSUzI1NiJ9.e30.AAAA", "{\"sub\":7}", "{\"sub\":\"\"}"})
    void whatIsNoUserinfoRefusesTheLogin(String body) {
        issuer.answer("/me", 200, body);
        IdentityProvider provider = open(MAPPED);
        assertThatThrownBy(() -> complete(provider))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().category()).isNotEqualTo(ProblemCategory.EXTERNAL));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 403, 404, 429, 500})
    void noAnswerOfItCountsAgainstTheInstance(int status) {
        issuer.answer("/me", status, "{\"sub\":\"alice\"}");
        IdentityProvider provider = open(MAPPED);
        Problem problem = refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
        assertThat(problem.category()).isEqualTo(ProblemCategory.POLICY_OR_LIMIT);
        assertThat(problem.retry() instanceof Retry.After).isEqualTo(status == 429 || status == 500);
        assertThat(problem.toString()).doesNotContain(ACCESS);
    }

    @Test
    void tooMuchOfItRefusesTheLogin() {
        issuer.answer("/me", 200, "{\"sub\":\"alice\",\"x\":\"" + "x".repeat(Connection.LARGEST_ANSWER) + "\"}");
        IdentityProvider provider = open(MAPPED);
        refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
    }

    @Test
    void withoutAnAccessTokenNobodyIsAsked() {
        grant(Map.of(), null);
        IdentityProvider provider = open(MAPPED);
        refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
        assertThat(issuer.requests("/me")).isZero();
    }

    @Test
    void isNotAskedUnlessItIsWanted() {
        assertThat(complete(open(Map.of())).subject()).isEqualTo("alice");
        assertThat(issuer.requests("/me")).isZero();
    }

    @Test
    void accessTokenGoesToNoOtherHostUnlessThatIsConfigured() throws Exception {
        try (LocalIssuer other = LocalIssuer.start()) {
            issuer.publishMetadata(Map.of("userinfo_endpoint", other.issuer() + "/me"));
            other.answer("/me", 200, Json.text(Map.of("sub", "alice", "name", "Alice")));
            IdentityProvider unaware = open(MAPPED);
            assertThatThrownBy(() -> complete(unaware)).isInstanceOf(ProblemException.class);
            assertThat(other.requests("/me")).isZero();

            Map<String, Object> aware = new HashMap<>(MAPPED);
            aware.put("userinfoUrl", other.issuer() + "/me");
            assertThat(complete(open(aware)).displayName()).isEqualTo("Alice");
        }
    }

    private void grant(Map<String, Object> more, @Nullable String accessToken) {
        Map<String, Object> claims = claims("nonce", "nonce");
        claims.putAll(more);
        Map<String, Object> header = key.header();
        header.put("typ", "JWT");
        Map<String, Object> answer = new HashMap<>(Map.of("id_token", key.sign(header, claims)));
        if (accessToken != null) {
            answer.put("access_token", accessToken);
        }
        issuer.answer("/token", 200, Json.text(answer));
    }

    private void tells(Map<String, Object> claims) {
        issuer.answer("/me", 200, Json.text(claims));
    }

    private VerifiedIdentity complete(IdentityProvider provider) {
        return provider.completeLogin(
                call(),
                new CompleteLogin(
                        "the-code", CALLBACK, "a-verifier-of-tests-only-a-verifier-of-tests-only", "nonce", null));
    }
}
