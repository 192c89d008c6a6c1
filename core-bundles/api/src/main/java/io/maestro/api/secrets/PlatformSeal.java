package io.maestro.api.secrets;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Seals by the master key what an engine keeps of its own in the database, of no tenant, and few bytes at a time. Blocks on
 * the database and on what holds the master key; any thread.
 */
@ProviderType
public interface PlatformSeal {
    /**
     * Seals bytes by the master key in charge.
     *
     * @param purpose what they are for; they open with the same one only
     * @throws io.maestro.model.ProblemException {@link SecretProblem#MASTER_KEY_UNAVAILABLE}, {@link
     *     SecretProblem#MASTER_KEY_WRONG}
     */
    byte[] seal(String purpose, byte[] plain);

    /**
     * Opens what was sealed; empty when that was for another purpose, by a master key that this node has no more, or was
     * changed. What must outlive a change of the master key is sealed anew while the node has both.
     *
     * @throws io.maestro.model.ProblemException {@link SecretProblem#MASTER_KEY_UNAVAILABLE}
     */
    Optional<byte[]> open(String purpose, byte[] sealed);
}
