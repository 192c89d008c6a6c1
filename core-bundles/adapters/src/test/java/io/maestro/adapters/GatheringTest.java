package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reads for many who ask at the same time. */
@Timeout(60)
class GatheringTest {
    private final List<Set<Integer>> reads = new CopyOnWriteArrayList<>();

    private Map<Integer, String> read(Set<Integer> keys) {
        reads.add(keys);
        return keys.stream().filter(key -> key >= 0).collect(Collectors.toMap(Function.identity(), key -> "v" + key));
    }

    @Test
    void answersWhatIsThereAndWhatIsNot() throws Exception {
        Gathering<Integer, String> gathering = new Gathering<>(10, this::read);

        assertThat(gathering.ask(1)).contains("v1");
        assertThat(gathering.ask(-1)).isEmpty();
        assertThat(reads).containsExactly(Set.of(1), Set.of(-1));
    }

    @Test
    void readsTogetherForThoseWhoComeWhileItReads() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger asking = new AtomicInteger();
        Gathering<Integer, String> gathering = new Gathering<>(30, keys -> {
            if (keys.contains(0)) {
                join(go);
            }
            return read(keys);
        });
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = new ArrayList<>();
            answers.add(callers.submit(() -> gathering.ask(0).orElseThrow()));
            for (int i = 1; i <= 50; i++) {
                int key = i;
                answers.add(callers.submit(() -> {
                    asking.incrementAndGet();
                    return gathering.ask(key).orElseThrow();
                }));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> asking.get() == 50);
            go.countDown();
            for (int i = 0; i <= 50; i++) {
                assertThat(answers.get(i).get()).isEqualTo("v" + i);
            }
        }
        assertThat(reads)
                .hasSizeLessThan(51)
                .allSatisfy(keys -> assertThat(keys).hasSizeLessThanOrEqualTo(30));
        assertThat(reads.stream().mapToInt(Set::size).sum()).isEqualTo(51);
    }

    @Test
    void readsAnewForWhoeverAsksAfterwards() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Gathering<String, Integer> gathering = new Gathering<>(10, keys -> Map.of("a", number.incrementAndGet()));

        assertThat(gathering.ask("a")).contains(1);
        assertThat(gathering.ask("a")).contains(2);
    }

    @Test
    void failsForThoseWhoAskedAndForNobodyAfterThem() throws Exception {
        AtomicInteger number = new AtomicInteger();
        Gathering<String, Integer> gathering = new Gathering<>(10, keys -> {
            if (number.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
            }
            return Map.of("a", 1);
        });

        assertThatThrownBy(() -> gathering.ask("a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("not now");
        assertThat(gathering.ask("a")).contains(1);
    }

    @Test
    void whoeverIsInterruptedWaitsNoLongerAndTheOthersAreAnswered() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch reading = new CountDownLatch(1);
        Gathering<Integer, String> gathering = new Gathering<>(10, keys -> {
            reading.countDown();
            join(go);
            return read(keys);
        });
        CompletableFuture<String> other = new CompletableFuture<>();
        Thread.ofPlatform().daemon().start(() -> {
            try {
                other.complete(gathering.ask(1).orElseThrow());
            } catch (InterruptedException e) {
                other.completeExceptionally(e);
            }
        });
        reading.await();

        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> gathering.ask(2)).isInstanceOf(InterruptedException.class);
        go.countDown();
        assertThat(other.get()).isEqualTo("v1");
        assertThat(gathering.ask(3)).contains("v3");
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
