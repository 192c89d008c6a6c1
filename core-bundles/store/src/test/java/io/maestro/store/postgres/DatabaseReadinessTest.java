package io.maestro.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class DatabaseReadinessTest {
    @Test
    void isReadyWhenTheProbeReturns() {
        assertThat(new DatabaseReadiness(() -> {}, Duration.ofMinutes(1)).unready())
                .isEmpty();
    }

    @Test
    void isNotReadyWhenTheProbeFails() {
        DatabaseReadiness readiness = new DatabaseReadiness(
                () -> {
                    throw new IllegalStateException("secret host name");
                },
                Duration.ofMinutes(1));
        assertThat(readiness.unready()).hasValue("the database does not answer");
    }

    @Test
    void asksAgainAfterAProbeThatEndedWithAnError() {
        AtomicInteger probes = new AtomicInteger();
        DatabaseReadiness readiness = new DatabaseReadiness(
                () -> {
                    if (probes.incrementAndGet() == 1) {
                        throw new NoClassDefFoundError("once");
                    }
                },
                Duration.ofSeconds(30));

        assertThat(readiness.unready()).hasValue("the database does not answer");
        assertThat(readiness.unready()).isEmpty();
    }

    @Test
    void asksAHangingDatabaseOnceHoweverOftenHealthIsAsked() {
        AtomicInteger probes = new AtomicInteger();
        CountDownLatch hanging = new CountDownLatch(1);
        DatabaseReadiness readiness = new DatabaseReadiness(
                () -> {
                    if (probes.incrementAndGet() == 1) {
                        try {
                            hanging.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                },
                Duration.ofMillis(50));
        for (int i = 0; i < 3; i++) {
            assertThat(readiness.unready())
                    .hasValueSatisfying(why -> assertThat(why).contains("within 50 ms"));
        }
        assertThat(probes).hasValue(1);
        hanging.countDown();
    }
}
