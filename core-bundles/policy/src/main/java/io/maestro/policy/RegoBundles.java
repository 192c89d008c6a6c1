package io.maestro.policy;

import io.maestro.api.policy.PolicyPacks.PolicyKey;
import io.maestro.rego.bundle.Bundle;
import io.maestro.rego.bundle.BundleException;
import io.maestro.rego.bundle.BundleKey;
import io.maestro.rego.bundle.BundleReader;
import io.maestro.rego.bundle.Limits;
import io.maestro.rego.bundle.Verification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bundles as OPA builds them: a tar archive in gzip, signed by a key that is trusted for its owner. */
final class RegoBundles implements BundleFormat {
    private static final Limits LIMITS = new Limits(4 << 20, 16 << 20, 4 << 20, 1_000);

    @Override
    public Opened open(String pack, byte[] bundle, @Nullable List<PolicyKey> keys) {
        try {
            Bundle read = BundleReader.read(bundle, LIMITS, verification(keys));
            return new Opened(
                    read.manifest().revision(),
                    read.manifest().roots(),
                    read.sources(),
                    read.data(),
                    read.signedBy().isEmpty() ? null : read.signedBy());
        } catch (BundleException e) {
            throw PackGate.refused(pack, String.valueOf(e.getMessage()), fix(e.kind()), List.of());
        }
    }

    private static Verification verification(@Nullable List<PolicyKey> keys) {
        if (keys == null) {
            return new Verification.Unsigned();
        }
        Map<String, BundleKey> known = new HashMap<>();
        keys.forEach(key -> known.put(key.id(), BundleKey.verifying(key.id(), key.algorithm(), key.publicKey())));
        return new Verification.Signed(known, "", "");
    }

    private static String fix(BundleException.Kind kind) {
        return switch (kind) {
            case SIGNATURE -> "Sign it with a key that is trusted here: `maestro policy sign`.";
            case CORRUPT, TOO_LARGE, NAME, MANIFEST, CONTENT, TESTS, OLDER ->
                "Mend it, raise the revision, and build it anew: `maestro policy build`.";
        };
    }
}
