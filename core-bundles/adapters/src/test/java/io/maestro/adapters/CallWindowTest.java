package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapters.CallWindow.Counts;
import io.maestro.adapters.GateCheck.Breach;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import io.maestro.api.adapters.Rollouts.Gates;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is counted, and what is made of it. */
class CallWindowTest {
    private static final long MILLI = 1_000_000;

    private final GateCheck gates = new GateCheck(Gates.USUAL);

    @Test
    void knowsPercentilesWithinAQuarterOfTheirDoubling() {
        CallWindow window = new CallWindow();
        for (int i = 1; i <= 1000; i++) {
            window.ended(Outcome.OK, i * MILLI);
        }
        Counts counts = window.counts();
        assertThat(counts.calls()).isEqualTo(1000);
        assertThat(counts.percentile(0.5)).isBetween(500 * MILLI, 650 * MILLI);
        assertThat(counts.percentile(0.95)).isBetween(950 * MILLI, 1200 * MILLI);
        assertThat(counts.longerThan(1300 * MILLI)).isZero();
        assertThat(counts.longerThan(400 * MILLI)).isBetween(450L, 600L);
        assertThat(counts.minus(counts).calls()).isZero();
        assertThat(counts.plus(counts).calls()).isEqualTo(2000);
    }

    @Test
    void countsButDoesNotTimeTheFirstCallsOfANewVersion() {
        CallWindow window = new CallWindow(2);
        window.ended(Outcome.FAILED, 900 * MILLI);
        window.ended(Outcome.OK, 900 * MILLI);
        for (int i = 0; i < 10; i++) {
            window.ended(Outcome.OK, MILLI);
        }

        assertThat(window.counts().calls()).isEqualTo(12);
        assertThat(window.counts().failed()).isEqualTo(1);
        assertThat(window.counts().percentile(1)).isLessThan(2 * MILLI);
    }

    @Test
    void knowsWhatIsRunning() {
        CallWindow window = new CallWindow();
        window.begun();
        window.begun();
        window.without(Outcome.REFUSED);
        window.ended(Outcome.OK, MILLI);
        assertThat(window.running()).isEqualTo(1);
        window.without(Outcome.CANCELLED);
        assertThat(window.running()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "20, 0, 20, 20, errors",
        "20, 0, 20, 10, errors",
        "20, 0, 20, 1, ''",
        "20, 0, 4, 4, ''",
        "1000, 10, 1000, 30, ''",
        "1000, 10, 1000, 200, errors",
        "1000, 500, 1000, 520, ''",
    })
    void saysOnlyWhatChanceDoesNotExplain(int oldCalls, int oldFailed, int freshCalls, int freshFailed, String gate) {
        Counts old = counts(oldCalls, oldFailed, MILLI);
        Counts fresh = counts(freshCalls, freshFailed, MILLI);
        assertThat(gates.check(old, fresh, 0, 0).map(Breach::gate).orElse("")).isEqualTo(gate);
    }

    @ParameterizedTest
    @CsvSource({"10, 12, ''", "10, 60, ''", "10, 200, latency", "100, 210, ''", "100, 400, latency"})
    void comparesHowLongCallsTake(int old, int fresh, String gate) {
        assertThat(gates.check(counts(100, 0, old * MILLI), counts(100, 0, fresh * MILLI), 0, 0)
                        .map(Breach::gate)
                        .orElse(""))
                .isEqualTo(gate);
    }

    @Test
    void comparesAnswers() {
        Counts none = Counts.none();
        assertThat(gates.check(none, none, 4, 4)).isEmpty();
        assertThat(gates.check(none, none, 5, 5).map(Breach::gate)).contains("differences");
        assertThat(gates.check(none, none, 500, 0)).isEmpty();
    }

    /** Looked at as often as a rollout of ten seconds does, with calls that are alike, over many rollouts. */
    @Test
    void takesNoGoodVersionForABadOne() {
        Random random = new Random(20261127);
        int breached = 0;
        for (int rollout = 0; rollout < 200; rollout++) {
            CallWindow old = new CallWindow();
            CallWindow fresh = new CallWindow();
            boolean bad = false;
            for (int look = 0; look < 100; look++) {
                for (int call = 0; call < 5; call++) {
                    some(old, random);
                    some(fresh, random);
                }
                bad |= gates.check(old.counts(), fresh.counts(), 0, 0).isPresent();
            }
            breached += bad ? 1 : 0;
        }
        assertThat(breached).isZero();
    }

    private static void some(CallWindow window, Random random) {
        long nanos = (long) (Math.exp(random.nextGaussian()) * 10 * MILLI);
        window.ended(random.nextInt(50) == 0 ? Outcome.FAILED : Outcome.OK, nanos);
    }

    private static Counts counts(int calls, int failed, long nanos) {
        CallWindow window = new CallWindow();
        for (int i = 0; i < calls; i++) {
            window.ended(i < failed ? Outcome.FAILED : Outcome.OK, nanos);
        }
        return window.counts();
    }
}
