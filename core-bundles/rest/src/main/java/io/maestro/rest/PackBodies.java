package io.maestro.rest;

import io.maestro.api.policy.PolicyPacks.Pack;
import io.maestro.api.policy.PolicyPacks.PolicyKey;
import io.maestro.api.policy.PolicyPacks.Refused;
import io.maestro.api.policy.PolicyPacks.Revision;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs of policies and the keys that may sign them, as they cross the wire. */
final class PackBodies {
    /** A second fence: beyond the limit of whoever opens bundles, which refuses better. */
    static final int LARGEST_BUNDLE = 5 * 1024 * 1024;

    private PackBodies() {}

    /**
     * A pack.
     *
     * @param builtIn whether the one that comes with the server is active
     * @param revisions those that one can go back to
     * @param lastRefused why the newest bundle is not the active one
     */
    record PolicyPackBody(
            @Nullable String tenant,
            String name,
            boolean builtIn,
            @Nullable PackRevision active,
            List<PackRevision> revisions,
            @Nullable PackRefusal lastRefused) {
        static PolicyPackBody of(Pack pack) {
            return new PolicyPackBody(
                    pack.tenant() == null ? null : pack.tenant().value(),
                    pack.name(),
                    pack.builtIn(),
                    pack.active() == null ? null : PackRevision.of(pack.active()),
                    pack.revisions().stream().map(PackRevision::of).toList(),
                    pack.lastRefused() == null ? null : PackRefusal.of(pack.lastRefused()));
        }
    }

    /**
     * A revision.
     *
     * @param key that signed it; null for the built-in one
     * @param tests how many of its own it passed
     */
    record PackRevision(
            String revision, String digest, @Nullable String key, int tests, Instant uploadedAt, String uploadedBy) {
        static PackRevision of(Revision revision) {
            return new PackRevision(
                    revision.revision(),
                    revision.digest(),
                    revision.key(),
                    revision.tests(),
                    revision.at(),
                    revision.by());
        }
    }

    record PackRefusal(Instant at, String by, @Nullable ProblemBody problem) {
        static PackRefusal of(Refused refused) {
            return new PackRefusal(refused.at(), refused.by(), ProblemBody.within(refused.problem()));
        }
    }

    record PolicyKeyBody(
            @Nullable String tenant,
            String id,
            String algorithm,
            String publicKey,
            Instant trustedAt,
            String trustedBy) {
        static PolicyKeyBody of(PolicyKey key) {
            return new PolicyKeyBody(
                    key.tenant() == null ? null : key.tenant().value(),
                    key.id(),
                    key.algorithm(),
                    key.publicKey(),
                    key.trustedAt(),
                    key.trustedBy());
        }
    }

    @Schema(
            example =
                    "{\"id\":\"house-2026\",\"algorithm\":\"ES256\",\"publicKey\":\"-----BEGIN PUBLIC KEY-----\\n…\\n-----END PUBLIC KEY-----\"}")
    record NewPolicyKey(String id, String algorithm, String publicKey) {
        NewPolicyKey {
            Wire.required("/id", id);
            Wire.required("/algorithm", algorithm);
            Wire.required("/publicKey", publicKey);
        }
    }

    @Schema(example = "{\"revision\":\"7\"}")
    record NewRollback(@Nullable String revision) {}
}
