package io.maestro.conformance.provisioning;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Several acts at the same time. */
final class Race {
    private Race() {}

    /** One of several acts. */
    interface Racer {
        void run(int index) throws Exception;
    }

    /** Begins all at once and waits until all have ended; fails when one of them does. */
    static void of(int racers, Racer racer) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Callable<Void>> acts = IntStream.range(0, racers)
                .<Callable<Void>>mapToObj(index -> () -> {
                    start.await();
                    racer.run(index);
                    return null;
                })
                .toList();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Void>> futures = acts.stream().map(executor::submit).toList();
            start.countDown();
            for (Future<Void> future : futures) {
                future.get();
            }
        }
    }
}
