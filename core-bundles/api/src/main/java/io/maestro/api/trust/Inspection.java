package io.maestro.api.trust;

import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What came out of looking at an artifact. The looking is done on a private copy, and that very copy is installed. */
public sealed interface Inspection {
    /**
     * Signed by a trusted key, well-formed, and within the rules.
     *
     * @param digest of all its bytes
     * @param size in bytes
     * @param copy the private copy that was inspected
     * @param publisher who signed
     * @param key fingerprint of the key
     * @param manifest what it says of itself
     */
    record Passed(Digest digest, long size, Path copy, PublisherName publisher, Digest key, AdapterManifest manifest)
            implements Inspection {}

    /**
     * Refused.
     *
     * @param problem code, what is wrong, where and how to fix it
     * @param digest of all its bytes; null when they were not all read
     * @param size bytes seen
     * @param name adapter name as far as it could be read; null when not
     * @param version adapter version as far as it could be read; null when not
     */
    record Refused(
            Problem problem,
            @Nullable Digest digest,
            long size,
            @Nullable String name,
            @Nullable String version) implements Inspection {}
}
