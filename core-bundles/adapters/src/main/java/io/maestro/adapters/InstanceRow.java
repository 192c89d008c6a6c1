package io.maestro.adapters;

import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.TypeName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What should be, as the rows say it.
 *
 * @param incarnation tells this instance from a later one of the same name
 * @param artifact the digest of its definition
 * @param configuration with references in place of secrets
 * @param configured the revision in which its configuration changed last
 * @param secrets sealed by a release before secrets had names; null when there are none of these
 */
@SuppressWarnings("ArrayRecordComponent") // sealed bytes are handed on, never compared
record InstanceRow(
        InstanceKey key,
        long incarnation,
        DefinitionId definition,
        Digest artifact,
        TypeName type,
        Json configuration,
        long configured,
        byte @Nullable [] secrets,
        Wanted wanted,
        long revision,
        Instant createdAt,
        Instant updatedAt) {

    /** What the reconciler goes by; small, so that all of them fit into memory. */
    record Target(
            InstanceKey key,
            long incarnation,
            DefinitionId definition,
            Wanted wanted,
            long configured,
            long revision) {}

    /** A folder that waits for its removal. */
    record Removal(InstanceKey key, long incarnation) {}

    Target target() {
        return new Target(key, incarnation, definition, wanted, configured, revision);
    }
}
