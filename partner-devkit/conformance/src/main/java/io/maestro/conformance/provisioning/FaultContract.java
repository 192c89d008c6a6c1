package io.maestro.conformance.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.provisioning.ProvisioningProblem;
import io.maestro.adapter.spi.provisioning.UserDirectory;
import io.maestro.conformance.AnsweringPeer;
import io.maestro.model.Problem;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** An adapter that speaks HTTP takes every answer for what it is, however odd. */
abstract class FaultContract extends ProvisioningContract {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/scim+json");

    FaultContract(ProvisioningKit kit) {
        super(kit);
    }

    /** What each operation says to a directory that gives this answer; none when the adapter asks for no network. */
    private List<Problem> said(AnsweringPeer peer) throws IOException {
        List<Problem> said = new ArrayList<>();
        try (peer) {
            Map<String, ?> odd = fixture().elsewhere(place(), peer.address());
            if (odd == null) {
                assertThat(manifest().asksForNetwork()).isFalse();
                return said;
            }
            try (UserDirectory directory = opened(odd)) {
                for (ThrowingCallable act : acts(directory)) {
                    said.add(assertThatExceptionOfType(ProblemException.class)
                            .isThrownBy(act)
                            .actual()
                            .problem());
                }
                assertThat(directory.health()).isNotEqualTo(new Health.Up());
            }
            assertThat(peer.asked()).as("requests that came").isPositive();
        }
        return said;
    }

    private static Map<String, String> retryAfter(String value) {
        return Map.of("Content-Type", "application/scim+json", "Retry-After", value);
    }

    @Test
    void tooManyRequestsAreThrottledAndTellWhenToComeAgain() throws IOException {
        assertThat(said(AnsweringPeer.saying(429, retryAfter("7"), "{}"))).allSatisfy(problem -> {
            assertThat(problem.code()).isEqualTo(ProvisioningProblem.PROVISIONING_THROTTLED.code());
            assertThat(problem.retry()).isEqualTo(Retry.after(Duration.ofSeconds(7)));
        });
    }

    @Test
    void unavailableTellsWhenToComeAgain() throws IOException {
        assertThat(said(AnsweringPeer.saying(503, retryAfter("5"), "{}"))).allSatisfy(problem -> {
            assertThat(problem.category()).isEqualTo(ProblemCategory.EXTERNAL);
            assertThat(problem.retry()).isEqualTo(Retry.after(Duration.ofSeconds(5)));
        });
    }

    @Test
    void timeToComeAgainMayBeADateOrNonsense() throws IOException {
        for (String value : List.of("Fri, 01 Jan 2021 00:00:00 GMT", "soon", "-3", "99999999999999999999")) {
            assertThat(said(AnsweringPeer.saying(429, retryAfter(value), "")))
                    .allSatisfy(problem -> assertThat(problem.retry())
                            .isInstanceOfSatisfying(
                                    Retry.After.class,
                                    after -> assertThat(after.delay()).isBetween(Duration.ZERO, Duration.ofDays(1))));
        }
    }

    @Test
    void faultOfTheDirectoryMayPass() throws IOException {
        for (int status : List.of(500, 502, 504)) {
            assertThat(said(AnsweringPeer.saying(status, JSON, "{\"detail\": \"a fault\"}")))
                    .allSatisfy(FaultContract::isExternalAndMayPass);
        }
    }

    @Test
    void answerThatBreaksOffMayPass() throws IOException {
        assertThat(said(AnsweringPeer.breakingOff())).allSatisfy(FaultContract::isExternalAndMayPass);
    }

    private static void isExternalAndMayPass(Problem problem) {
        assertThat(problem.category()).isEqualTo(ProblemCategory.EXTERNAL);
        assertThat(problem.retry()).isInstanceOf(Retry.After.class);
    }

    @Test
    void forbiddenIsAccessDenied() throws IOException {
        assertThat(said(AnsweringPeer.saying(403, JSON, "{}"))).allSatisfy(problem -> {
            assertThat(problem.code()).isEqualTo(ProvisioningProblem.PROVISIONING_ACCESS_DENIED.code());
            assertThat(problem.retry()).isInstanceOf(Retry.Never.class);
        });
    }

    @Test
    void redirectIsNotFollowed() throws IOException {
        try (AnsweringPeer other = AnsweringPeer.saying(200, JSON, "{}")) {
            Map<String, String> there = Map.of("Location", other.address().toString());
            for (int status : List.of(302, 307)) {
                assertThat(said(AnsweringPeer.saying(status, there, ""))).allSatisfy(FaultContract::isExternal);
            }
            assertThat(other.asked()).as("requests that were sent on").isZero();
        }
    }

    @Test
    void whatIsNoAnswerOfADirectoryIsAFailure() throws IOException {
        for (String body : List.of(
                "<html>Please log in</html>",
                "",
                "[]",
                "{",
                "null",
                "\"text\"",
                "[".repeat(100_000),
                "{\"a\":".repeat(100_000),
                "{\"a\": 1e999999999, \"b\": " + "9".repeat(5_000) + "}")) {
            assertThat(said(AnsweringPeer.saying(200, JSON, body))).allSatisfy(FaultContract::isExternal);
        }
    }

    @Test
    void endlessAnswerIsBrokenOff() throws IOException {
        assertThat(said(AnsweringPeer.endless())).allSatisfy(FaultContract::isExternal);
    }

    private static void isExternal(Problem problem) {
        assertThat(problem.category()).isEqualTo(ProblemCategory.EXTERNAL);
    }
}
