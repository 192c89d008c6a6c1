package io.maestro.adapter.spi.storage;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object as stored, without its bytes. Output of {@code put_object} and {@code head_object}.
 *
 * @param key where it is
 * @param size how many bytes it has
 * @param etag names this state of the object, without quotes; changes when the object is replaced
 * @param contentType media type
 * @param lastModified when it was stored
 * @param metadata small texts kept with the object
 * @param sha256 the SHA-256 of its bytes in lower-case hexadecimal, if it was given with the put; null otherwise
 */
public record StoredObject(
        String key,
        long size,
        String etag,
        String contentType,
        Instant lastModified,
        Map<String, String> metadata,
        @Nullable String sha256) {
    /** Copies the map. */
    public StoredObject {
        metadata = Map.copyOf(metadata);
    }

    /** An object that was stored without a SHA-256. */
    public StoredObject(
            String key,
            long size,
            String etag,
            String contentType,
            Instant lastModified,
            Map<String, String> metadata) {
        this(key, size, etag, contentType, lastModified, metadata, null);
    }
}
