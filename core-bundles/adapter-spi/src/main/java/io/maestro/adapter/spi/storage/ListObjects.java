package io.maestro.adapter.spi.storage;

import org.jspecify.annotations.Nullable;

/**
 * Input of {@code list}.
 *
 * @param prefix only keys that start with it; null for all
 * @param limit at most so many objects and prefixes together, 1 to 1000; 1000 when null
 * @param cursor the {@code next} of the page before, or null for the first page. Good for the same prefix and delimiter only
 * @param delimiter all keys that have it behind the prefix, and are the same up to it, are told as one prefix; null for
 *     all keys one by one
 */
public record ListObjects(
        @Nullable String prefix,
        @Nullable Integer limit,
        @Nullable String cursor,
        @Nullable String delimiter) {
    /** Asks for all keys one by one. */
    public ListObjects(@Nullable String prefix, @Nullable Integer limit, @Nullable String cursor) {
        this(prefix, limit, cursor, null);
    }
}
