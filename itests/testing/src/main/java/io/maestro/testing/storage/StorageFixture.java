package io.maestro.testing.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.ProblemCode;
import io.maestro.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Opens an instance for each test and calls it in few words. */
abstract class StorageFixture {
    @SuppressWarnings("NullAway.Init") // JUnit calls openInstance first
    private ObjectStorage storage;

    /** Opens an instance over a place without objects. Called once per test; the contract closes the instance. */
    protected abstract ObjectStorage openEmpty() throws Exception;

    /** Whether the outside system has signed URLs. If not, the adapter has to say so properly. */
    protected abstract boolean signsUrls();

    /**
     * Whether the outside system checks conditions and stores in one step, so that exactly one of several puts at the same
     * time wins. False only for a peer that is known not to, although the system it stands for does.
     */
    protected abstract boolean checksConditionsAtomically();

    /** The instance of this test. */
    protected final ObjectStorage storage() {
        return storage;
    }

    /** Opens the instance. */
    @BeforeEach
    void openInstance() throws Exception {
        storage = openEmpty();
    }

    /** Closes the instance. */
    @AfterEach
    void closeInstance() {
        storage.close();
    }

    /** What comes along with a call: two minutes. */
    protected static CallContext call() {
        return new CallContext("test", Instant.now().plus(Duration.ofMinutes(2)), null);
    }

    /** Stores a text. */
    protected final StoredObject put(String key, String text) {
        return put(PutObject.of(key), text.getBytes(UTF_8));
    }

    /** Stores some bytes. */
    protected final StoredObject put(PutObject request, byte[] bytes) {
        return storage.putObject(
                call(), request, new Content(new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length)));
    }

    /** Reads an object as text. */
    protected final String read(String key) throws IOException {
        try (OpenObject open = storage.getObject(call(), new GetObject(key))) {
            return new String(open.content().readAllBytes(), UTF_8);
        }
    }

    /** Lists objects. */
    protected final ObjectList list(@Nullable String prefix, @Nullable Integer limit, @Nullable String cursor) {
        return storage.list(call(), new ListObjects(prefix, limit, cursor));
    }

    /** Expects a problem of this kind. */
    protected static void refused(ProblemCode code, ThrowingCallable act) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(act).satisfies(refusal -> {
            assertThat(refusal.problem().code()).isEqualTo(code.code());
            assertThat(refusal.problem().status()).isEqualTo(code.status());
            assertThat(refusal.problem().fix()).isNotBlank();
        });
    }

    static PutObject ifAbsent(String key) {
        return new PutObject(key, null, null, true, null);
    }

    static PutObject ifMatch(String key, String etag) {
        return new PutObject(key, null, null, null, etag);
    }

    /** One of several acts at the same time. */
    interface Racer {
        Object run(int index);
    }

    /** Which of sixteen acts at the same time went through; the others have to fail by their condition. */
    static List<Integer> winners(Racer racer) throws Exception {
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
                    assertThat(e.getCause()).isInstanceOf(ProblemException.class);
                    assertThat(((ProblemException) e.getCause()).problem().code())
                            .isEqualTo(StorageProblem.STORAGE_PRECONDITION_FAILED.code());
                }
            }
        }
        return winners;
    }
}
