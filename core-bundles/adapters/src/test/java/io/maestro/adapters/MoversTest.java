package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maestro.adapters.Opener.Opened;
import io.maestro.adapters.Reconciler.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A worker for each move, and none for what only waits. */
@Timeout(60)
class MoversTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ThreadFactory THREADS =
            Thread.ofPlatform().daemon().name("mover-", 0).factory();

    private final ExecutorService elsewhere = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger worked = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();

    @AfterEach
    void end() {
        elsewhere.close();
    }

    /** A turn that opens nothing. */
    private static final class Step implements Turn {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch go = new CountDownLatch(1);
        private final CountDownLatch settling = new CountDownLatch(1);
        private final CountDownLatch settled = new CountDownLatch(1);

        @Override
        public @Nullable Opened run(@Nullable Opened before) {
            begun.countDown();
            join(go);
            return before;
        }

        @Override
        public void settle() {
            settling.countDown();
            join(settled);
        }

        @Override
        public void abandoned() {
            throw new AssertionError("it was begun");
        }

        @Override
        public void gone() {
            throw new AssertionError("it was begun");
        }

        private static void join(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private boolean begin(Movers movers, Turn turn) {
        return movers.begin(turn, null, worked::incrementAndGet, after -> ended.incrementAndGet());
    }

    @Test
    void tellsTheEndOfATurnThatThrows() throws Exception {
        Movers movers = new Movers(Thread.ofPlatform().daemon().factory(), Runnable::run);
        CountDownLatch told = new CountDownLatch(1);
        Turn throwing = new Turn() {
            @Override
            public @Nullable Opened run(@Nullable Opened before) {
                throw new OutOfMemoryError("no thread");
            }

            @Override
            public void settle() {
                throw new AssertionError("nothing is left of it");
            }

            @Override
            public void abandoned() {
                throw new AssertionError("it was begun");
            }

            @Override
            public void gone() {
                throw new AssertionError("it was begun");
            }
        };

        assertThat(movers.begin(throwing, null, worked::incrementAndGet, after -> told.countDown()))
                .isTrue();

        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(worked).hasValue(1);
        movers.stop();
    }

    @Test
    void oneThatWaitsForWhatItHasLeftKeepsNoOtherFromBeginning() throws Exception {
        Movers movers = new Movers(THREADS, elsewhere);
        List<Step> all = new ArrayList<>();
        for (int move = 0; move < 20; move++) {
            Step step = new Step();
            all.add(step);
            assertThat(begin(movers, step)).isTrue();
            step.go.countDown();
        }

        for (Step step : all) {
            step.settling.await();
        }

        assertThat(worked).hasValue(20);
        assertThat(ended).hasValue(0);
        all.forEach(step -> step.settled.countDown());
        await().atMost(PATIENCE).until(() -> ended.get() == 20);
    }

    @Test
    void interruptsAtTheEndWhatRunsAndTakesNothingAnyMore() throws Exception {
        Movers movers = new Movers(THREADS, elsewhere);
        Step running = new Step();
        running.settled.countDown();
        begin(movers, running);
        running.begun.await();

        movers.stop();

        assertThat(movers.awaitEnd(TimeUnit.SECONDS.toNanos(30))).isTrue();
        await().atMost(PATIENCE).until(() -> ended.get() == 1);
        assertThatThrownBy(() -> begin(movers, new Step())).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    void saysWhenThereIsNoThreadInsteadOfFailing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Movers movers = new Movers(
                work -> {
                    if (asked.incrementAndGet() == 1) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return THREADS.newThread(work);
                },
                elsewhere);
        Step step = new Step();
        step.go.countDown();
        step.settled.countDown();

        assertThat(begin(movers, step)).isFalse();
        assertThat(begin(movers, step)).isTrue();

        step.settling.await();
    }

    @Test
    void settlesInItsPlaceWhenThereIsNobodyElseToDoIt() {
        elsewhere.shutdown();
        Movers movers = new Movers(THREADS, elsewhere);
        Step step = new Step();
        step.go.countDown();
        step.settled.countDown();

        begin(movers, step);

        await().atMost(PATIENCE).until(() -> ended.get() == 1);
    }
}
