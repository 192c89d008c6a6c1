package io.maestro.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.ReferenceQueue;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What may be left of a closed instance. */
public final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A slow machine ends many of them. */
    private static final Duration CONNECTIONS = Duration.ofSeconds(20);

    private Leftovers() {}

    /** All platform threads but those that the platform keeps for itself. */
    public static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !thread.getClass().getName().matches("jdk\\.internal\\.misc\\.\\w+Thread"))
                .collect(Collectors.toSet());
    }

    /** Expects that all threads end that were not there before. */
    public static void endThreadsBut(Set<Thread> before) throws InterruptedException {
        for (Thread thread : threads()) {
            if (!before.contains(thread)) {
                assertThat(thread.join(PATIENCE))
                        .as(
                                "the thread %s of %s ends; it is at %s",
                                thread.getName(), thread.getClass(), Arrays.asList(thread.getStackTrace()))
                        .isTrue();
            }
        }
    }

    /** Expects that whoever came this way has ended all connections. */
    public static void endConnectionsOf(FaultyProxy way) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long limit = System.nanoTime() + CONNECTIONS.toNanos();
        while (way.open() > 0 && System.nanoTime() < limit) {
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(way.open()).as("connections of the closed instance").isZero();
    }

    /** Expects that what announces its end here is collected. The JVM must not ignore {@code System.gc()}. */
    public static void collects(ReferenceQueue<?> collected) throws InterruptedException {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        boolean gone = false;
        while (!gone && System.nanoTime() < limit) {
            System.gc();
            gone = collected.remove(200) != null;
        }
        assertThat(gone).as("the closed instance is collected").isTrue();
    }
}
