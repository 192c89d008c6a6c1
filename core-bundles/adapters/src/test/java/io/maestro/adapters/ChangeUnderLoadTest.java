package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapters.UpgradeMeasure.Way;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./bench upgrades}, {@code canary} and {@code leaks} measure, in small and without the times. */
class ChangeUnderLoadTest {
    @TempDir
    Path folder;

    @Test
    void losesAndDoublesNoCallAndNoStreamInAnUpgrade() throws Exception {
        UpgradeMeasure.Seen seen = UpgradeMeasure.measure(folder, Way.SWITCH, 3, 40, Duration.ofMillis(400));

        assertThat(seen.failures()).isEmpty();
        assertThat(seen.failed()).isZero();
        assertThat(seen.doubled()).isZero();
        assertThat(seen.calls()).isGreaterThan(30);
        assertThat(seen.streams()).isPositive();
    }

    @Test
    void losesCallsWhenItIsUpgradedInPlace() throws Exception {
        UpgradeMeasure.Seen seen = UpgradeMeasure.measure(folder, Way.IN_PLACE, 2, 40, Duration.ofMillis(400));

        assertThat(seen.losing()).isPositive();
        assertThat(seen.doubled()).isZero();
    }

    @Test
    void takesEveryKindOfBadVersionBackAndNoGoodOne() throws Exception {
        CanaryMeasure.Seen seen = CanaryMeasure.measure(folder, 12, 4, 1, 1, said -> {});

        assertThat(seen.seconds()).as(seen.stopped().toString()).hasSize(8);
        assertThat(seen.stopped().keySet())
                .containsExactlyInAnyOrderElementsOf(List.of(
                        "errors → errors",
                        "slow → latency",
                        "leak → threads",
                        "wrong → differences",
                        "hog → standstill",
                        "open → open",
                        "configuration → open",
                        "permission → rejections"));
        assertThat(seen.falsely()).isEmpty();
        assertThat(seen.callsOutside()).isPositive();
        assertThat(seen.errorsOutside()).isZero();
        assertThat(seen.naively().values())
                .as("everybody at once")
                .hasSize(3)
                .allSatisfy(naive -> assertThat(naive.errors()).isPositive());
    }

    @Test
    void leavesNoLoaderBehindInUpgrades() throws Exception {
        LeakMeasure.Seen seen = LeakMeasure.measure(folder, 2, 4);

        assertThat(seen.cycles()).isEqualTo(4);
        assertThat(seen.alive()).isZero();
    }
}
