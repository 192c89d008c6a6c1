package io.maestro.api.policy;

import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * What packs are told beside the input, and how seriously their rules are taken. A change holds on this node at once and on
 * the others within seconds. Blocks on the database; any thread.
 */
@ProviderType
public interface PolicySettings {
    /**
     * What packs know as {@code data.settings.tenants[tenant]}, or for null as {@code data.settings.platform}; the empty
     * object until somebody has set it.
     */
    Kept settings(@Nullable TenantId tenant);

    /**
     * Replaces the settings of a tenant, or of the installation when null.
     *
     * @param revision the one that is replaced; null for whichever it is
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#POLICY_SETTINGS_INVALID}, {@link
     *     io.maestro.model.CallerProblem#REVISION_CHANGED}
     */
    Kept put(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor);

    /** What {@link #put} would replace; writes nothing, and fails as that would. */
    Kept beforePut(@Nullable TenantId tenant, Json settings, @Nullable Long revision, Actor actor);

    /** The modes that rules have other than their packs say: {@code {"packs":{NAME:MODE},"rules":{ID:MODE}}}. */
    Kept modes(@Nullable TenantId tenant);

    /**
     * Replaces the modes of a tenant's own packs, or of the installation's when null. A rule's own mode goes before its
     * pack's.
     */
    Kept putModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor);

    /** What {@link #putModes} would replace; writes nothing, and fails as that would. */
    Kept beforePutModes(@Nullable TenantId tenant, Json modes, @Nullable Long revision, Actor actor);

    /**
     * A document.
     *
     * @param revision goes up with each change; 0 until the first
     * @param updatedAt null until the first change
     * @param updatedBy null until the first change
     */
    record Kept(
            Json document,
            long revision,
            @Nullable Instant updatedAt,
            @Nullable String updatedBy) {}
}
