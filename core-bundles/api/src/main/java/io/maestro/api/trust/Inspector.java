package io.maestro.api.trust;

import java.io.IOException;
import java.io.InputStream;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Looks at artifacts from outside: copy first, then digest, signatures, manifest and structural rules, all on the copy.
 * Everything is bounded: size, number of entries, inflated size, depth.
 */
@ProviderType
public interface Inspector {
    /**
     * Copies the artifact into the private folder of incoming files and inspects the copy. Blocks; any thread. The caller
     * owns a passed copy: it moves it to its place or deletes it. A refused copy is deleted here.
     *
     * @param artifact read to its end or to the size limit; not closed
     * @param verification told of each check, from {@link Verification.Check#BYTES} to {@link Verification.Check#NETWORK}
     * @throws IOException when the bytes cannot be read or written; nothing is left behind
     */
    Inspection inspect(InputStream artifact, Verification verification) throws IOException;

    /** Inspects without telling anybody of the checks. */
    default Inspection inspect(InputStream artifact) throws IOException {
        return inspect(artifact, Verification.untold());
    }
}
