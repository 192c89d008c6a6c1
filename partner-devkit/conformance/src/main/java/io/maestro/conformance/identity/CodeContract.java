package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.conformance.AnsweringPeer;
import io.maestro.conformance.AnsweringPeer.Answer;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * What comes back for a code is checked as a token is, and nothing of it counts against the instance: strangers bring codes as
 * often as they like.
 */
abstract class CodeContract extends IdentityContract {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    CodeContract(IdentityKit kit) {
        super(kit);
    }

    /** A login for which the provider gives this id token. */
    private void refusedIdToken(IdentityProblem code, Function<Map<String, Object>, String> maker) throws Exception {
        issuer().idTokens(maker);
        var login = loggedIn(instance());
        Problem problem = refused(code, () -> complete(login));
        assertThat(problem.toString()).doesNotContain(login.code(), VERIFIER, NONCE);
    }

    private Function<Map<String, Object>, String> changed(Consumer<Map<String, Object>> change) {
        return claims -> {
            Map<String, Object> copy = new HashMap<>(claims);
            change.accept(copy);
            return issuer().signedId(copy);
        };
    }

    @Test
    void idTokenIsOfThisLogin() throws Exception {
        if (!login()) {
            return;
        }
        refusedIdToken(IdentityProblem.TOKEN_NONCE_MISMATCH, changed(claims -> claims.put("nonce", "another")));
        refusedIdToken(IdentityProblem.TOKEN_NONCE_MISMATCH, changed(claims -> claims.remove("nonce")));
    }

    @Test
    void idTokenIsForThisClient() throws Exception {
        if (!login()) {
            return;
        }
        refusedIdToken(IdentityProblem.TOKEN_AUDIENCE_WRONG, changed(claims -> claims.put("aud", "other-client")));
        refusedIdToken(
                IdentityProblem.TOKEN_AUDIENCE_WRONG,
                changed(claims -> claims.put("aud", registration().audience())));
        refusedIdToken(IdentityProblem.TOKEN_AUDIENCE_WRONG, changed(claims -> claims.put("azp", "other-client")));
    }

    @Test
    void idTokenIsVerifiedAsAnyOther() throws Exception {
        if (!login()) {
            return;
        }
        long now = now().getEpochSecond();
        SigningKey known = issuer().key();
        refusedIdToken(IdentityProblem.TOKEN_EXPIRED, changed(claims -> claims.put("exp", now - 120)));
        refusedIdToken(IdentityProblem.TOKEN_NOT_YET_VALID, changed(claims -> claims.put("iat", now + 240)));
        refusedIdToken(
                IdentityProblem.TOKEN_ISSUER_WRONG, changed(claims -> claims.put("iss", "https://evil.example.org")));
        refusedIdToken(IdentityProblem.TOKEN_ALGORITHM_NOT_ALLOWED, claims -> SigningKey.unsigned("none", claims, ""));
        refusedIdToken(
                IdentityProblem.TOKEN_SIGNATURE_WRONG,
                claims -> SigningKey.foreign(known.id()).sign(known.header("JWT"), claims));
        refusedIdToken(
                IdentityProblem.TOKEN_KEY_UNKNOWN,
                claims -> SigningKey.foreign("key-of-nobody")
                        .sign(SigningKey.foreign("key-of-nobody").header("JWT"), claims));
        refusedIdToken(IdentityProblem.TOKEN_MALFORMED, changed(claims -> claims.remove("exp")));
        refusedIdToken(IdentityProblem.TOKEN_MALFORMED, claims -> "no token");
    }

    @Test
    void identityBeyondTheBoundsIsRefusedAndNotShortened() throws Exception {
        if (!login()) {
            return;
        }
        refusedIdToken(IdentityProblem.TOKEN_CLAIMS_TOO_LARGE, changed(claims -> claims.put("sub", "s".repeat(257))));
        refusedIdToken(IdentityProblem.TOKEN_CLAIMS_TOO_LARGE, changed(claims -> claims.put("name", "n".repeat(257))));
    }

    @Test
    void wrongClientSecretLetsNobodyInAndDoesNotCountAgainstTheInstance() throws Exception {
        if (!login()) {
            return;
        }
        try (IdentityProvider impostor = opened(registration().with("a-wrong-secret-of-tests-only"))) {
            var login = loggedIn(impostor);
            refused(IdentityProblem.LOGIN_UNAVAILABLE, () -> impostor.completeLogin(call(), login));
            assertThat(validate(impostor, provider().token()).subject()).isNotBlank();
        }
    }

    @Test
    void noAnswerToACodeCountsAgainstTheInstanceAndEachIsTriedOnce() throws IOException {
        if (!login()) {
            return;
        }
        for (int status : List.of(200, 204, 302, 400, 401, 403, 404, 408, 429, 500, 502, 503)) {
            for (String body : List.of(
                    "{}",
                    "",
                    "<html>Please log in</html>",
                    "{\"error\": \"invalid_grant\"}",
                    "{\"error\": \"invalid_client\"}",
                    "{\"error\": {}, \"id_token\": 7}")) {
                tryCode((request, target) -> target.write(AnsweringPeer.message(status, JSON, body)));
            }
        }
        tryCode((request, target) -> target.write(AnsweringPeer.message(200, JSON, "[".repeat(100_000))));
        tryCode((request, target) ->
                target.write(AnsweringPeer.message(200, JSON, "{\"id_token\": \"" + "x".repeat(2_000_000) + "\"}")));
    }

    @Test
    void noAnswerAtAllCountsAgainstTheInstanceOnceItsKeysAreKnown() throws IOException {
        if (!login()) {
            return;
        }
        validate(issuer().token());
        Problem cutOff = tryCode((request, target) -> {});
        assertThat(cutOff.code()).isEqualTo(IdentityProblem.LOGIN_UNAVAILABLE.code());
        tryCode((request, target) -> target.write(new byte[] {'n', 'o', ' ', 'H', 'T', 'T', 'P', '\r', '\n'}));
        issuer().goDown();
        pass(Duration.ofMinutes(10));
        notExternal(problemOf(() -> complete(invented())));
    }

    private Problem tryCode(Answer answer) {
        issuer().answerCodes(answer);
        int before = issuer().asked(LoopbackIssuer.TOKEN);
        Problem problem = problemOf(() -> complete(invented()));
        notExternal(problem);
        assertThat(problem.toString()).doesNotContain(invented().code(), VERIFIER, NONCE);
        assertThat(issuer().asked(LoopbackIssuer.TOKEN) - before)
                .as("tries of one code")
                .isEqualTo(1);
        return problem;
    }

    private static void notExternal(Problem problem) {
        assertThat(problem.category())
                .as(problem.toString())
                .isNotIn(ProblemCategory.EXTERNAL, ProblemCategory.INTERNAL);
    }
}
