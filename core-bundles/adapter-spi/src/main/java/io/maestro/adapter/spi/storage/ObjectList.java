package io.maestro.adapter.spi.storage;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Output of {@code list}: one page.
 *
 * @param objects in order of their keys
 * @param next continues after the last object; null when this was the last page
 */
public record ObjectList(List<Entry> objects, @Nullable String next) {
    /** Copies the list. */
    public ObjectList {
        objects = List.copyOf(objects);
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
