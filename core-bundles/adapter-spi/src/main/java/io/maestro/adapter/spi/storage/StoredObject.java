package io.maestro.adapter.spi.storage;

import java.time.Instant;
import java.util.Map;

/**
 * An object as stored, without its bytes. Output of {@code put_object} and {@code get_object}.
 *
 * @param key where it is
 * @param size how many bytes it has
 * @param etag names this state of the object, without quotes; changes when the object is replaced
 * @param contentType media type
 * @param lastModified when it was stored
 * @param metadata small texts kept with the object
 */
public record StoredObject(
        String key, long size, String etag, String contentType, Instant lastModified, Map<String, String> metadata) {
    /** Copies the map. */
    public StoredObject {
        metadata = Map.copyOf(metadata);
    }
}
