package io.maestro.provenance.format;

import io.maestro.model.Digest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * The public half of a key that signs receipts: Ed25519. Bouncy Castle's, because the JDK's is slower by a factor of ten and
 * could not keep up with the acts.
 */
public final class VerifyingKey {
    /** How long a signature is. */
    public static final int SIGNATURE_BYTES = Ed25519.SIGNATURE_SIZE;

    /** What stands before the 32 bytes of an Ed25519 key in an X.509 SubjectPublicKeyInfo. */
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] encoded;
    private final byte[] point;
    private final Digest id;

    private VerifyingKey(byte[] encoded, byte[] point) {
        this.encoded = encoded;
        this.point = point;
        this.id = Hashes.of(encoded);
    }

    /** A key by its 32 bytes. */
    static VerifyingKey of(byte[] point) {
        byte[] encoded = Arrays.copyOf(PREFIX, PREFIX.length + Ed25519.PUBLIC_KEY_SIZE);
        System.arraycopy(point, 0, encoded, PREFIX.length, Ed25519.PUBLIC_KEY_SIZE);
        return new VerifyingKey(encoded, point.clone());
    }

    /** Reads the base64 of a SubjectPublicKeyInfo, which is the inside of a PEM file; empty when it is no usable key. */
    public static Optional<VerifyingKey> parse(String base64) {
        try {
            byte[] encoded = Base64.getDecoder().decode(base64);
            boolean ours = encoded.length == PREFIX.length + Ed25519.PUBLIC_KEY_SIZE
                    && Arrays.equals(encoded, 0, PREFIX.length, PREFIX, 0, PREFIX.length)
                    && Base64.getEncoder().encodeToString(encoded).equals(base64);
            if (!ours) {
                return Optional.empty();
            }
            byte[] point = Arrays.copyOfRange(encoded, PREFIX.length, encoded.length);
            return Ed25519.validatePublicKeyFull(point, 0)
                    ? Optional.of(new VerifyingKey(encoded, point))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Its fingerprint: the SHA-256 of its SubjectPublicKeyInfo. */
    public Digest id() {
        return id;
    }

    /** The SubjectPublicKeyInfo in base64. */
    public String text() {
        return Base64.getEncoder().encodeToString(encoded);
    }

    /** Whether the signature is this key's over the message. */
    public boolean verifies(byte[] message, byte[] signature) {
        return signature.length == SIGNATURE_BYTES
                && Ed25519.verify(signature, 0, point, 0, message, 0, message.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifyingKey key && key.id.equals(id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
