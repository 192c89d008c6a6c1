package io.maestro.api.policy;

import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Packs of policies. While an engine outside of the server decides, none of them is active, and none can be changed. Those of the installation decide; those of a tenant can only forbid more, and only within it. Blocks
 * on the database; any thread.
 */
@ProviderType
public interface PolicyPacks {
    /** The packs of a tenant, or of the installation when null, by name; the built-in one first. */
    List<Pack> packs(@Nullable TenantId tenant);

    /** One pack, or {@link PolicyProblem#POLICY_PACK_UNKNOWN}. */
    Pack pack(@Nullable TenantId tenant, String name);

    /**
     * Takes a bundle in: checks its signature, its revision, its roots and capabilities, compiles it, runs its tests, and
     * only then makes it the active revision. When any of that fails, the previous one stays active, and the pack says why.
     *
     * @param bundle as {@code opa build} writes it, signed
     * @param planned by {@link #planUpload}: what decided then has to decide still at the moment of the change, or it fails with
     *     {@code revision-changed}; null when nobody planned
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#POLICY_PACK_REFUSED}, {@link
     *     PolicyProblem#POLICY_PACKS_ELSEWHERE}
     */
    Pack upload(@Nullable TenantId tenant, String name, byte[] bundle, @Nullable Turn planned, Actor actor);

    /** The same, whatever decides now. */
    default Pack upload(@Nullable TenantId tenant, String name, byte[] bundle, Actor actor) {
        return upload(tenant, name, bundle, null, actor);
    }

    /**
     * What a bundle says of itself, before anything of it is believed: digest, size, and the revision and roots of its
     * manifest where it can be read. For whoever has to approve it.
     */
    Json describe(byte[] bundle);

    /**
     * Makes an older revision the active one again; that is an act of its own.
     *
     * @param revision which; null for the one before the active one
     * @param planned by {@link #planRollback}, as for {@link #upload}
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#POLICY_PACK_UNKNOWN}
     */
    Pack rollback(
            @Nullable TenantId tenant, String name, @Nullable String revision, @Nullable Turn planned, Actor actor);

    /** The same, whatever decides now. */
    default Pack rollback(@Nullable TenantId tenant, String name, @Nullable String revision, Actor actor) {
        return rollback(tenant, name, revision, null, actor);
    }

    /**
     * Takes a pack away; {@link PolicyProblem#POLICY_PACK_UNKNOWN}. The built-in one cannot go.
     *
     * @param planned by {@link #planRemove}, as for {@link #upload}
     */
    void remove(@Nullable TenantId tenant, String name, @Nullable Turn planned, Actor actor);

    /** The same, whatever decides now. */
    default void remove(@Nullable TenantId tenant, String name, Actor actor) {
        remove(tenant, name, null, actor);
    }

    /** What {@link #upload} would do; writes nothing, and fails as that would. */
    Turn planUpload(@Nullable TenantId tenant, String name, byte[] bundle, Actor actor);

    /** What {@link #rollback} would do; writes nothing, and fails as that would. */
    Turn planRollback(@Nullable TenantId tenant, String name, @Nullable String revision, Actor actor);

    /** What {@link #remove} would do; writes nothing, and fails as that would. */
    Turn planRemove(@Nullable TenantId tenant, String name, Actor actor);

    /**
     * Which revision decides, and which one would.
     *
     * @param before null when there is none
     * @param after null when there would be none
     */
    record Turn(@Nullable Revision before, @Nullable Revision after) {}

    /** The keys that may sign packs of a tenant, or of the installation when null, by id. */
    List<PolicyKey> keys(@Nullable TenantId tenant);

    /**
     * Trusts a key.
     *
     * @param id as in the header {@code kid} of signatures
     * @param algorithm of JWS, for example {@code ES256}; the header of a signature is not believed
     * @param publicKey in PEM form
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#POLICY_KEY_EXISTS}, {@link
     *     PolicyProblem#POLICY_KEY_INVALID}
     */
    PolicyKey trust(@Nullable TenantId tenant, String id, String algorithm, String publicKey, Actor actor);

    /** Stops trusting a key; packs that are active stay so. {@link PolicyProblem#POLICY_KEY_UNKNOWN} */
    void distrust(@Nullable TenantId tenant, String id, Actor actor);

    /**
     * A pack.
     *
     * @param active the revision that decides; null when none ever could
     * @param revisions those that are kept to go back to, the newest first
     * @param lastRefused why the newest bundle is not the active one; null when it is
     */
    record Pack(
            @Nullable TenantId tenant,
            String name,
            boolean builtIn,
            @Nullable Revision active,
            List<Revision> revisions,
            @Nullable Refused lastRefused) {
        /** Copies the list. */
        public Pack {
            revisions = List.copyOf(revisions);
        }
    }

    /**
     * A revision of a pack.
     *
     * @param digest SHA-256 of the bundle
     * @param key the id of the key that signed it; null for the built-in one
     * @param tests how many of its own tests it passed
     */
    record Revision(
            String revision, String digest, @Nullable String key, int tests, Instant at, String by) {}

    /** A bundle that was refused. */
    record Refused(Instant at, String by, Problem problem) {}

    /** A key that may sign packs. */
    record PolicyKey(
            @Nullable TenantId tenant,
            String id,
            String algorithm,
            String publicKey,
            Instant trustedAt,
            String trustedBy) {}
}
