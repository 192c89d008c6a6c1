package io.maestro.adapters;

import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.model.DefinitionId;
import io.maestro.model.Json;
import io.maestro.model.TypeName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What should be, as the rows say it.
 *
 * @param incarnation tells this instance from a later one of the same name
 * @param configuration without secrets
 * @param secrets sealed; null when there are none
 */
@SuppressWarnings("ArrayRecordComponent") // sealed bytes are handed on, never compared
record InstanceRow(
        InstanceKey key,
        long incarnation,
        DefinitionId definition,
        TypeName type,
        Json configuration,
        byte @Nullable [] secrets,
        Wanted wanted,
        long revision,
        Instant createdAt,
        Instant updatedAt) {

    /** What the reconciler goes by; small, so that all of them fit into memory. */
    record Target(InstanceKey key, long incarnation, DefinitionId definition, Wanted wanted, long revision) {}

    /** A folder that waits for its removal. */
    record Removal(InstanceKey key, long incarnation) {}

    Target target() {
        return new Target(key, incarnation, definition, wanted, revision);
    }
}
