package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapters.leaks.CallThread;
import io.maestro.adapters.leaks.OwnThreads;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Threads that are left behind are noticed; a pool that is larger than before is not. */
class ThreadGateTest {
    private final ThreadGate gate = new ThreadGate();

    @Test
    void noticesThreadsThatBecomeMoreAndMore() {
        assertThat(gate.look(0, 10, 30, 1, 30)).as("one look says nothing").isEmpty();
        assertThat(gate.look(0, 10, 60, 1, 60)).hasValueSatisfying(breach -> {
            assertThat(breach.gate()).isEqualTo("threads");
            assertThat(breach.fresh()).isEqualTo(60);
            assertThat(breach.limit()).isEqualTo(16);
        });
    }

    @Test
    void takesAPoolForAPool() {
        for (int look = 0; look < 5; look++) {
            assertThat(gate.look(0, 10, 40, 1, 100L * look)).isEmpty();
        }
    }

    @Test
    void grantsAsManyInstancesAsManyThreads() {
        for (int threads = 100; threads < 116; threads++) {
            // the old version has ten for each
            assertThat(gate.look(1000, 100, threads, 5, threads)).isEmpty();
        }
    }

    @Test
    void countsTheThreadsOfALoader() throws Exception {
        ClassLoader own = new ClassLoader(null) {};
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().daemon().unstarted(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setContextClassLoader(own);
        thread.start();
        try {
            assertThat(OwnThreads.of(List.of(own))).isEqualTo(Map.of(own, 1L));
        } finally {
            end.countDown();
            thread.join();
        }
        assertThat(OwnThreads.of(List.of(own))).isEmpty();
    }

    @Test
    void takesNoThreadThatTheHostLendsForTheAdaptersOwn() throws Exception {
        ClassLoader own = new ClassLoader(null) {};
        CountDownLatch end = new CountDownLatch(1);
        Thread thread = new CallThread("a call", () -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setContextClassLoader(own);
        thread.start();
        try {
            assertThat(OwnThreads.of(List.of(own))).isEmpty();
        } finally {
            end.countDown();
            thread.join();
        }
    }
}
