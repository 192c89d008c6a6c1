package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Conditional puts store when the condition holds and change nothing when it does not. */
abstract class ConditionContract extends StorageContract {
    ConditionContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void storesOnlyIfAbsentWhenAsked() throws IOException {
        put(ifAbsent("once"), "first".getBytes(UTF_8));
        refused(StorageProblem.STORAGE_PRECONDITION_FAILED, () -> put(ifAbsent("once"), "second".getBytes(UTF_8)));
        assertThat(read("once")).isEqualTo("first");
    }

    @Test
    void storesOnlyOverTheExpectedStateWhenAsked() throws IOException {
        StoredObject first = put("state", "first");
        StoredObject second = put(ifMatch("state", first.etag()), "second".getBytes(UTF_8));
        refused(
                StorageProblem.STORAGE_PRECONDITION_FAILED,
                () -> put(ifMatch("state", first.etag()), "third".getBytes(UTF_8)));
        assertThat(read("state")).isEqualTo("second");
        put(ifMatch("state", second.etag()), "fourth".getBytes(UTF_8));
        assertThat(read("state")).isEqualTo("fourth");
    }

    @Test
    void expectedStateOfAMissingObjectNeverHolds() {
        StoredObject other = put("other", "x");
        refused(
                StorageProblem.STORAGE_PRECONDITION_FAILED,
                () -> put(ifMatch("missing", other.etag()), "x".getBytes(UTF_8)));
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void contradictingAndUnreadableConditionsAreRefused() {
        StoredObject stored = put("key", "x");
        refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> put(new PutObject("key", null, null, true, stored.etag()), new byte[0]));
        refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> put(ifMatch("key", "\"quoted\""), new byte[0]));
    }

    @Test
    void oneOfManyConditionalPutsWins() throws Exception {
        for (int round = 0; round < 5; round++) {
            String key = "race-" + round;
            List<Integer> first = winners(index -> put(ifAbsent(key), ("winner " + index).getBytes(UTF_8)));
            assertThat(first).as("puts if absent that won").isNotEmpty();
            String etag = list(key, null, null).objects().getFirst().etag();
            List<Integer> second =
                    winners(index -> put(ifMatch(key, etag), ("second winner " + index).getBytes(UTF_8)));
            assertThat(second).as("puts if unchanged that won").isNotEmpty();
            if (offers(StorageFixture.Offer.ATOMIC_CONDITIONS)) {
                assertThat(first).as("puts if absent that won").hasSize(1);
                assertThat(second).as("puts if unchanged that won").hasSize(1);
            }
            assertThat(second).extracting(index -> "second winner " + index).contains(read(key));
        }
    }

    /** One of several acts at the same time. */
    private interface Racer {
        Object run(int index);
    }

    /** Which of sixteen acts at the same time went through; the others have to fail by their condition. */
    private static List<Integer> winners(Racer racer) throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        List<Callable<Object>> acts = IntStream.range(0, 16)
                .<Callable<Object>>mapToObj(index -> () -> {
                    start.await();
                    return racer.run(index);
                })
                .toList();
        List<Integer> winners = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> futures = acts.stream().map(executor::submit).toList();
            start.countDown();
            for (int index = 0; index < futures.size(); index++) {
                try {
                    futures.get(index).get();
                    winners.add(index);
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOfSatisfying(
                                    ProblemException.class,
                                    lost -> assertThat(lost.problem().code())
                                            .isEqualTo(StorageProblem.STORAGE_PRECONDITION_FAILED.code()));
                }
            }
        }
        return winners;
    }
}
