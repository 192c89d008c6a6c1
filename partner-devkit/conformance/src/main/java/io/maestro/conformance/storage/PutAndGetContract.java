package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectList;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is put can be got. */
abstract class PutAndGetContract extends StorageContract {
    private static final Duration OFF = Duration.ofMinutes(1);

    PutAndGetContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void returnsWhatWasStored() throws IOException {
        byte[] bytes = "content ıİ".getBytes(UTF_8);
        Instant before = InstantSource.system().instant().minus(OFF);
        StoredObject stored = put(
                new PutObject("folder/notes.txt", "text/plain;charset=utf-8", Map.of("origin", "a kit"), null, null),
                bytes);
        assertThat(stored.key()).isEqualTo("folder/notes.txt");
        assertThat(stored.size()).isEqualTo(bytes.length);
        assertThat(stored.etag()).isNotBlank().doesNotContain("\"");
        assertThat(stored.lastModified())
                .isBetween(before, InstantSource.system().instant().plus(OFF));
        try (OpenObject open = storage().getObject(call(), new GetObject("folder/notes.txt"))) {
            assertThat(open.content().readAllBytes()).isEqualTo(bytes);
            assertThat(open.content().read()).isEqualTo(-1);
            assertThat(open.object())
                    .usingRecursiveComparison()
                    .ignoringFields("lastModified")
                    .isEqualTo(stored);
            assertThat(Duration.between(stored.lastModified(), open.object().lastModified())
                            .abs())
                    .isLessThan(OFF);
        }
    }

    @Test
    void storesEmptyObjectOfKnownAndUnknownLength() throws IOException {
        put("empty", "");
        storage()
                .putObject(
                        call(),
                        PutObject.of("empty-too"),
                        new Content(InputStream.nullInputStream(), OptionalLong.empty()));
        assertThat(read("empty")).isEmpty();
        assertThat(read("empty-too")).isEmpty();
        assertThat(list(null, null, null).objects())
                .extracting(ObjectList.Entry::size)
                .containsExactly(0L, 0L);
    }

    @Test
    void replacesTheWholeObject() throws IOException {
        put("key", "the first and longer one");
        put("key", "the second");
        assertThat(read("key")).isEqualTo("the second");
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void putOfTheSameActTwiceIsAsGoodAsOnce() throws IOException {
        CallContext once = new CallContext("test", call().deadline(), "one-act");
        StoredObject first = storage().putObject(once, PutObject.of("key"), content("x".getBytes(UTF_8)));
        StoredObject second = storage().putObject(once, PutObject.of("key"), content("x".getBytes(UTF_8)));
        assertThat(second.size()).isEqualTo(first.size());
        assertThat(read("key")).isEqualTo("x");
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void saysThatAnObjectIsNotThere() {
        refused(StorageProblem.OBJECT_NOT_FOUND, () -> storage().getObject(call(), new GetObject("missing")));
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
