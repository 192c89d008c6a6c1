package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Content that is large is not held, and content that breaks off leaves the object as it was. */
abstract class StreamContract extends StorageContract {
    private static final long LARGE = 64L * 1024 * 1024;

    /** So much of a large object an adapter may have in memory: a part, and what is on its way. */
    private static final long HELD = 24L * 1024 * 1024;

    private static final Duration CLEARING = Duration.ofSeconds(30);

    StreamContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void streamsLargeObjectOfKnownLength() throws IOException {
        streamsLargeObject(OptionalLong.of(LARGE));
    }

    @Test
    void streamsLargeObjectOfUnknownLength() throws IOException {
        streamsLargeObject(OptionalLong.empty());
    }

    private void streamsLargeObject(OptionalLong length) throws IOException {
        long before = LiveHeap.bytes();
        AtomicLong late = new AtomicLong();
        GeneratedContent content = GeneratedContent.with(1, LARGE, LARGE * 7 / 8, () -> late.set(LiveHeap.bytes()));
        StoredObject stored = storage().putObject(call(), PutObject.of("large"), new Content(content, length));
        assertThat(late.get() - before).as("bytes held late in the put").isLessThan(HELD);
        assertThat(stored.size()).isEqualTo(LARGE);
        try (OpenObject open = storage().getObject(call(), new GetObject("large"))) {
            assertThat(open.object().size()).isEqualTo(LARGE);
            assertThat(open.object().etag()).isEqualTo(stored.etag());
            assertThat(LiveHeap.bytes() - before)
                    .as("bytes held early in the get")
                    .isLessThan(HELD);
            assertThat(GeneratedContent.digest(open.content()))
                    .isEqualTo(GeneratedContent.digest(GeneratedContent.of(1, LARGE)));
        }
    }

    @Test
    void objectStaysWhenTheSenderBreaksOff() throws IOException {
        put("kept", "as it was");
        for (OptionalLong length : List.of(OptionalLong.empty(), OptionalLong.of(3_000_000))) {
            for (long given : List.of(0L, 10L, 2_000_000L)) {
                refused(
                        StorageProblem.CONTENT_INCOMPLETE,
                        () -> storage()
                                .putObject(
                                        call(),
                                        PutObject.of("kept"),
                                        new Content(GeneratedContent.broken(1, given), length)));
            }
        }
        assertThat(read("kept")).isEqualTo("as it was");
        nothingElseIsLeft();
    }

    @Test
    void objectStaysWhenTheLengthIsNotAsAnnounced() throws IOException {
        put("kept", "as it was");
        for (long announced : List.of(0L, 9L, 11L, 100_000L)) {
            refused(
                    StorageProblem.CONTENT_INCOMPLETE,
                    () -> storage()
                            .putObject(
                                    call(),
                                    PutObject.of("kept"),
                                    new Content(GeneratedContent.of(1, 10), OptionalLong.of(announced))));
        }
        assertThat(read("kept")).isEqualTo("as it was");
    }

    @Test
    void objectStaysWhenThePutIsInterrupted() throws Exception {
        put("kept", "as it was");
        for (long stop : List.of(10L, 1_000_000L, 20_000_000L)) {
            for (OptionalLong length : List.of(OptionalLong.empty(), OptionalLong.of(24_000_000))) {
                GeneratedContent content = GeneratedContent.with(
                        1, 24_000_000, stop, () -> Thread.currentThread().interrupt());
                // on a thread of its own, so that its interruption ends with it
                Future<?> put;
                try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
                    put = executor.submit(
                            () -> storage().putObject(call(), PutObject.of("kept"), new Content(content, length)));
                }
                assertThat(put.state()).isEqualTo(Future.State.FAILED);
                assertThat(put.exceptionNow()).isInstanceOf(ProblemException.class);
            }
        }
        assertThat(read("kept")).isEqualTo("as it was");
        nothingElseIsLeft();
    }

    @Test
    void contentIsNotClosedByTheAdapter() {
        boolean[] closed = {false};
        storage()
                .putObject(
                        call(),
                        PutObject.of("key"),
                        new Content(
                                new ByteArrayInputStream(new byte[10]) {
                                    @Override
                                    public void close() {
                                        closed[0] = true;
                                    }
                                },
                                OptionalLong.of(10)));
        assertThat(closed[0]).as("the caller closes the content").isFalse();
    }

    /** Only the one object is listed. A server may show for a moment what it is still clearing away. */
    private void nothingElseIsLeft() {
        long limit = System.nanoTime() + CLEARING.toNanos();
        while (!oneObjectIsListed() && System.nanoTime() < limit) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    private boolean oneObjectIsListed() {
        try {
            return list(null, null, null).objects().size() == 1;
        } catch (ProblemException e) {
            return false; // asked again; the last time, it has to go well
        }
    }
}
