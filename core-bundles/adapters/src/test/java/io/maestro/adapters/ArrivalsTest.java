package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.Calls.CallOptions;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls of instances that are about to open. */
@Timeout(60)
class ArrivalsTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId FILES = new InstanceId("files");
    private static final InstanceKey KEY = new InstanceKey(ACME, FILES);
    private static final Duration DEADLINE = Duration.ofMinutes(2);

    private final Observations observations = new Observations();
    private final BlockingQueue<InstanceKey> called = new LinkedBlockingQueue<>();
    private final Arrivals arrivals =
            new Arrivals(observations, called::add, GuardSettings.USUAL.with(1, Duration.ofMinutes(1)));

    @Test
    void waitUntilItIsOpenWhichTakesOfTheirTime() throws Exception {
        observe(Observed.PENDING);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CallOptions> waiting =
                    callers.submit(() -> arrivals.await(ACME, FILES, options(DEADLINE), ArrivalsTest::allowed));
            assertThat(called.take()).isEqualTo(KEY);
            assertThat(waiting.isDone()).isFalse();

            observe(Observed.RUNNING);

            assertThat(waiting.get().deadline()).isPositive().isLessThan(DEADLINE);
        }
    }

    @Test
    void waitNoLongerOnceItCannotBeOpened() throws Exception {
        observe(Observed.PENDING);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CallOptions> waiting =
                    callers.submit(() -> arrivals.await(ACME, FILES, options(null), ArrivalsTest::allowed));
            assertThat(called.take()).isEqualTo(KEY);

            observe(Observed.FAILED);

            assertThat(waiting.get().deadline()).isLessThan(Duration.ofMinutes(1));
        }
    }

    @Test
    void waitNoLongerThanTheyMayLastAndAreNotBegunThen() {
        observe(Observed.PENDING);
        assertThatThrownBy(() -> arrivals.await(ACME, FILES, options(Duration.ofMillis(20)), ArrivalsTest::allowed))
                .isInstanceOfSatisfying(ProblemException.class, late -> {
                    assertThat(late.problem().code()).isEqualTo("instance-not-running");
                    assertThat(late.problem().detail()).contains("nothing of the call has begun");
                });
    }

    @Test
    void waitForWhoWantsToKnowWhatItIs() throws Exception {
        observe(Observed.PENDING);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = callers.submit(() -> arrivals.await(ACME, FILES));
            assertThat(called.take()).isEqualTo(KEY);
            observe(Observed.RUNNING);
            assertThat(waiting.get()).isNull();
        }
    }

    @Test
    void doNotWaitForOneThatIsNotAboutToOpen() {
        CallOptions options = options(null);
        assertThat(arrivals.await(ACME, FILES, options, ArrivalsTest::allowed)).isSameAs(options);
        observe(Observed.STOPPED);
        assertThat(arrivals.await(ACME, FILES, options, ArrivalsTest::allowed)).isSameAs(options);
        assertThat(called).isEmpty();
    }

    @Test
    void waitOnlyAsManyAsMayRun() throws Exception {
        observe(Observed.PENDING);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CallOptions> first =
                    callers.submit(() -> arrivals.await(ACME, FILES, options(null), ArrivalsTest::allowed));
            assertThat(called.take()).isEqualTo(KEY);

            assertThatThrownBy(() -> arrivals.await(ACME, FILES, options(null), () -> {
                        throw new AssertionError("asked without a place");
                    }))
                    .isInstanceOfSatisfying(ProblemException.class, full -> {
                        assertThat(full.problem().code()).isEqualTo("instance-not-running");
                        assertThat(full.problem().retry()).isInstanceOf(Retry.After.class);
                    });

            observe(Observed.RUNNING);
            assertThat(first.get()).isNotNull();
        }
    }

    @Test
    void leaveTheirPlaceWhenTheyMayNotBe() {
        observe(Observed.PENDING);
        for (int call = 0; call < 2; call++) {
            assertThatThrownBy(() -> arrivals.await(ACME, FILES, options(null), () -> {
                        throw new IllegalArgumentException("denied");
                    }))
                    .hasMessage("denied");
        }
        assertThat(called).isEmpty();
    }

    @Test
    void areAskedWhetherTheyMayBeInTheirOwnTime() {
        observe(Observed.PENDING);
        long begun = System.nanoTime();
        Duration deadline = Duration.ofMillis(20);
        assertThatThrownBy(() -> arrivals.await(ACME, FILES, options(deadline), () -> {
                    while (System.nanoTime() - begun < deadline.toNanos()) {
                        Thread.onSpinWait();
                    }
                    observe(Observed.RUNNING);
                }))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("was not open in time");
    }

    @Test
    void areRefusedWhenTheyWantToLastTooLong() {
        observe(Observed.PENDING);
        assertThatThrownBy(() -> arrivals.await(ACME, FILES, options(Duration.ofDays(1)), ArrivalsTest::allowed))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("out of bounds");
    }

    private static void allowed() {
        // nothing speaks against it
    }

    private void observe(Observed observed) {
        observations.publish(KEY, new Observation(1, 1, observed, null));
    }

    private static CallOptions options(@Nullable Duration deadline) {
        return new CallOptions("token:t", "c-1", null, deadline);
    }
}
