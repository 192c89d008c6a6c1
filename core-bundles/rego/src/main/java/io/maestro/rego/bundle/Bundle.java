package io.maestro.rego.bundle;

import io.maestro.rego.Capabilities;
import io.maestro.rego.Policy;
import io.maestro.rego.Rego;
import io.maestro.rego.bundle.BundleException.Kind;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.ObjectValue;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/**
 * Policies and data that were read together and checked.
 *
 * @param sources the policies by file name, tests included
 * @param digest SHA-256 over the names and contents of all its files
 * @param signedBy the key whose signature was verified; empty when none was asked for
 */
public record Bundle(
        Manifest manifest, SortedMap<String, String> sources, ObjectValue data, String digest, String signedBy) {
    /**
     * Compiles its policies.
     *
     * @throws RegoException with all that is wrong, each with its place
     */
    public Policy compile(Capabilities capabilities) {
        return Rego.compile(sources, capabilities);
    }

    /**
     * Refuses bundles that cannot stand beside one another, since both would own the same.
     *
     * @throws BundleException with the two roots
     */
    public static void checkTogether(Collection<Bundle> bundles) {
        List<Bundle> all = List.copyOf(bundles);
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                for (String one : all.get(i).manifest().roots()) {
                    for (String other : all.get(j).manifest().roots()) {
                        if (Manifest.overlap(one, other)) {
                            throw new BundleException(
                                    Kind.MANIFEST,
                                    "two bundles own the same: the root \"" + one + "\" of revision \""
                                            + all.get(i).manifest().revision() + "\" and the root \"" + other
                                            + "\" of revision \""
                                            + all.get(j).manifest().revision() + "\"; give each its own root");
                        }
                    }
                }
            }
        }
    }
}
