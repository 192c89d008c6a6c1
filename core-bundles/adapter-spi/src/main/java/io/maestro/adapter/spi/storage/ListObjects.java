package io.maestro.adapter.spi.storage;

import org.jspecify.annotations.Nullable;

/**
 * Input of {@code list}.
 *
 * @param prefix only keys that start with it; null for all
 * @param limit at most so many, 1 to 1000; 1000 when null
 * @param cursor the {@code next} of the page before, or null for the first page
 */
public record ListObjects(
        @Nullable String prefix,
        @Nullable Integer limit,
        @Nullable String cursor) {}
