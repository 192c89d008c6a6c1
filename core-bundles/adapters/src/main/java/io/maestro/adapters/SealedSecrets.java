package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Opens what earlier releases sealed in the rows of instances: AES-256-GCM by a key file of the node, bound to the
 * instance's full name. Nothing is sealed like that any more; what is opened is handed over to where secrets are kept.
 */
final class SealedSecrets {
    private static final byte FORMAT = 1;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Path file;
    private volatile @Nullable SecretKey key;

    SealedSecrets(Path file) {
        this.file = file;
    }

    /** Opens what was sealed for the instance, or fails with {@link AdapterProblem#SECRETS_UNREADABLE}. */
    byte[] open(InstanceKey instance, byte[] sealed) {
        if (sealed.length <= 1 + NONCE_BYTES || sealed[0] != FORMAT) {
            throw unreadable("the sealed secrets of " + instance + " are damaged", null);
        }
        try {
            SecretKey present = read();
            if (present == null) {
                throw unreadable("the node's key " + file.getFileName() + " is missing", null);
            }
            byte[] nonce = new byte[NONCE_BYTES];
            System.arraycopy(sealed, 1, nonce, 0, NONCE_BYTES);
            return cipher(present, nonce, instance).doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw unreadable("the node's key does not open the secrets of " + instance, e);
        } catch (IOException e) {
            throw unreadable("the node's key " + file.getFileName() + " cannot be read", e);
        }
    }

    private static Cipher cipher(SecretKey key, byte[] nonce, InstanceKey instance) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(instance.toString().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private @Nullable SecretKey read() throws IOException {
        SecretKey known = key;
        if (known != null) {
            return known;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length != KEY_BYTES) {
            throw new IOException("the key has " + bytes.length + " bytes");
        }
        SecretKey read = new SecretKeySpec(bytes, "AES");
        key = read;
        return read;
    }

    private static ProblemException unreadable(String detail, @Nullable Exception cause) {
        Problem problem = Problem.of(
                AdapterProblem.SECRETS_UNREADABLE,
                detail,
                "Put the key file back from the backup of this node, or delete the instance and create it again.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }
}
