package io.maestro.adapter.spi.storage;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Output of {@code get_object}; the bytes travel beside it.
 *
 * @param key where the object is
 * @param size how many bytes the whole object has, also when a part was asked for
 * @param etag names this state of the object, without quotes
 * @param contentType media type
 * @param lastModified when it was stored
 * @param metadata small texts kept with the object
 * @param sha256 the SHA-256 of the whole object in lower-case hexadecimal, if it was given with the put
 * @param range which part the bytes are; null when they are the whole object
 */
public record ReadObject(
        String key,
        long size,
        String etag,
        String contentType,
        Instant lastModified,
        Map<String, String> metadata,
        @Nullable String sha256,
        @Nullable ByteRange range) {
    /** Copies the map. */
    public ReadObject {
        metadata = Map.copyOf(metadata);
    }

    static ReadObject of(OpenObject open) {
        StoredObject object = open.object();
        return new ReadObject(
                object.key(),
                object.size(),
                object.etag(),
                object.contentType(),
                object.lastModified(),
                object.metadata(),
                object.sha256(),
                open.range());
    }
}
