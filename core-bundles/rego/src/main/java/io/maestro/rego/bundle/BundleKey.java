package io.maestro.rego.bundle;

import io.maestro.rego.builtins.BuiltinException;
import io.maestro.rego.builtins.SignatureAlgorithm;
import io.maestro.rego.builtins.TokenKeys;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.List;
import javax.crypto.SecretKey;

/**
 * A key that bundles are signed with, or that their signatures are verified with. The algorithm is part of the key: what a
 * signature says of it is compared, never believed.
 *
 * @param id as signatures name it
 * @param algorithm one of JSON Web Signatures: RS, PS, ES or HS with 256, 384 or 512, or EdDSA
 * @param key a public key to verify, a private key to sign, or a secret for both
 */
public record BundleKey(String id, String algorithm, Key key) {
    /** Refuses an algorithm that is none, and a key that cannot be for it. */
    public BundleKey {
        SignatureAlgorithm known = SignatureAlgorithm.of(algorithm);
        if (known == null) {
            throw new IllegalArgumentException("no such algorithm of signatures: " + algorithm);
        }
        if (known.isSecret() != (key instanceof SecretKey)) {
            throw new IllegalArgumentException(
                    "a key for " + algorithm + " is " + (known.isSecret() ? "a secret" : "no secret"));
        }
    }

    /** A public key or a certificate in PEM, or a JSON Web Key. */
    public static BundleKey verifying(String id, String algorithm, String text) {
        try {
            List<TokenKeys.Named> keys = TokenKeys.read("key " + id, text);
            if (keys.size() == 1) {
                return new BundleKey(id, algorithm, keys.getFirst().key());
            }
        } catch (BuiltinException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        throw new IllegalArgumentException("key " + id + ": one key is expected");
    }

    boolean verifies(byte[] message, byte[] signature) {
        SignatureAlgorithm known = known();
        return switch (key) {
            case SecretKey secret -> known.verifies(secret.getEncoded(), message, signature);
            case PublicKey open -> known.verifies(open, message, signature);
            default -> false;
        };
    }

    byte[] sign(byte[] message) {
        SignatureAlgorithm known = known();
        byte[] signature = switch (key) {
            case SecretKey secret -> known.sign(secret.getEncoded(), message);
            case PrivateKey hidden -> known.sign(hidden, message);
            default -> null;
        };
        if (signature == null) {
            throw new IllegalArgumentException("key " + id + " cannot sign with " + algorithm);
        }
        return signature;
    }

    private SignatureAlgorithm known() {
        SignatureAlgorithm known = SignatureAlgorithm.of(algorithm);
        if (known == null) {
            throw new IllegalStateException("checked before");
        }
        return known;
    }

    /** Without the key. */
    @Override
    public String toString() {
        return id + " (" + algorithm + ")";
    }
}
