package io.maestro.adapter.storage.file;

import org.jspecify.annotations.Nullable;

/**
 * How an instance is configured.
 *
 * @param maxObjectBytes how many bytes an object may have at most; null for {@link #USUAL_MAX_OBJECT_BYTES}
 */
record FileStorageConfiguration(@Nullable Long maxObjectBytes) {
    private static final long USUAL_MAX_OBJECT_BYTES = 5L * 1024 * 1024 * 1024;

    long largest() {
        return maxObjectBytes == null ? USUAL_MAX_OBJECT_BYTES : maxObjectBytes;
    }
}
