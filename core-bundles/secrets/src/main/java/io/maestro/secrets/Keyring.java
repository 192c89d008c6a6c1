package io.maestro.secrets;

import io.maestro.api.secrets.SecretProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/** The master keys that this node was given: the current one, and while it is being changed the former one. */
final class Keyring {
    private static final byte[] KNOWN = "maestro master key".getBytes(StandardCharsets.US_ASCII);

    private final KeyManagement current;
    private final @Nullable KeyManagement former;

    Keyring(KeyManagement current, @Nullable KeyManagement former) {
        this.current = current;
        this.former = former;
    }

    /** The one that should be in charge. */
    String current() {
        return current.id();
    }

    /** Whether the node has this master key. */
    boolean has(String id) {
        return find(id) != null;
    }

    /** What proves later that a master key is the same. */
    byte[] proof(String id) {
        return wrap(id, KNOWN, Sealing.context("proof", id));
    }

    /** Whether this master key made the proof. */
    boolean proves(String id, byte[] proof) {
        try {
            KeyManagement key = find(id);
            return key != null && MessageDigest.isEqual(key.unwrap(proof, Sealing.context("proof", id)), KNOWN);
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /** Wraps by the master key of this id. */
    byte[] wrap(String id, byte[] key, byte[] context) {
        try {
            return require(id).wrap(key, context);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    /** Unwraps by the master key of this id. */
    byte[] unwrap(String id, byte[] wrapped, byte[] context) {
        try {
            return require(id).unwrap(wrapped, context);
        } catch (AEADBadTagException e) {
            throw Problem.of(
                            SecretProblem.SECRET_DAMAGED,
                            "a data key in the database is not what the master key " + id + " wrapped",
                            "Restore the tables of the schema secrets from a backup.")
                    .asException(e);
        } catch (GeneralSecurityException e) {
            throw unavailable(e);
        }
    }

    private KeyManagement require(String id) {
        KeyManagement key = find(id);
        if (key == null) {
            throw Problem.of(
                            SecretProblem.MASTER_KEY_WRONG,
                            "this node was not given the master key " + id,
                            "Restart it with the new --master-key, and with --former-master-key as long as the change is"
                                    + " under way.")
                    .asException();
        }
        return key;
    }

    private @Nullable KeyManagement find(String id) {
        if (current.id().equals(id)) {
            return current;
        }
        return former != null && former.id().equals(id) ? former : null;
    }

    private static ProblemException unavailable(GeneralSecurityException cause) {
        return Problem.of(
                        SecretProblem.MASTER_KEY_UNAVAILABLE,
                        "what holds the master key does not answer",
                        "Look after the token or key store; the server's log has the details.")
                .with(Retry.after(Duration.ofSeconds(1)))
                .asException(cause);
    }
}
