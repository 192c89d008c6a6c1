package io.maestro.api.http;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** Pages that the HTTP server serves beside the API, to everybody: whoever offers one says what is public. */
@ConsumerType
public interface StaticContent {
    /** Below which path it is served, with a slash on both ends, for example {@code /console/}. Always the same. */
    String prefix();

    /**
     * What is served for a path. Called for every request, by the thread of the request; may block to read it.
     *
     * @param path what follows the prefix, as the client wrote it, with nothing decoded; empty for the prefix itself
     * @return null when there is nothing, which is answered with 404
     */
    @Nullable
    Asset asset(String path);

    /** One file. */
    @ConsumerType
    interface Asset {
        /** Its media type, with the character set where it is text. */
        String mediaType();

        /** Differs whenever the bytes do; letters, digits and hyphens. */
        String tag();

        /** Whether what is served for this path never changes, for its name says what it holds. */
        boolean immutable();

        /** Whether {@link #open} can give the bytes compressed by gzip. */
        boolean compressible();

        /**
         * The bytes, which the caller closes.
         *
         * @param gzip whether they are wanted compressed; only when {@link #compressible}
         * @throws IOException when they cannot be read, which is a fault of the server
         */
        InputStream open(boolean gzip) throws IOException;
    }
}
