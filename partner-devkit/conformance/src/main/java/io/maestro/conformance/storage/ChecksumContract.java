package io.maestro.conformance.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StoredObject;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every byte comes back as it was, whatever the size and however it is read, and an ETag names one state. */
abstract class ChecksumContract extends StorageContract {
    /** Around what buffers, chunks and parts are usually as large as. */
    private static final List<Long> SIZES = List.of(
            1L,
            511L,
            512L,
            8_191L,
            8_192L,
            8_193L,
            65_535L,
            65_536L,
            65_537L,
            1_048_575L,
            1_048_577L,
            4_194_304L,
            4_194_305L);

    ChecksumContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void bytesOfEverySizeComeBack() throws IOException {
        for (long size : SIZES) {
            for (OptionalLong length : List.of(OptionalLong.of(size), OptionalLong.empty())) {
                StoredObject stored = storage()
                        .putObject(call(), PutObject.of("sized"), new Content(GeneratedContent.of(size, size), length));
                assertThat(stored.size()).isEqualTo(size);
                try (OpenObject open = storage().getObject(call(), new GetObject("sized"))) {
                    assertThat(open.object().size()).isEqualTo(size);
                    assertThat(GeneratedContent.digest(open.content()))
                            .as("SHA-256 of %s bytes", size)
                            .isEqualTo(GeneratedContent.digest(GeneratedContent.of(size, size)));
                }
            }
        }
    }

    @Test
    void bytesAreTheSameHoweverTheyAreRead() throws IOException {
        long size = 100_000;
        storage()
                .putObject(
                        call(), PutObject.of("read"), new Content(GeneratedContent.of(1, size), OptionalLong.of(size)));
        byte[] whole = GeneratedContent.of(1, size).readAllBytes();
        try (OpenObject open = storage().getObject(call(), new GetObject("read"))) {
            byte[] target = new byte[(int) size + 10];
            int at = 0;
            while (at < size) {
                if (at % 3 == 0) {
                    int one = open.content().read();
                    assertThat(one).isBetween(0, 255);
                    target[at++] = (byte) one;
                } else {
                    int count = open.content().read(target, at, Math.min(1013, target.length - at));
                    assertThat(count).isPositive();
                    at += count;
                }
            }
            assertThat(open.content().read(target, 0, 1)).isEqualTo(-1);
            assertThat(open.content().read(target, 0, 0)).isIn(0, -1);
            assertThat(target).startsWith(whole);
        }
    }

    @Test
    void etagNamesOneState() throws IOException {
        Set<String> etags = new HashSet<>();
        for (String text : List.of("one", "two", "six")) {
            StoredObject stored = put("key", text);
            etags.add(stored.etag());
            assertThat(list(null, null, null).objects().getFirst().etag()).isEqualTo(stored.etag());
            try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
                assertThat(open.object().etag()).isEqualTo(stored.etag());
            }
        }
        assertThat(etags).hasSize(3);
    }
}
