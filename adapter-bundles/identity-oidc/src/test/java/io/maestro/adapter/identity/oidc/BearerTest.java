package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.Describe;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ProviderDescription;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import io.maestro.model.ProblemException;
import io.maestro.testing.peers.Jwts;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BearerTest extends ProviderFixture {
    @Test
    void tellsWhoseTokenItIs() {
        Map<String, Object> claims = claims();
        claims.put("jti", "token-1");
        claims.put("name", "Alice Example");
        claims.put("email", "alice@example.org");

        VerifiedIdentity identity = validate(open(Map.of()), key.sign(claims));

        assertThat(identity.issuer()).isEqualTo(issuer.issuer());
        assertThat(identity.subject()).isEqualTo("alice");
        assertThat(identity.displayName()).isEqualTo("Alice Example");
        assertThat(identity.email()).isEqualTo("alice@example.org");
        assertThat(identity.tokenId()).isEqualTo("token-1");
        assertThat(identity.roles()).isEmpty();
        assertThat(identity.attributes()).isEmpty();
        assertThat(identity.issuedAt().getEpochSecond()).isEqualTo(claims.get("iat"));
        assertThat(identity.expiresAt()).isEqualTo(identity.issuedAt().plusSeconds(300));
    }

    @Test
    void describesItselfWithoutAskingAnybody() {
        ProviderDescription description = open(Map.of()).describe(call(), new Describe());

        assertThat(description)
                .isEqualTo(new ProviderDescription(
                        issuer.issuer(), CLIENT, List.of("openid", "profile", "email"), List.of(CLIENT), true));
        assertThat(issuer.requests("/.well-known/openid-configuration")).isZero();
    }

    @Test
    void takesEllipticCurvesAndPss() {
        Jwts curve = Jwts.ec();
        Jwts pss = Jwts.rsa(2048, "PS256");
        issuer.publish(curve, pss);
        IdentityProvider provider = open(Map.of());

        assertThat(validate(provider, curve.sign(claims())).subject()).isEqualTo("alice");
        assertThat(validate(provider, pss.sign(claims())).subject()).isEqualTo("alice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.b", "a.b.c", "..", "e30.e30.e30", "a.b.c.d.e", "Bearer x", "\u0000", "é.é.é"})
    void refusesWhatIsNoToken(String text) {
        refused(IdentityProblem.TOKEN_MALFORMED, () -> validate(open(Map.of()), text));
    }

    @Test
    void refusesTokenOverTheBound() {
        refused(IdentityProblem.TOKEN_MALFORMED, open(Map.of()), key.sign(claims("much", "x".repeat(16_384))));
        assertThat(issuer.keyFetches()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "iat"})
    void refusesTokenThatLacksAClaim(String name) {
        refused(IdentityProblem.TOKEN_MALFORMED, open(Map.of()), key.sign(claims(name, "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "sub", "aud", "exp", "iat", "nbf", "jti"})
    void refusesClaimOfAnotherType(String name) {
        refused(IdentityProblem.TOKEN_MALFORMED, open(Map.of()), key.sign(claims(name, Map.of("a", 1))));
        refused(IdentityProblem.TOKEN_MALFORMED, open(Map.of()), key.sign(claims(name, -1)));
    }

    @Test
    void refusesContentThatIsNoObjectOrSaysAThingTwice() {
        IdentityProvider provider = open(Map.of());
        for (String content : List.of("[]", "1", "{\"sub\":\"a\",\"sub\":\"b\"}", "{", "[".repeat(9_000))) {
            refused(IdentityProblem.TOKEN_MALFORMED, provider, key.signText(key.header(), content));
        }
    }

    @Test
    void refusesOtherIssuer() {
        IdentityProvider provider = open(Map.of());
        for (String other : List.of("https://evil.example.org", issuer.issuer() + "/", issuer.issuer() + "/x")) {
            refused(IdentityProblem.TOKEN_ISSUER_WRONG, provider, key.sign(claims("iss", other)));
        }
    }

    @Test
    void refusesOtherAudience() {
        IdentityProvider provider = open(Map.of());
        refused(IdentityProblem.TOKEN_AUDIENCE_WRONG, provider, key.sign(claims("aud", "somebody")));
        refused(IdentityProblem.TOKEN_AUDIENCE_WRONG, provider, key.sign(claims("aud", List.of())));
        refused(IdentityProblem.TOKEN_AUDIENCE_WRONG, provider, key.sign(claims("aud", "MAESTRO")));
        assertThat(validate(provider, key.sign(claims("aud", List.of("somebody", CLIENT)))))
                .isNotNull();
    }

    @Test
    void audiencesOfTheConfigurationCountInsteadOfTheClient() {
        IdentityProvider provider = open(Map.of("audiences", List.of("api", "console")));
        assertThat(validate(provider, key.sign(claims("aud", "console")))).isNotNull();
        refused(IdentityProblem.TOKEN_AUDIENCE_WRONG, provider, key.sign(claims("aud", CLIENT)));
    }

    @Test
    void timesHaveTheConfiguredSkewAndNoMore() {
        IdentityProvider provider = open(Map.of("clockSkewSeconds", 20));
        long now = now().getEpochSecond();
        assertThat(validate(provider, key.sign(claims("exp", now - 15)))).isNotNull();
        refused(IdentityProblem.TOKEN_EXPIRED, provider, key.sign(claims("exp", now - 25)));
        assertThat(validate(provider, key.sign(claims("nbf", now + 15)))).isNotNull();
        refused(IdentityProblem.TOKEN_NOT_YET_VALID, provider, key.sign(claims("nbf", now + 25)));
        refused(IdentityProblem.TOKEN_NOT_YET_VALID, provider, key.sign(claims("iat", now + 25)));
    }

    @Test
    void tokenExpiresWhileTheInstanceKnowsIt() {
        IdentityProvider provider = open(Map.of());
        String token = key.sign(claims());
        validate(provider, token);
        pass(Duration.ofSeconds(340));
        refused(IdentityProblem.TOKEN_EXPIRED, provider, token);
    }

    @Test
    void refusesWrongSignature() {
        IdentityProvider provider = open(Map.of());
        String token = key.sign(claims());
        refused(IdentityProblem.TOKEN_SIGNATURE_WRONG, provider, Jwts.changed(token, claims("sub", "root")));
        refused(
                IdentityProblem.TOKEN_SIGNATURE_WRONG,
                provider,
                token.substring(0, token.lastIndexOf('.') + 1) + "AAAA");
        Map<String, Object> stolen = Jwts.rsa().header();
        stolen.put("kid", key.key().getKeyID());
        refused(IdentityProblem.TOKEN_SIGNATURE_WRONG, provider, Jwts.rsa().sign(stolen, claims()));
    }

    @Test
    void refusesTokenWithoutSignature() {
        IdentityProvider provider = open(Map.of());
        refused(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, provider, Jwts.unsigned(claims()));
        refused(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, provider, Jwts.unsigned(claims()) + "AAAA");
        for (String none : List.of("none", "None", "NONE")) {
            refused(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, provider, key.sign(header("alg", none), claims()));
        }
        String token = key.sign(claims());
        refused(IdentityProblem.TOKEN_MALFORMED, provider, token.substring(0, token.lastIndexOf('.') + 1));
    }

    @Test
    void refusesHmacByThePublicKey() {
        refused(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, open(Map.of()), key.signByPublicKey(claims()));
    }

    @Test
    void refusesAlgorithmThatIsNotOnTheList() {
        IdentityProvider provider = open(Map.of("algorithms", List.of("ES256")));
        refused(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, provider, key.sign(claims()));
        assertThat(issuer.keyFetches()).isZero();
    }

    @Test
    void algorithmOfAnotherKindOfKeyFindsNoKey() {
        refused(IdentityProblem.TOKEN_KEY_UNKNOWN, open(Map.of()), key.sign(header("alg", "ES256"), claims()));
    }

    @Test
    void refusesTokenThatBringsItsOwnKeyOrRules() {
        Jwts attacker = Jwts.rsa();
        for (Map.Entry<String, Object> own : Map.of(
                        "jwk",
                        attacker.published(),
                        "jku",
                        (Object) "https://evil.example.org/jwks",
                        "x5u",
                        "https://evil.example.org/cert",
                        "crit",
                        List.of("exp"),
                        "b64",
                        false)
                .entrySet()) {
            Map<String, Object> header = header(own.getKey(), own.getValue());
            String token = key.sign(header, claims());
            // the library refuses to read some of them
            refusedEither(token);
            header.put("kid", attacker.key().getKeyID());
            refusedEither(attacker.sign(header, claims()));
        }
    }

    private void refusedEither(String token) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> validate(open(Map.of()), token))
                .satisfies(refusal ->
                        assertThat(refusal.problem().code()).isIn("token-algorithm-not-allowed", "token-malformed"));
    }

    @Test
    void refusesOtherKindsOfTokens() {
        IdentityProvider provider = open(Map.of());
        refused(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, provider, key.sign(header("typ", "logout+jwt"), claims()));
        for (String claim : List.of("nonce", "at_hash", "events")) {
            refused(
                    IdentityProblem.TOKEN_TYPE_NOT_ALLOWED,
                    provider,
                    key.sign(header("typ", "JWT"), claims(claim, "x")));
        }
        assertThat(validate(provider, key.sign(header("typ", "application/AT+JWT"), claims())))
                .isNotNull();
        assertThat(validate(provider, key.sign(header("typ", "jwt"), claims()))).isNotNull();
        assertThat(validate(provider, key.sign(header("typ", ""), claims()))).isNotNull();
    }

    @Test
    void takesOnlyTheConfiguredTypes() {
        IdentityProvider provider = open(Map.of("tokenTypes", List.of("at+jwt")));
        assertThat(validate(provider, key.sign(claims()))).isNotNull();
        refused(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, provider, key.sign(header("typ", "JWT"), claims()));
        refused(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, provider, key.sign(header("typ", ""), claims()));
    }

    @Test
    void tokenWithoutKeyIdIsGoodWhereThereIsOneKey() {
        IdentityProvider provider = open(Map.of());
        assertThat(validate(provider, key.sign(header("kid", ""), claims()))).isNotNull();
        issuer.publish(key, Jwts.rsa());
        refused(IdentityProblem.TOKEN_KEY_UNKNOWN, open(Map.of()), key.sign(header("kid", ""), claims()));
    }

    @Test
    void weakAndUnsuitableKeysAreNotThere() {
        Jwts weak = Jwts.rsa(1024, "RS256");
        Map<String, Object> encryption = new LinkedHashMap<>(key.published());
        encryption.put("use", "enc");
        Map<String, Object> other = new LinkedHashMap<>(key.published());
        other.put("alg", "RS512");
        issuer.publish(weak);
        IdentityProvider provider = open(Map.of());
        refused(IdentityProblem.TOKEN_KEY_UNKNOWN, provider, weak.sign(claims()));
        assertThat(provider.health()).isInstanceOf(Health.Degraded.class);
        for (Map<String, Object> entry : List.of(encryption, other)) {
            issuer.answer("/jwks", 200, Json.text(Map.of("keys", List.of(entry))));
            refused(IdentityProblem.TOKEN_KEY_UNKNOWN, open(Map.of()), key.sign(claims()));
        }
        Map<String, Object> shared = Map.of("kty", "oct", "k", "c2VjcmV0", "kid", "shared");
        Map<String, Object> broken = Map.of("kty", "RSA", "n", "AQAB", "kid", "broken");
        issuer.answer(
                "/jwks",
                200,
                Json.text(Map.of("keys", List.of(shared, broken, Map.of("kty", "new"), key.published()))));
        assertThat(validate(open(Map.of()), key.sign(claims()))).isNotNull();
    }

    @Test
    void refusesIdentityThatIsTooLarge() {
        IdentityProvider provider = open(Map.of("mapping", Map.of("attributes", Map.of("groups", "groups"))));
        refused(
                IdentityProblem.TOKEN_CLAIMS_TOO_LARGE,
                provider,
                key.sign(claims("groups", Collections.nCopies(300, "g"))));
        refused(IdentityProblem.TOKEN_CLAIMS_TOO_LARGE, provider, key.sign(claims("sub", "s".repeat(300))));
    }

    @Test
    void closedInstanceSaysSo() {
        OidcIdentityProvider provider = open(Map.of());
        provider.close();
        refused(IdentityProblem.IDENTITY_CLOSED, provider, key.sign(claims()));
        assertThat(provider.health()).isInstanceOf(Health.Down.class);
    }

    private Map<String, Object> header(String name, Object value) {
        Map<String, Object> header = key.header();
        if (value.equals("")) {
            header.remove(name);
        } else {
            header.put(name, value);
        }
        return header;
    }
}
