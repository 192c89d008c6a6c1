package io.maestro.secrets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-GCM with a random nonce, bound to a context. What is sealed begins with the number of its format. The key may be
 * a mere handle of the provider that does the work.
 */
final class Sealing {
    private static final byte FORMAT = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final @Nullable Provider provider;

    /** Works where the key is: with this provider, or with Java's own when null. */
    Sealing(@Nullable Provider provider) {
        this.provider = provider;
    }

    byte[] seal(SecretKey key, byte[] plain, byte[] context) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(plain);
        return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                .put(FORMAT)
                .put(nonce)
                .put(sealed)
                .array();
    }

    /** What was sealed, or {@link AEADBadTagException} when it was not sealed by this key and with this context. */
    byte[] open(SecretKey key, byte[] sealed, byte[] context) throws GeneralSecurityException {
        if (sealed.length < 1 + NONCE_BYTES + TAG_BITS / Byte.SIZE || sealed[0] != FORMAT) {
            throw new AEADBadTagException("not of a known format");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 1, nonce, 0, NONCE_BYTES);
        return cipher(Cipher.DECRYPT_MODE, key, nonce, context)
                .doFinal(sealed, 1 + NONCE_BYTES, sealed.length - 1 - NONCE_BYTES);
    }

    private Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] context) throws GeneralSecurityException {
        String algorithm = "AES/GCM/NoPadding";
        Cipher cipher = provider == null ? Cipher.getInstance(algorithm) : Cipher.getInstance(algorithm, provider);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    /** Binds to these parts, in this order; no two lists of parts give the same context. */
    static byte[] context(Object... parts) {
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            String shown = part.toString();
            text.append(shown.length()).append(':').append(shown);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
