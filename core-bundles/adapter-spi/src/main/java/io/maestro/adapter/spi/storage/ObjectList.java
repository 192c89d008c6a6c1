package io.maestro.adapter.spi.storage;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Output of {@code list}: one page.
 *
 * @param objects in order of their keys
 * @param next continues after the last object or prefix; null when this was the last page
 * @param prefixes when a delimiter was given, what keys begin with that are not told one by one, up to and including the
 *     delimiter, in order; null when none was given
 */
public record ObjectList(
        List<Entry> objects,
        @Nullable String next,
        @Nullable List<String> prefixes) {
    /** Copies the lists. */
    public ObjectList {
        objects = List.copyOf(objects);
        prefixes = prefixes == null ? null : List.copyOf(prefixes);
    }

    /** A page of a list without a delimiter. */
    public ObjectList(List<Entry> objects, @Nullable String next) {
        this(objects, next, null);
    }

    /**
     * One object of a list.
     *
     * @param key where it is
     * @param size how many bytes it has
     * @param etag names this state of the object, without quotes
     * @param lastModified when it was stored
     */
    public record Entry(String key, long size, String etag, Instant lastModified) {}
}
