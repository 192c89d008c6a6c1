package io.maestro.testing.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every storage keeps about content that is large, breaks off, or is not read to its end. */
abstract class StreamContract extends StorageFixture {
    private static final long LARGE = 64L * 1024 * 1024;

    @Test
    void streamsLargeObjectOfKnownLength() throws IOException {
        streamsLargeObject(OptionalLong.of(LARGE));
    }

    @Test
    void streamsLargeObjectOfUnknownLength() throws IOException {
        streamsLargeObject(OptionalLong.empty());
    }

    /** The heap of the tests is far smaller than the object and several of them, so it cannot have been held. */
    private void streamsLargeObject(OptionalLong length) throws IOException {
        assertThat(Runtime.getRuntime().maxMemory())
                .as("run this contract with a heap smaller than the large object")
                .isLessThan(LARGE);
        StoredObject stored =
                storage().putObject(call(), PutObject.of("large"), new Content(GeneratedContent.of(1, LARGE), length));
        assertThat(stored.size()).isEqualTo(LARGE);
        try (OpenObject open = storage().getObject(call(), new GetObject("large"))) {
            assertThat(open.object().size()).isEqualTo(LARGE);
            assertThat(open.object().etag()).isEqualTo(stored.etag());
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
        assertThat(list(null, null, null).objects()).hasSize(1);
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
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void readingMayStopAnywhere() throws IOException {
        storage()
                .putObject(
                        call(),
                        PutObject.of("half"),
                        new Content(GeneratedContent.of(1, 5_000_000), OptionalLong.of(5_000_000)));
        for (int i = 0; i < 20; i++) {
            try (OpenObject open = storage().getObject(call(), new GetObject("half"))) {
                assertThat(open.content().readNBytes(1000)).hasSize(1000);
            }
        }
        put("half", "whole");
        assertThat(read("half")).isEqualTo("whole");
    }
}
