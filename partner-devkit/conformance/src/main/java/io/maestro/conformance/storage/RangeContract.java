package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.ByteRange;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** A part of an object, and what is known of it without its bytes. */
abstract class RangeContract extends StorageContract {
    private static final int SIZE = 200_000;

    RangeContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void givesTheRangeAndTheWholeSize() throws IOException {
        StoredObject stored = storage()
                .putObject(
                        call(), PutObject.of("key"), new Content(GeneratedContent.of(1, SIZE), OptionalLong.of(SIZE)));
        byte[] whole = GeneratedContent.of(1, SIZE).readAllBytes();
        List<GetObject> parts = List.of(
                new GetObject("key", 0L, 1L),
                new GetObject("key", 0L, null),
                new GetObject("key", 0L, (long) SIZE),
                new GetObject("key", 1L, 9L),
                new GetObject("key", 65_535L, 65_537L),
                new GetObject("key", SIZE - 1L, null),
                new GetObject("key", SIZE - 10L, 10L),
                new GetObject("key", SIZE - 10L, 11L),
                new GetObject("key", 3L, Long.MAX_VALUE));
        for (GetObject part : parts) {
            int from = Math.toIntExact(part.offset() == null ? 0 : part.offset());
            long rest = (long) SIZE - from;
            int length = Math.toIntExact(part.length() == null ? rest : Math.min(part.length(), rest));
            try (OpenObject open = storage().getObject(call(), part)) {
                assertThat(open.range()).as("%s", part).isEqualTo(new ByteRange(from, length));
                assertThat(open.object().size()).as("the whole size").isEqualTo(SIZE);
                assertThat(open.object().etag()).isEqualTo(stored.etag());
                assertThat(open.content().readAllBytes())
                        .as("%s", part)
                        .isEqualTo(Arrays.copyOfRange(whole, from, from + length));
                assertThat(open.content().read()).isEqualTo(-1);
            }
        }
        try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
            assertThat(open.range()).as("nobody asked for one").isNull();
        }
    }

    @Test
    void rangeThatBeginsAtTheEndOrBehindItIsRefused() {
        put("ten", "0123456789");
        put("empty", "");
        for (GetObject beyond : List.of(
                new GetObject("ten", 10L, null),
                new GetObject("ten", 10L, 1L),
                new GetObject("ten", 1_000_000L, null),
                new GetObject("empty", 0L, null),
                new GetObject("empty", 0L, 1L))) {
            refused(StorageProblem.STORAGE_RANGE_UNSATISFIABLE, () -> storage().getObject(call(), beyond));
        }
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> storage().getObject(call(), new GetObject("missing", 0L, 1L)));
    }

    @Test
    void rangeThatIsNoneIsRefused() {
        put("ten", "0123456789");
        for (GetObject none : List.of(
                new GetObject("ten", -1L, null), new GetObject("ten", 0L, 0L), new GetObject("ten", null, 1L))) {
            refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> storage().getObject(call(), none));
        }
    }

    @Test
    void readingOfARangeMayStopAnywhere() throws IOException {
        storage()
                .putObject(
                        call(),
                        PutObject.of("half"),
                        new Content(GeneratedContent.of(1, 5_000_000), OptionalLong.of(5_000_000)));
        for (int i = 0; i < 20; i++) {
            try (OpenObject open = storage().getObject(call(), new GetObject("half", 1_000L, null))) {
                assertThat(open.content().readNBytes(1000)).hasSize(1000);
            }
        }
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void headTellsWhatGetTells() throws IOException {
        for (String content : List.of("", "some content")) {
            put(
                    new PutObject("folder/é", "text/plain", Map.of("origin", "a kit"), null, null),
                    content.getBytes(UTF_8));
            StoredObject head = storage().headObject(call(), new HeadObject("folder/é"));
            try (OpenObject open = storage().getObject(call(), new GetObject("folder/é"))) {
                assertThat(head).isEqualTo(open.object());
            }
        }
    }

    @Test
    void headOfWhatIsNotThereSaysSo() {
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> storage().headObject(call(), new HeadObject("missing")));
        refused(StorageProblem.OBJECT_KEY_INVALID, () -> storage().headObject(call(), new HeadObject("a/../b")));
    }
}
