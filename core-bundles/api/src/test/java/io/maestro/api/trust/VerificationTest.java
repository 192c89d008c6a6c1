package io.maestro.api.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.trust.Verification.Check;
import io.maestro.api.trust.Verification.Result;
import io.maestro.api.trust.Verification.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is told of a check. */
class VerificationTest {
    @Test
    void cutsALongSentenceOffAtFiveHundredCharacters() {
        assertThat(detail("x".repeat(500))).isEqualTo("x".repeat(500));
        assertThat(detail("x".repeat(501))).isEqualTo("x".repeat(500) + "…");
    }

    @Test
    void cutsNoCharacterInTwo() {
        assertThat(detail("x".repeat(499) + "😀" + "x")).isEqualTo("x".repeat(499) + "…");
        assertThat(detail("x".repeat(498) + "😀" + "x")).isEqualTo("x".repeat(498) + "😀" + "…");
    }

    private static String detail(String told) {
        return new Step(Check.MANIFEST, Result.FAILED, told, Duration.ZERO).detail();
    }
}
