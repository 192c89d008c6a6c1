package io.maestro.secrets;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Provider;
import java.security.ProviderException;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** A master key that is an AES key of some provider: in memory, or the handle of one in a token. */
final class WrappingKey implements KeyManagement {
    /**
     * One block, enciphered to tell keys apart. It is no nonce with counter that a wrapping would come upon, and above all not
     * the block of zeros, whose image would let anybody forge what the key has sealed.
     */
    private static final byte[] ID_BLOCK = "maestro key id 1".getBytes(StandardCharsets.US_ASCII);

    private static final int ID_BYTES = 8;

    private final SecretKey key;
    private final Sealing sealing;
    private final String id;

    private WrappingKey(SecretKey key, Sealing sealing, String id) {
        this.key = key;
        this.sealing = sealing;
        this.id = id;
    }

    /**
     * A master key.
     *
     * @param provider where it works; null for Java's own
     */
    static WrappingKey of(SecretKey key, @Nullable Provider provider) throws GeneralSecurityException {
        return new WrappingKey(key, new Sealing(provider), id(key, provider));
    }

    private static String id(SecretKey key, @Nullable Provider provider) throws GeneralSecurityException {
        String algorithm = "AES/ECB/NoPadding";
        Cipher cipher = provider == null ? Cipher.getInstance(algorithm) : Cipher.getInstance(algorithm, provider);
        cipher.init(Cipher.ENCRYPT_MODE, key);
        byte[] image = MessageDigest.getInstance("SHA-256").digest(cipher.doFinal(ID_BLOCK));
        return HexFormat.of().formatHex(image, 0, ID_BYTES);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public byte[] wrap(byte[] plain, byte[] context) throws GeneralSecurityException {
        try {
            return sealing.seal(key, plain, context);
        } catch (ProviderException e) {
            throw new GeneralSecurityException(e);
        }
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws GeneralSecurityException {
        try {
            return sealing.open(key, wrapped, context);
        } catch (AEADBadTagException e) {
            // a token that is gone says the same as one that opens nothing
            requireWorking();
            throw e;
        } catch (ProviderException e) {
            throw new GeneralSecurityException(e);
        }
    }

    private void requireWorking() throws GeneralSecurityException {
        byte[] sealed = wrap(ID_BLOCK, ID_BLOCK);
        try {
            sealing.open(key, sealed, ID_BLOCK);
        } catch (AEADBadTagException | ProviderException e) {
            throw new GeneralSecurityException("the key does not open what it has just sealed", e);
        }
    }

    @Override
    public String toString() {
        return "master key " + id;
    }
}
