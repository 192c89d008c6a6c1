package io.maestro.provenance.format;

import java.security.SecureRandom;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A private key that signs receipts: 32 random bytes. Not printed. */
public final class SigningSeed {
    /** How many bytes it has. */
    public static final int BYTES = Ed25519.SECRET_KEY_SIZE;

    private final byte[] seed;
    private final byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];

    private SigningSeed(byte[] seed) {
        this.seed = seed;
        Ed25519.generatePublicKey(seed, 0, point, 0);
    }

    /** A fresh key. */
    public static SigningSeed random(SecureRandom random) {
        byte[] seed = new byte[BYTES];
        random.nextBytes(seed);
        return new SigningSeed(seed);
    }

    /** A key by its bytes, which are copied. */
    public static SigningSeed of(byte[] seed) {
        if (seed.length != BYTES) {
            throw new IllegalArgumentException("an Ed25519 key has " + BYTES + " bytes, not " + seed.length);
        }
        return new SigningSeed(seed.clone());
    }

    /** Its bytes, for the file that keeps it. */
    public byte[] bytes() {
        return seed.clone();
    }

    /** Its public half. */
    public VerifyingKey verifyingKey() {
        return VerifyingKey.of(point);
    }

    /** Signs; any thread. */
    public byte[] sign(byte[] message) {
        byte[] signature = new byte[VerifyingKey.SIGNATURE_BYTES];
        Ed25519.sign(seed, 0, point, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    @Override
    public String toString() {
        return "SigningSeed[" + verifyingKey() + "]";
    }
}
