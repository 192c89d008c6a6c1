package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.VerifiedIdentity;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A token that the provider signed is good for those that it names, while it says so, and for nothing else. */
abstract class TokenContract extends IdentityContract {
    /** As the fixture configures it. */
    private static final long SKEW_SECONDS = 60;

    TokenContract(IdentityKit kit) {
        super(kit);
    }

    @Test
    void tokenOfTheProviderIsAccepted() throws Exception {
        VerifiedIdentity identity = validate(provider().token());
        assertThat(identity.issuer()).isEqualTo(registration().issuer());
        assertThat(identity.subject()).isNotBlank();
        assertThat(identity.displayName()).isNotBlank();
        assertThat(identity.expiresAt()).isAfter(now());
    }

    @Test
    void oneOfSeveralAudiencesIsEnough() {
        List<String> several = List.of("other-api", registration().audience());
        assertThat(validate(issuer().token(issuer().claims("aud", several))).subject())
                .isEqualTo("alice-of-tests");
    }

    @Test
    void tokenForSomebodyElseIsRefused() {
        String ours = registration().audience();
        for (Object other :
                List.of("other-api", ours + "x", "x" + ours, List.of("other-api", ours + "/x"), List.of())) {
            refusedToken(IdentityProblem.TOKEN_AUDIENCE_WRONG, issuer().token(issuer().claims("aud", other)));
        }
    }

    @Test
    void tokenOfAnotherIssuerIsRefused() {
        String ours = registration().issuer();
        for (String other :
                List.of("https://evil.example.org", ours + "/", ours + "/other", ours.toUpperCase(Locale.ROOT))) {
            refusedToken(IdentityProblem.TOKEN_ISSUER_WRONG, issuer().token(issuer().claims("iss", other)));
        }
    }

    @Test
    void expiredTokenIsRefusedButForTheSkew() {
        long now = now().getEpochSecond();
        assertThat(validate(issuer().token(issuer().claims("exp", now - SKEW_SECONDS / 2))))
                .isNotNull();
        refusedToken(IdentityProblem.TOKEN_EXPIRED, issuer().token(issuer().claims("exp", now - SKEW_SECONDS - 15)));
        refusedToken(IdentityProblem.TOKEN_EXPIRED, issuer().token(issuer().claims("exp", 0)));
    }

    @Test
    void tokenFromTheFutureIsRefusedButForTheSkew() {
        long now = now().getEpochSecond();
        for (String claim : List.of("nbf", "iat")) {
            assertThat(validate(issuer().token(issuer().claims(claim, now + SKEW_SECONDS / 2))))
                    .isNotNull();
            refusedToken(
                    IdentityProblem.TOKEN_NOT_YET_VALID,
                    issuer().token(issuer().claims(claim, now + SKEW_SECONDS + 120)));
        }
    }

    @Test
    void tokenExpiresWhileTheInstanceKnowsIt() {
        String token = issuer().token();
        validate(token);
        validate(token);
        pass(Duration.ofMinutes(10));
        refusedToken(IdentityProblem.TOKEN_EXPIRED, token);
    }

    @Test
    void tokenThatLacksAClaimIsRefused() {
        for (String claim : List.of("iss", "sub", "aud", "exp", "iat")) {
            refusedToken(IdentityProblem.TOKEN_MALFORMED, issuer().token(issuer().claims(claim, null)));
        }
    }

    @Test
    void claimOfAnotherTypeIsRefused() {
        for (String claim : List.of("iss", "sub", "aud", "exp", "iat", "nbf", "jti")) {
            refusedToken(
                    IdentityProblem.TOKEN_MALFORMED, issuer().token(issuer().claims(claim, Map.of("odd", List.of(1)))));
        }
        refusedToken(IdentityProblem.TOKEN_MALFORMED, issuer().token(issuer().claims("exp", "tomorrow")));
        refusedToken(IdentityProblem.TOKEN_MALFORMED, issuer().token(issuer().claims("aud", List.of(1))));
    }

    @Test
    void claimThatIsSaidTwiceIsRefused() {
        String claims = SigningKey.json(issuer().claims());
        String twice = claims.substring(0, claims.length() - 1) + ",\"sub\":\"root\"}";
        refusedToken(
                IdentityProblem.TOKEN_MALFORMED,
                issuer().key().signText(issuer().key().header("at+jwt"), twice));
    }

    @Test
    void contentThatIsNoObjectIsRefused() {
        for (String content :
                List.of("[]", "1", "\"text\"", "{", "", "null", "[".repeat(8_000), "{\"a\":".repeat(1_500))) {
            refusedToken(
                    IdentityProblem.TOKEN_MALFORMED,
                    issuer().key().signText(issuer().key().header("at+jwt"), content));
        }
    }

    @Test
    void otherKindsOfTokensAreRefused() {
        Map<String, Object> claims = new HashMap<>(issuer().claims());
        claims.put("nonce", NONCE);
        refusedToken(IdentityProblem.TOKEN_TYPE_NOT_ALLOWED, issuer().signedId(claims));
        refusedToken(
                IdentityProblem.TOKEN_TYPE_NOT_ALLOWED,
                issuer().key().sign(issuer().key().header("logout+jwt"), issuer().claims()));
    }

    @Test
    void whatIsNoTokenIsRefused() {
        for (String text : List.of(
                "", "a", "a.b", "a.b.c", "..", "...", "e30.e30.e30", "a.b.c.d.e", "Bearer x", "\u0000", "é.é.é", " ")) {
            refusedToken(IdentityProblem.TOKEN_MALFORMED, text);
        }
    }

    @Test
    void tokenIsRefusedThatIsLongerThanTokensAre() {
        String filler = "x".repeat(16 * 1024);
        refusedToken(IdentityProblem.TOKEN_MALFORMED, issuer().token(issuer().claims("filler", filler)));
        String shorter = "x".repeat(11_000);
        assertThat(validate(issuer().token(issuer().claims("filler", shorter)))).isNotNull();
    }
}
