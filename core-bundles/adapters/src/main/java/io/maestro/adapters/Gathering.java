package io.maestro.adapters;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Reads for all who ask at the same time at once: questions that come while one read is under way wait for the next. What is
 * answered was read after it was asked for, as if each had read for itself. Blocks for two reads and a moment at most, unless
 * there are very many questions; any thread.
 *
 * @param <K> what is asked for
 * @param <V> what is there
 */
final class Gathering<K, V> {
    /** How long to wait for more questions when there were several the last time. */
    private static final Duration MOMENT = Duration.ofMillis(5);

    private final int most;
    private final Function<Set<K>, Map<K, V>> read;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, CompletableFuture<Optional<V>>> waiting = new LinkedHashMap<>();
    private boolean reading;

    /** How many asked since the last read began. */
    private int asked;

    /** Reads at most so many at once; {@code read} leaves out what is not there. */
    Gathering(int most, Function<Set<K>, Map<K, V>> read) {
        this.most = most;
        this.read = read;
    }

    /**
     * What is there; fails as the read does.
     *
     * @throws InterruptedException when whoever asks is to do something else; the read goes on for the others
     */
    Optional<V> ask(K key) throws InterruptedException {
        CompletableFuture<Optional<V>> answer;
        lock.lock();
        try {
            if (!reading) {
                // nobody who asks has to go on reading for those who come later; a platform thread, since what is asked
                // for may be
                // what takes back an adapter that has all carriers of virtual threads
                Thread.ofPlatform().daemon().name("adapter-reads").start(this::readAll);
                reading = true;
            }
            answer = waiting.computeIfAbsent(key, any -> new CompletableFuture<>());
            asked++;
        } finally {
            lock.unlock();
        }
        try {
            return answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void readAll() {
        for (Map<K, CompletableFuture<Optional<V>>> some = next(); !some.isEmpty(); some = next()) {
            answer(some);
            if (severalAsk()) {
                LockSupport.parkNanos(MOMENT.toNanos());
            }
        }
    }

    private boolean severalAsk() {
        lock.lock();
        try {
            return asked > 1;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("CatchingThrowable") // whoever asked waits for an answer, and for any failure as well
    private void answer(Map<K, CompletableFuture<Optional<V>>> asked) {
        try {
            Map<K, V> found = read.apply(Set.copyOf(asked.keySet()));
            asked.forEach((key, answer) -> answer.complete(Optional.ofNullable(found.get(key))));
        } catch (Throwable e) {
            asked.values().forEach(answer -> answer.completeExceptionally(e));
        }
    }

    /** Those whose turn it is; none ends the reading. */
    private Map<K, CompletableFuture<Optional<V>>> next() {
        lock.lock();
        try {
            Map<K, CompletableFuture<Optional<V>>> some = new LinkedHashMap<>();
            var all = waiting.entrySet().iterator();
            while (all.hasNext() && some.size() < most) {
                var one = all.next();
                some.put(one.getKey(), one.getValue());
                all.remove();
            }
            reading = !some.isEmpty();
            asked = 0;
            return some;
        } finally {
            lock.unlock();
        }
    }
}
