package io.maestro.adapter.spi.storage;

import org.jspecify.annotations.Nullable;

/**
 * Input of {@code get_object}.
 *
 * @param key which object
 * @param offset how many bytes to leave out at the beginning, fewer than the object has; null for the whole object
 * @param length at most how many bytes to give from there on, at least one; null for all that follow. Only with an offset
 */
public record GetObject(
        String key, @Nullable Long offset, @Nullable Long length) {
    /** Asks for the whole object. */
    public GetObject(String key) {
        this(key, null, null);
    }
}
