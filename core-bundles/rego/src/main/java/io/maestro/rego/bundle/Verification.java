package io.maestro.rego.bundle;

import java.util.Map;

/** What is asked of a bundle's signature. */
public sealed interface Verification {
    /** Nothing: a signature that is there is not looked at. For what was never outside. */
    record Unsigned() implements Verification {}

    /**
     * A signature by one of these keys.
     *
     * @param keys by their names
     * @param keyId the only one that may have signed; empty to take the one that the signature names
     * @param scope what the signature must say that it is for; empty when it may say nothing
     */
    record Signed(Map<String, BundleKey> keys, String keyId, String scope) implements Verification {
        /** Keeps a copy. */
        public Signed {
            keys = Map.copyOf(keys);
        }

        /** By whichever key the signature names. */
        public static Signed by(BundleKey key) {
            return new Signed(Map.of(key.id(), key), "", "");
        }
    }
}
