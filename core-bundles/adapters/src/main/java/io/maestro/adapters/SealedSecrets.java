package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.EnumSet;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals the secrets of an instance so that only this node's key opens them, and only for that instance: AES-256-GCM with
 * a random nonce, bound to the instance's full name. The key is a file of the node, made at the first use.
 */
final class SealedSecrets {
    private static final byte FORMAT = 1;
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final Path file;
    private final SecureRandom random = new SecureRandom();
    private volatile @Nullable SecretKey key;

    SealedSecrets(Path file) {
        this.file = file;
    }

    /** Seals {@code plain} for the instance. */
    byte[] seal(InstanceKey instance, byte[] plain) {
        try {
            byte[] nonce = new byte[NONCE_BYTES];
            random.nextBytes(nonce);
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, keyForSealing(), nonce, instance);
            byte[] sealed = cipher.doFinal(plain);
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(FORMAT)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException | IOException e) {
            throw unreadable("the node's key " + file.getFileName() + " cannot be used", e);
        }
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
            return cipher(Cipher.DECRYPT_MODE, present, nonce, instance)
                    .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw unreadable("the node's key does not open the secrets of " + instance, e);
        } catch (IOException e) {
            throw unreadable("the node's key " + file.getFileName() + " cannot be read", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, InstanceKey instance)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(instance.toString().getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private SecretKey keyForSealing() throws IOException {
        SecretKey present = read();
        if (present != null) {
            return present;
        }
        byte[] fresh = new byte[KEY_BYTES];
        random.nextBytes(fresh);
        create(fresh);
        SecretKey made = read();
        if (made == null) {
            throw new IOException("the key vanished");
        }
        return made;
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

    /** Writes the key whole and under another name first; whoever links first wins. */
    private void create(byte[] bytes) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path fresh = Files.createTempFile(
                folder,
                ".key",
                ".tmp",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(fresh, EnumSet.of(StandardOpenOption.WRITE))) {
                channel.write(ByteBuffer.wrap(bytes));
                channel.force(true);
            }
            Files.createLink(file, fresh);
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (FileAlreadyExistsException e) {
            // another thread was first, and its key is as good
            return;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static ProblemException unreadable(String detail, @Nullable Exception cause) {
        Problem problem = Problem.of(
                AdapterProblem.SECRETS_UNREADABLE,
                detail,
                "Put the key file back from the backup of this node, or delete the instance and create it again.");
        return cause == null ? problem.asException() : problem.asException(cause);
    }
}
