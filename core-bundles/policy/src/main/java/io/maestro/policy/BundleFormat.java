package io.maestro.policy;

import io.maestro.api.policy.PolicyPacks.PolicyKey;
import io.maestro.rego.value.ObjectValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens bundles of policies. Bounded in all that they can hold. */
interface BundleFormat {
    /**
     * Opens a bundle that somebody has sent.
     *
     * @param keys those that may have signed it; null when it need not be signed, for it is only tried
     * @throws io.maestro.model.ProblemException {@link io.maestro.api.policy.PolicyProblem#POLICY_PACK_REFUSED}
     */
    Opened open(String pack, byte[] bundle, @Nullable List<PolicyKey> keys);

    /**
     * What is in it.
     *
     * @param roots what it says that all of it lies below, with slashes
     * @param modules source text by file name, tests included
     * @param data below {@code data}
     * @param key the id of the key that signed it; null when nobody looked
     */
    record Opened(
            String revision,
            List<String> roots,
            Map<String, String> modules,
            ObjectValue data,
            @Nullable String key) {
        /** Copies list and map. */
        public Opened {
            roots = List.copyOf(roots);
            modules = Map.copyOf(modules);
        }

        PackText text(String pack) {
            return new PackText(pack, revision, modules, data);
        }
    }
}
