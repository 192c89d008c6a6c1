package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maestro.api.adapters.InstanceHealth;
import io.maestro.api.adapters.InstanceHealth.Minute;
import io.maestro.api.adapters.InstanceHealth.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CallHistoryTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final CallHistory history = new CallHistory(InstanceHealth.CALLS);

    @Test
    void countsByOutcomeAndLeavesOutWhatNobodyWaitedFor() {
        history.count(Outcome.OK, MILLI, 0);
        history.count(Outcome.FAILED, MILLI, 0);
        history.count(Outcome.LATE, MILLI, 0);
        history.count(Outcome.REJECTED, MILLI, 0);
        history.count(Outcome.REFUSED, 0);
        history.count(Outcome.CANCELLED, 0);

        CallHistory.Window window = history.window(1, 0);

        assertThat(window.requests()).isEqualTo(5);
        assertThat(window.errors()).isEqualTo(3);
        assertThat(window.of(Outcome.REJECTED)).isEqualTo(1);
    }

    @Test
    void forgetsMinuteByMinute() {
        for (int minute = 0; minute < 20; minute++) {
            history.count(Outcome.OK, MILLI, minute * MINUTE);
        }
        long now = 19 * MINUTE;

        assertThat(history.window(1, now).requests()).isEqualTo(2);
        assertThat(history.window(5, now).requests()).isEqualTo(6);
        assertThat(history.window(15, now).requests()).isEqualTo(16);
        assertThat(history.window(15, now + 10 * MINUTE).requests()).isEqualTo(6);
        assertThat(history.window(15, now + 16 * MINUTE).requests()).isZero();
    }

    @Test
    void tellsTheLastHourMinuteByMinute() {
        for (int minute = 0; minute < 100; minute++) {
            if (minute % 10 != 0) {
                for (int call = 0; call <= minute; call++) {
                    history.count(call == 0 ? Outcome.LATE : Outcome.OK, 3 * MILLI, minute * MINUTE);
                }
            }
        }
        List<Minute> series = history.series(99 * MINUTE + 1);

        assertThat(series).hasSize(60);
        for (int i = 0; i < 60; i++) {
            int minute = 40 + i;
            if (minute % 10 == 0) {
                assertThat(series.get(i)).isEqualTo(new Minute(0, 0, null));
            } else {
                assertThat(series.get(i).requests()).isEqualTo(minute + 1);
                assertThat(series.get(i).errors()).isEqualTo(1);
                assertThat(series.get(i).p95()).isCloseTo(3, within(1.5));
            }
        }
    }

    @Test
    void aMinuteThatNoLaterOneHasPushedOutIsStillInTheSeries() {
        history.count(Outcome.OK, MILLI, 0);

        assertThat(history.series(59 * MINUTE).getFirst().requests()).isEqualTo(1);
        assertThat(history.series(60 * MINUTE)).containsOnly(new Minute(0, 0, null));
        assertThat(history.series(-MINUTE)).containsOnly(new Minute(0, 0, null));
    }

    @Test
    void aMinuteOfLongAgoTakesNoPlaceOfALaterOne() {
        for (int minute : new int[] {0, 60, 76, 96}) {
            history.count(Outcome.OK, MILLI, minute * MINUTE);
        }

        assertThat(history.series(96 * MINUTE))
                .extracting(Minute::requests)
                .filteredOn(requests -> requests > 0)
                .hasSize(3);
    }

    @Test
    void worksWithAClockThatBeginsBelowZero() {
        history.count(Outcome.OK, MILLI, -5 * MINUTE - 1);
        history.count(Outcome.OK, MILLI, -5 * MINUTE);

        assertThat(history.window(1, -5 * MINUTE).requests()).isEqualTo(2);
        assertThat(history.window(15, 20 * MINUTE).requests()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {70_000, 1_000_000, 1_400_000, 3_000_000, 49_000_000, 777_000_000, 29_000_000_000L})
    void aQuantileIsOffByHalfAtMost(long nanos) {
        for (int i = 0; i < 100; i++) {
            history.count(Outcome.OK, nanos, 0);
        }

        assertThat((double) history.window(1, 0).quantile(0.99))
                .isCloseTo((double) nanos, Percentage.withPercentage(50));
    }

    @Test
    void quantilesTellTheFewSlowFromTheManyQuick() {
        for (int i = 0; i < 1_000; i++) {
            history.count(Outcome.OK, i % 50 == 0 ? 900 * MILLI : 2 * MILLI, 0);
        }
        CallHistory.Window window = history.window(1, 0);

        assertThat(window.quantile(0.5) / (double) MILLI).isCloseTo(2, within(0.7));
        assertThat(window.quantile(0.95) / (double) MILLI).isCloseTo(2, within(0.7));
        assertThat(window.quantile(0.99) / (double) MILLI).isBetween(600.0, 1_200.0);
        assertThat(history.window(1, 9 * MINUTE).quantile(0.5)).isEqualTo(-1);
    }

    @Test
    void everyTimeHasABucketAndBucketsGrow() {
        assertThat(Latencies.bucket(-1)).isZero();
        assertThat(Latencies.bucket(Long.MAX_VALUE)).isEqualTo(Latencies.BUCKETS - 1);
        for (int bucket = 1; bucket < Latencies.BUCKETS; bucket++) {
            assertThat(Latencies.begin(bucket)).isGreaterThan(Latencies.begin(bucket - 1));
            assertThat(Latencies.bucket(Latencies.begin(bucket))).isEqualTo(bucket);
            assertThat(Latencies.bucket(Latencies.begin(bucket) - 1)).isEqualTo(bucket - 1);
        }
    }

    @Test
    void losesNoneOfManyAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> counting = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                counting.add(threads.submit(() -> {
                    for (int j = 0; j < 10_000; j++) {
                        history.count(Outcome.OK, MILLI, j % 2 == 0 ? MINUTE : MINUTE + 1);
                    }
                }));
            }
            for (Future<?> one : counting) {
                one.get();
            }
        }

        assertThat(history.window(1, MINUTE).requests()).isEqualTo(80_000);
    }

    @Test
    void knowsTheLastSuccessAndTheLastFailure() {
        assertThat(history.sinceSuccess(0)).isEqualTo(-1);
        assertThat(history.lastFailure()).isNull();

        history.count(Outcome.OK, MILLI, 5 * MILLI);
        history.failed(Instant.EPOCH, "object-storage-unavailable");

        assertThat(history.sinceSuccess(7 * MILLI)).isEqualTo(2 * MILLI);
        assertThat(history.lastFailure())
                .isEqualTo(new CallHistory.Failure(Instant.EPOCH, "object-storage-unavailable"));
    }
}
