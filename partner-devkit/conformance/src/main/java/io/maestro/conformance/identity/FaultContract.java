package io.maestro.conformance.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.identity.IdentityProblem;
import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.conformance.AnsweringPeer;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** While no key is known every odd answer is the provider's fault, and none makes a token good. */
abstract class FaultContract extends IdentityContract {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    FaultContract(IdentityKit kit) {
        super(kit);
    }

    /** What is said of a good token when the provider gives this answer to everything. */
    private Problem said(AnsweringPeer peer) throws IOException {
        try (peer) {
            Registration there = registration().at(peer.address().toString());
            String token = SigningKey.foreign("key-1").sign(LoopbackIssuer.claims(there, now()));
            try (IdentityProvider odd = opened(there)) {
                Problem problem = problemOf(() -> validate(odd, token));
                assertThat(problem.category()).as(problem.toString()).isEqualTo(ProblemCategory.EXTERNAL);
                if (login()) {
                    Problem login = problemOf(() -> odd.completeLogin(call(), invented()));
                    assertThat(login.category()).as(login.toString()).isNotEqualTo(ProblemCategory.INTERNAL);
                }
                assertThat(odd.health()).isInstanceOf(Health.Down.class);
                assertThat(peer.asked()).as("requests that came").isPositive();
                return problem;
            }
        }
    }

    @Test
    void faultOfTheProviderMayPass() throws IOException {
        for (int status : List.of(429, 500, 502, 503, 504)) {
            Problem problem = said(AnsweringPeer.saying(status, JSON, "{\"error\": \"a fault\"}"));
            assertThat(problem.code()).isEqualTo(IdentityProblem.IDENTITY_PROVIDER_UNREACHABLE.code());
            assertThat(problem.retry()).isInstanceOf(Retry.After.class);
        }
    }

    @Test
    void answerThatBreaksOffMayPass() throws IOException {
        assertThat(said(AnsweringPeer.breakingOff()).retry()).isInstanceOf(Retry.After.class);
    }

    @Test
    void whatIsNoAnswerOfAProviderIsAFault() throws IOException {
        for (int status : List.of(204, 400, 401, 403, 404)) {
            assertThat(said(AnsweringPeer.saying(status, JSON, "")).category()).isEqualTo(ProblemCategory.EXTERNAL);
        }
        for (String body : List.of(
                "<html>Please log in</html>",
                "",
                "[]",
                "{}",
                "{",
                "null",
                "\"text\"",
                "{\"keys\": 1}",
                "{\"keys\": [1]}",
                "[".repeat(100_000),
                "{\"a\":".repeat(40_000),
                "{\"a\": 1e999999999, \"b\": " + "9".repeat(5_000) + "}")) {
            assertThat(said(AnsweringPeer.saying(200, JSON, body)).category()).isEqualTo(ProblemCategory.EXTERNAL);
        }
    }

    @Test
    void endlessAnswerIsBrokenOff() throws IOException {
        assertThat(said(AnsweringPeer.endless()).category()).isEqualTo(ProblemCategory.EXTERNAL);
    }

    @Test
    void redirectIsNotFollowed() throws IOException {
        try (AnsweringPeer other = AnsweringPeer.saying(200, JSON, "{}")) {
            Map<String, String> there = Map.of("Location", other.address().toString());
            for (int status : List.of(301, 302, 307, 308)) {
                assertThat(said(AnsweringPeer.saying(status, there, "")).category())
                        .isEqualTo(ProblemCategory.EXTERNAL);
            }
            assertThat(other.asked()).as("requests that were sent on").isZero();
        }
    }

    @Test
    void providerThatCallsItselfAnotherIsNotBelieved() throws IOException {
        String ours = registration().issuer();
        for (String other : List.of("https://evil.example.org", ours + "/", "")) {
            issuer().tell("issuer", other);
            try (IdentityProvider unsure = opened(registration())) {
                Problem problem = problemOf(() -> validate(unsure, issuer().token()));
                assertThat(problem.category()).isEqualTo(ProblemCategory.EXTERNAL);
                assertThat(unsure.health()).isInstanceOf(Health.Down.class);
            }
        }
    }

    @Test
    void neitherCodeNorSecretGoesWhereOnlyAnAnswerPoints() throws Exception {
        if (!login()) {
            return;
        }
        try (AnsweringPeer other = AnsweringPeer.saying(200, JSON, "{}")) {
            issuer().tell("token_endpoint", other.address() + LoopbackIssuer.TOKEN);
            issuer().tell("jwks_uri", other.address() + LoopbackIssuer.KEYS);
            problemOf(() -> complete(invented()));
            problemOf(() -> validate(issuer().token()));
            assertThat(other.asked())
                    .as("requests at a host that nobody configured")
                    .isZero();
        }
    }

    @Test
    void knownKeysGoOnWhateverTheProviderAnswers() {
        validate(issuer().token());
        for (int status : List.of(200, 302, 404, 500)) {
            issuer().answerAll((request, target) -> target.write(AnsweringPeer.message(status, JSON, "{}")));
            pass(Duration.ofMinutes(10));
            assertThat(validate(issuer().token()).subject()).isEqualTo("alice-of-tests");
            refusedToken(
                    IdentityProblem.TOKEN_KEY_UNKNOWN,
                    SigningKey.foreign("key-of-nobody").sign(issuer().claims()));
        }
    }
}
