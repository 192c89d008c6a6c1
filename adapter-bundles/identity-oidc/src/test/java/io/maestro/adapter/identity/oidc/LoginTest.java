package io.maestro.adapter.identity.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.adapter.spi.identity.BeginLogin;
import io.maestro.adapter.spi.identity.CompleteLogin;
import io.maestro.adapter.spi.identity.EndSession;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.testing.peers.Browser;
import io.maestro.testing.peers.Jwts;
import io.maestro.testing.peers.LocalIssuer;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LoginTest extends ProviderFixture {
    private static final URI CALLBACK = URI.create("https://maestro.example.org/login/callback");
    private static final String VERIFIER = "a-verifier-of-tests-only-a-verifier-of-tests-only";
    private static final String CODE = "the-code-of-this-login";
    private static final String SECRET = "the-client-secret-&-more";

    @Test
    void beginsWithPkceStateAndNonce() {
        URI url = open(Map.of("scopes", List.of("openid", "groups")))
                .beginLogin(call(), new BeginLogin(CALLBACK, "st&te", "nonce", Browser.challenge(VERIFIER)))
                .url();

        assertThat(url.toString()).startsWith(issuer.issuer() + "/auth?response_type=code&");
        assertThat(Browser.parameter(url, "client_id")).isEqualTo(CLIENT);
        assertThat(Browser.parameter(url, "redirect_uri")).isEqualTo(CALLBACK.toString());
        assertThat(Browser.parameter(url, "scope")).isEqualTo("openid groups");
        assertThat(Browser.parameter(url, "state")).isEqualTo("st&te");
        assertThat(Browser.parameter(url, "nonce")).isEqualTo("nonce");
        assertThat(Browser.parameter(url, "code_challenge")).isEqualTo(Browser.challenge(VERIFIER));
        assertThat(Browser.parameter(url, "code_challenge_method")).isEqualTo("S256");
    }

    @Test
    void redeemsTheCodeWithVerifierAndSecret() {
        answerWith(signed(idToken("nonce", "nonce")), null);
        VerifiedIdentity identity = complete(open(Map.of("clientSecret", SECRET)));

        assertThat(identity.subject()).isEqualTo("alice");
        LocalIssuer.Request sent = issuer.lastPosted();
        assertThat(sent.body())
                .contains("grant_type=authorization_code", "code=" + CODE, "code_verifier=" + VERIFIER)
                .doesNotContain("client_secret");
        assertThat(new String(Base64.getDecoder().decode(sent.authorization().substring("Basic ".length())), UTF_8))
                .isEqualTo("maestro:the-client-secret-%26-more");
    }

    @Test
    void takesANewClientSecretWithoutFetchingAnythingAnew() {
        answerWith(signed(idToken("nonce", "nonce")), null);
        issuer.publishMetadata(Map.of("token_endpoint_auth_methods_supported", List.of("client_secret_post")));
        OidcIdentityProvider provider = open(Map.of("clientSecret", SECRET));
        complete(provider);
        int fetched = issuer.requests("/jwks") + issuer.requests("/.well-known/openid-configuration");

        provider.secretsChanged(context(Map.of("clientSecret", "the-next-secret")));

        complete(provider);
        assertThat(issuer.lastPosted().body()).contains("client_secret=the-next-secret");
        assertThat(issuer.requests("/jwks") + issuer.requests("/.well-known/openid-configuration"))
                .isEqualTo(fetched);
    }

    @Test
    void authenticatesAsTheProviderLikesIt() {
        answerWith(signed(idToken("nonce", "nonce")), null);
        issuer.publishMetadata(Map.of("token_endpoint_auth_methods_supported", List.of("client_secret_post")));
        complete(open(Map.of("clientSecret", SECRET)));
        assertThat(issuer.lastPosted().body())
                .contains("client_id=maestro", "client_secret=the-client-secret-%26-more");
        assertThat(issuer.lastPosted().authorization()).isEmpty();

        complete(open(Map.of()));
        assertThat(issuer.lastPosted().body()).contains("client_id=maestro").doesNotContain("client_secret");

        issuer.publishMetadata(Map.of("token_endpoint_auth_methods_supported", List.of("private_key_jwt")));
        IdentityProvider neither = open(Map.of("clientSecret", SECRET));
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, () -> complete(neither));
    }

    @Test
    void idTokenHasToBeOfThisLogin() {
        refusedIdToken(IdentityProblem.TOKEN_NONCE_MISMATCH, signed(idToken("nonce", "other")));
        refusedIdToken(IdentityProblem.TOKEN_NONCE_MISMATCH, signed(idToken("nonce", "")));
    }

    @Test
    void idTokenHasToBeForThisClient() {
        refusedIdToken(IdentityProblem.TOKEN_AUDIENCE_WRONG, signed(idToken("aud", "other")));
        refusedIdToken(IdentityProblem.TOKEN_AUDIENCE_WRONG, signed(idToken("azp", "other")));
        refusedIdToken(IdentityProblem.TOKEN_AUDIENCE_WRONG, signed(idToken("aud", List.of(CLIENT, "other"))));
        Map<String, Object> shared = idToken("aud", List.of(CLIENT, "other"));
        shared.put("azp", CLIENT);
        answerWith(signed(shared), null);
        assertThat(complete(open(Map.of())).subject()).isEqualTo("alice");
    }

    @Test
    void audiencesOfBearerTokensDoNotCountForIdTokens() {
        answerWith(signed(idToken("aud", "api")), null);
        IdentityProvider provider = open(Map.of("audiences", List.of("api")));
        refused(IdentityProblem.TOKEN_AUDIENCE_WRONG, () -> complete(provider));
    }

    @Test
    void idTokenIsVerifiedAsAnyOther() {
        long now = now().getEpochSecond();
        refusedIdToken(IdentityProblem.TOKEN_EXPIRED, signed(idToken("exp", now - 31)));
        refusedIdToken(IdentityProblem.TOKEN_NOT_YET_VALID, signed(idToken("iat", now + 31)));
        refusedIdToken(IdentityProblem.TOKEN_ISSUER_WRONG, signed(idToken("iss", "https://evil.example.org")));
        refusedIdToken(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, Jwts.unsigned(idToken("nonce", "nonce")));
        refusedIdToken(IdentityProblem.TOKEN_KEY_UNKNOWN, Jwts.rsa().sign(idHeader(Jwts.rsa()), idToken("a", "b")));
        // its header says that it is an access token
        refusedIdToken(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, key.sign(idToken("nonce", "nonce")));
    }

    @Test
    void hashOfTheAccessTokenHasToFit() throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("access".getBytes(UTF_8));
        String good = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, 16));
        answerWith(signed(idToken("at_hash", good)), "access");
        assertThat(complete(open(Map.of())).subject()).isEqualTo("alice");
        answerWith(signed(idToken("at_hash", good)), "another");
        IdentityProvider provider = open(Map.of());
        refused(IdentityProblem.TOKEN_SIGNATURE_WRONG, () -> complete(provider));
        answerWith(signed(idToken("at_hash", good)), null);
        refused(IdentityProblem.TOKEN_SIGNATURE_WRONG, () -> complete(provider));
    }

    @Test
    void saysWhoseFaultARefusalIs() {
        IdentityProvider provider = open(Map.of("clientSecret", SECRET));
        answer(400, "{\"error\":\"invalid_grant\",\"error_description\":\"" + CODE + "\"}");
        Problem refused = refused(IdentityProblem.LOGIN_CODE_REFUSED, () -> complete(provider));
        assertThat(refused.toString()).doesNotContain(CODE, VERIFIER, SECRET);
        answer(401, "{\"error\":\"invalid_client\"}");
        assertThat(refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider))
                        .detail())
                .contains("credentials");
        answer(401, "");
        refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
        answer(500, "oops");
        Problem down = refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
        assertThat(down.retry()).isInstanceOf(Retry.After.class);
        answer(200, "{\"access_token\":\"only\"}");
        refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
        answer(200, "no json");
        refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
    }

    /** What is external opens the circuit breaker of the instance, and then its tokens are not validated either. */
    @ParameterizedTest
    @ValueSource(ints = {200, 400, 401, 403, 404, 429, 500, 503})
    void noAnswerToACodeCountsAgainstTheInstance(int status) {
        IdentityProvider provider = open(Map.of());
        answer(status, "{}");
        assertThatThrownBy(() -> complete(provider))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().category()).isEqualTo(ProblemCategory.POLICY_OR_LIMIT));
    }

    @Test
    void troubleWithLoginsDoesNotCountOnceKeysAreKnown() {
        issuer.publishMetadata(Map.of("token_endpoint", "https://elsewhere.example.org/token"));
        IdentityProvider provider = open(Map.of());
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, () -> complete(provider));
        validate(provider, key.sign(claims()));
        Problem problem = refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
        assertThat(problem.fix()).contains("https://elsewhere.example.org/token");
    }

    @Test
    void codeIsTriedOnce() {
        answer(503, "{}");
        IdentityProvider provider = open(Map.of());
        refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> complete(provider));
        assertThat(issuer.requests("/token")).isEqualTo(1);
    }

    @Test
    void callbackOfAnotherIssuerRedeemsNothing() {
        IdentityProvider provider = open(Map.of());
        refused(
                IdentityProblem.TOKEN_ISSUER_WRONG,
                () -> provider.completeLogin(
                        call(), new CompleteLogin(CODE, CALLBACK, VERIFIER, "nonce", "https://evil.example.org")));
        assertThat(issuer.requests("/token")).isZero();
    }

    @Test
    void tokenEndpointAtAnotherHostHasToBeConfigured() throws Exception {
        try (LocalIssuer other = LocalIssuer.start()) {
            issuer.publishMetadata(Map.of("token_endpoint", other.issuer() + "/token"));
            IdentityProvider unaware = open(Map.of());
            Problem problem = refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, () -> complete(unaware));
            assertThat(problem.fix()).contains(other.issuer() + "/token");
            assertThat(other.requests("/token")).isZero();

            other.answer("/token", 200, Json.text(Map.of("id_token", signed(idToken("nonce", "nonce")))));
            assertThat(complete(open(Map.of("tokenUrl", other.issuer() + "/token")))
                            .subject())
                    .isEqualTo("alice");
        }
    }

    @Test
    void endsSessionsWhereTheProviderCan() {
        IdentityProvider without = open(Map.of());
        assertThat(without.endSessionUrl(call(), new EndSession(null)).url()).isNull();
        issuer.publishMetadata(Map.of("end_session_endpoint", issuer.issuer() + "/bye?x=1"));
        IdentityProvider with = open(Map.of());
        assertThat(with.endSessionUrl(call(), new EndSession(CALLBACK)).url())
                .isEqualTo(URI.create(issuer.issuer() + "/bye?x=1&client_id=maestro&post_logout_redirect_uri="
                        + "https%3A%2F%2Fmaestro.example.org%2Flogin%2Fcallback"));
    }

    @Test
    void instanceForProgramsRefusesLogins() {
        IdentityProvider provider = open(Map.of("login", false, "jwksUrl", issuer.issuer() + "/jwks"));
        refused(
                IdentityProblem.LOGIN_NOT_OFFERED,
                () -> provider.beginLogin(call(), new BeginLogin(CALLBACK, "s", "n", Browser.challenge(VERIFIER))));
        refused(IdentityProblem.LOGIN_NOT_OFFERED, () -> complete(provider));
        refused(IdentityProblem.LOGIN_NOT_OFFERED, () -> provider.endSessionUrl(call(), new EndSession(null)));
        assertThat(validate(provider, key.sign(claims())).subject()).isEqualTo("alice");
        assertThat(issuer.requests("/.well-known/openid-configuration")).isZero();
    }

    @Test
    void scopesWithoutOpenidAreRefusedWhenItOpens() {
        refused(IdentityProblem.IDENTITY_PROVIDER_MISCONFIGURED, () -> open(Map.of("scopes", List.of("profile"))));
    }

    private VerifiedIdentity complete(IdentityProvider provider) {
        return provider.completeLogin(call(), new CompleteLogin(CODE, CALLBACK, VERIFIER, "nonce", issuer.issuer()));
    }

    private void refusedIdToken(IdentityProblem code, String idToken) {
        answerWith(idToken, null);
        IdentityProvider provider = open(Map.of());
        refused(code, () -> complete(provider));
    }

    private Map<String, Object> idToken(String name, Object value) {
        Map<String, Object> claims = claims("nonce", "nonce");
        if (value.equals("")) {
            claims.remove(name);
        } else {
            claims.put(name, value);
        }
        return claims;
    }

    private static Map<String, Object> idHeader(Jwts key) {
        Map<String, Object> header = key.header();
        header.put("typ", "JWT");
        return header;
    }

    private String signed(Map<String, Object> claims) {
        return key.sign(idHeader(key), claims);
    }

    private void answerWith(String idToken, @Nullable String accessToken) {
        answer(
                200,
                Json.text(
                        accessToken == null
                                ? Map.of("id_token", idToken)
                                : Map.of("id_token", idToken, "access_token", accessToken)));
    }

    private void answer(int status, String body) {
        issuer.answer("/token", status, body);
    }
}
