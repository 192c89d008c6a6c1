package io.maestro.conformance.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.StorageProblem;
import io.maestro.adapter.spi.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Content type and metadata travel with the object. */
abstract class MetadataContract extends StorageContract {
    MetadataContract(StorageKit kit) {
        super(kit);
    }

    @Test
    void contentTypeAndMetadataComeBack() throws IOException {
        Map<String, String> metadata =
                Map.of("origin", "a kit", "number-2", "a=b; c, d", "2nd", "\"quoted\"", "a-b-c", "~!@#$%^&*()_+");
        StoredObject stored =
                put(new PutObject("key", "text/plain;charset=utf-8", metadata, null, null), "x".getBytes(UTF_8));
        assertThat(stored.contentType()).isEqualTo("text/plain;charset=utf-8");
        assertThat(stored.metadata()).isEqualTo(metadata);
        try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
            assertThat(open.object().contentType()).isEqualTo("text/plain;charset=utf-8");
            assertThat(open.object().metadata()).isEqualTo(metadata);
        }
    }

    @Test
    void largestMetadataComesBack() throws IOException {
        Map<String, String> metadata = Map.of("m", "v".repeat(2047));
        put(new PutObject("key", null, metadata, null, null), "x".getBytes(UTF_8));
        try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
            assertThat(open.object().metadata()).isEqualTo(metadata);
        }
    }

    @Test
    void plainBytesWithoutMetadataWhenNothingIsSaid() throws IOException {
        put("plain", "x");
        try (OpenObject open = storage().getObject(call(), new GetObject("plain"))) {
            assertThat(open.object().contentType()).isEqualTo("application/octet-stream");
            assertThat(open.object().metadata()).isEmpty();
        }
    }

    @Test
    void replacingReplacesContentTypeAndMetadataToo() throws IOException {
        StoredObject first =
                put(new PutObject("key", "text/plain", Map.of("a", "1"), null, null), "first".getBytes(UTF_8));
        StoredObject second =
                put(new PutObject("key", "text/html", Map.of("b", "2"), null, null), "the second".getBytes(UTF_8));
        assertThat(second.etag()).isNotEqualTo(first.etag());
        try (OpenObject open = storage().getObject(call(), new GetObject("key"))) {
            assertThat(open.object().contentType()).isEqualTo("text/html");
            assertThat(open.object().metadata()).isEqualTo(Map.of("b", "2"));
            assertThat(open.object().etag()).isEqualTo(second.etag());
        }
    }

    @Test
    void whatIsNotPortableIsRefused() {
        for (Map<String, String> bad : List.of(
                Map.of("Upper", "x"),
                Map.of("under_score", "x"),
                Map.of("a", "é"),
                Map.of("a", " x"),
                Map.of("a", "v".repeat(2048)))) {
            refused(
                    StorageProblem.STORAGE_REQUEST_INVALID,
                    () -> put(new PutObject("key", null, bad, null, null), new byte[0]));
        }
        refused(
                StorageProblem.STORAGE_REQUEST_INVALID,
                () -> put(new PutObject("key", "no media type", null, null, null), new byte[0]));
        assertThat(list(null, null, null).objects()).isEmpty();
    }
}
