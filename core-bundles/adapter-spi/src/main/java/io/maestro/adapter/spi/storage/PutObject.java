package io.maestro.adapter.spi.storage;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Input of {@code put_object}; the bytes travel beside it.
 *
 * @param key where to store
 * @param contentType media type, kept with the object; {@code application/octet-stream} when null
 * @param metadata small texts kept with the object, together at most 2 KiB; names of lower-case letters, digits and inner
 *     hyphens, values of printable ASCII; null is the same as empty
 * @param ifAbsent store only if there is no object under the key; null is the same as false
 * @param ifMatch store only if the object under the key has this ETag; null for no condition
 * @param sha256 the SHA-256 that the bytes have, in lower-case hexadecimal: others are not stored, and it is kept with the
 *     object; null when it is not known
 */
public record PutObject(
        String key,
        @Nullable String contentType,
        @Nullable Map<String, String> metadata,
        @Nullable Boolean ifAbsent,
        @Nullable String ifMatch,
        @Nullable String sha256) {
    /** A put of bytes whose SHA-256 is not known. */
    public PutObject(
            String key,
            @Nullable String contentType,
            @Nullable Map<String, String> metadata,
            @Nullable Boolean ifAbsent,
            @Nullable String ifMatch) {
        this(key, contentType, metadata, ifAbsent, ifMatch, null);
    }

    /** An unconditional put. */
    public static PutObject of(String key) {
        return new PutObject(key, null, null, null, null);
    }
}
