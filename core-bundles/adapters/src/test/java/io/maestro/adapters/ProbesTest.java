package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.Health;
import io.maestro.api.adapters.InstanceHealth.ProbeState;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ProbesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Scope ACME = Scope.of("acme", "prod");

    private final FlightTable flights = new FlightTable();
    private final List<Binding> open = new CopyOnWriteArrayList<>();
    private final Probes probes = new Probes(
            () -> open,
            InstantSource.system(),
            new Probes.Pace(
                    Duration.ofMillis(50), Duration.ofMillis(300), Duration.ofMillis(10), Duration.ofMillis(1), 2),
            Metrics.NONE);

    @AfterEach
    void stop() {
        probes.stop();
        flights.close();
    }

    private record Asked(Supplier<Health> answer) implements AdapterInstance {
        @Override
        public Health health() {
            return answer.get();
        }

        @Override
        public void close() {}
    }

    private static InstanceKey key(String name) {
        return new InstanceKey(ACME, new InstanceId(name));
    }

    private Binding open(String name, Supplier<Health> answer) {
        Binding binding = new Binding(
                ACME,
                new InstanceId(name),
                DefinitionId.parse("files@1.0.0"),
                AdapterType.all().getFirst(),
                new Asked(answer),
                new Guard(
                        key(name),
                        GuardSettings.USUAL,
                        flights,
                        new CallMeter(Metrics.NONE, key(name), new CallHistories()),
                        InstantSource.system()));
        open.add(binding);
        return binding;
    }

    private void becomes(String name, ProbeState state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(probes.of(key(name)).state()).isEqualTo(state));
    }

    @Test
    void showsWhatAnInstanceSaysAndSinceWhen() {
        CopyOnWriteArrayList<Health> answer = new CopyOnWriteArrayList<>(List.of(new Health.Up()));
        open("files", answer::getFirst);
        probes.start();

        becomes("files", ProbeState.UP);
        assertThat(probes.of(key("files")).reason()).isNull();
        answer.set(0, new Health.Down("the bucket is gone"));
        becomes("files", ProbeState.DOWN);
        assertThat(probes.of(key("files")).reason()).isEqualTo("the bucket is gone");
        var first = probes.of(key("files"));
        await().atMost(PATIENCE)
                .until(() -> !Objects.equals(first.at(), probes.of(key("files")).at()));
        assertThat(probes.of(key("files")).since()).isEqualTo(first.since());
    }

    @Test
    void anInstanceThatThrowsOrSaysNothingIsDown() {
        open("throws", () -> {
            throw new IllegalStateException("no");
        });
        open("nothing", () -> Arrays.asList((Health) null).getFirst());
        probes.start();

        becomes("throws", ProbeState.DOWN);
        becomes("nothing", ProbeState.DOWN);
    }

    @Test
    void instancesThatHangAreAskedOnceAndKeepNoneFromBeingAsked() {
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 5; i++) {
            open("hangs" + i, () -> {
                asked.incrementAndGet();
                boolean over = false;
                while (!over) {
                    try {
                        released.await();
                        over = true;
                    } catch (InterruptedException e) {
                        // one that does not heed its interrupt
                        over = false;
                    }
                }
                return new Health.Up();
            });
        }
        AtomicInteger fine = new AtomicInteger();
        open("fine", () -> {
            fine.incrementAndGet();
            return new Health.Up();
        });
        probes.start();

        becomes("hangs4", ProbeState.DOWN);
        becomes("fine", ProbeState.UP);
        int before = fine.get();
        await().atMost(PATIENCE).until(() -> fine.get() > before + 3);
        assertThat(asked).hasValue(5);
        released.countDown();
        becomes("hangs0", ProbeState.UP);
    }

    @Test
    void anInstanceIsNotClosedWhileItIsAsked() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Binding binding = open("files", () -> {
            inside.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Health.Up();
        });
        probes.start();
        inside.await();

        assertThat(binding.guard.running()).isEqualTo(1);
        released.countDown();
        assertThat(binding.guard.drain(PATIENCE)).isTrue();
        assertThat(binding.guard.retainBeside()).isFalse();
        assertThat(binding.guard.running()).isZero();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(probes.of(key("files")).state()).isEqualTo(ProbeState.UNKNOWN));
    }
}
