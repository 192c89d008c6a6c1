package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.HeadObject;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import io.maestro.model.Digest;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A SHA-256 that is given with a put is checked, kept, given back, and compared with what is read. */
abstract class DigestContract extends StorageContract {
    /** More than what is usually sent in one request. */
    private static final long LARGE = 20_000_001;

    private static final List<Long> SIZES = List.of(0L, 1L, 100_000L, LARGE);

    DigestContract(StorageKit kit) {
        super(kit);
    }

    private static PutObject put(String sha256) {
        return new PutObject("key", "text/plain", Map.of("origin", "a kit"), null, null, sha256);
    }

    private static List<OptionalLong> lengths(long size) {
        return List.of(OptionalLong.of(size), OptionalLong.empty());
    }

    @Test
    void digestIsKeptAndGivenBack() throws IOException {
        for (long size : SIZES) {
            String sha256 = GeneratedContent.digest(GeneratedContent.of(1, size));
            for (OptionalLong length : lengths(size)) {
                StoredObject stored =
                        storage().putObject(call(), put(sha256), new Content(GeneratedContent.of(1, size), length));
                assertThat(stored.sha256()).isEqualTo(sha256);
                StoredObject head = storage().headObject(call(), new HeadObject("key"));
                assertThat(head.sha256()).isEqualTo(sha256);
                assertThat(head.metadata()).isEqualTo(Map.of("origin", "a kit"));
                try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
                    assertThat(open.object()).isEqualTo(head);
                    assertThat(GeneratedContent.digest(open.content())).isEqualTo(sha256);
                }
            }
        }
    }

    @Test
    void contentOfAnotherDigestLeavesTheObjectAsItWas() throws IOException {
        put("key", "as it was");
        String said = Digest.sha256("something else").hex();
        for (long size : SIZES) {
            String found = GeneratedContent.digest(GeneratedContent.of(1, size));
            for (OptionalLong length : lengths(size)) {
                assertThat(refused(
                                        StorageProblem.STORAGE_DIGEST_MISMATCH,
                                        () -> storage()
                                                .putObject(
                                                        call(),
                                                        put(said),
                                                        new Content(GeneratedContent.of(1, size), length)))
                                .detail())
                        .contains(said)
                        .contains(found);
            }
        }
        assertThat(read("key")).isEqualTo("as it was");
        assertThat(list(null, null, null).objects()).hasSize(1);
    }

    @Test
    void digestOfAnObjectIsNotThatOfTheOneBefore() throws IOException {
        String first = Digest.sha256("first").hex();
        put(put(first), "first".getBytes(UTF_8));
        put("key", "second");
        assertThat(storage().headObject(call(), new HeadObject("key")).sha256()).isNotEqualTo(first);
        assertThat(read("key")).isEqualTo("second");
    }

    @Test
    void digestAndTheLargestMetadataComeBackTogether() {
        String sha256 = Digest.sha256("x").hex();
        Map<String, String> metadata = Map.of("m", "v".repeat(1967));
        put(new PutObject("key", null, metadata, null, null, sha256), "x".getBytes(UTF_8));
        StoredObject head = storage().headObject(call(), new HeadObject("key"));
        assertThat(head.metadata()).isEqualTo(metadata);
        assertThat(head.sha256()).isEqualTo(sha256);
    }

    @Test
    void whatIsNoDigestIsRefused() {
        for (String bad : List.of("", "abc", Digest.sha256("x").hex().replaceAll("[a-f]", "A"))) {
            refused(StorageProblem.STORAGE_REQUEST_INVALID, () -> put(put(bad), "x".getBytes(UTF_8)));
        }
        assertThat(list(null, null, null).objects()).isEmpty();
    }

    @Test
    void whatIsNotWhatWasStoredIsNeverReadToItsEnd(TestReporter reporter) throws Exception {
        byte[] content = GeneratedContent.of(1, 100_000).readAllBytes();
        put(put(GeneratedContent.digest(GeneratedContent.of(1, 100_000))), content);
        if (!fixture().spoil(place(), context().folder(), "key")) {
            reporter.publishEntry("not tried", "the fixture spoils no object, so nobody knows what happens to one");
            return;
        }
        int[] given = {0};
        try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
            assertThatIOException().as("reading what was spoilt").isThrownBy(() -> {
                while (open.content().read() >= 0) {
                    given[0]++;
                }
            });
        }
        assertThat(given[0]).as("bytes that were given, not to look like all").isLessThan(content.length);
    }
}
