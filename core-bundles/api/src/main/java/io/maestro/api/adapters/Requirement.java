package io.maestro.api.adapters;

import io.maestro.model.AdapterName;
import io.maestro.model.InstanceId;
import io.maestro.model.OperationName;
import io.maestro.model.TypeName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An adapter that somebody needs in a scope; what is null does not matter.
 *
 * @param type what it is for
 * @param adapter which
 * @param versionRange which versions of it: comparisons that all have to hold, for example {@code >=1.2.0 <2.0.0},
 *     {@code ^1.2.0} or {@code 1.4.0}
 * @param contractVersion the least contract, {@code MAJOR.MINOR}; a larger minor version will do
 * @param operations those that will be called
 * @param instance the one that will be called; null when any will do
 */
public record Requirement(
        TypeName type,
        @Nullable AdapterName adapter,
        @Nullable String versionRange,
        @Nullable String contractVersion,
        List<OperationName> operations,
        @Nullable InstanceId instance) {
    /** Copies the list. */
    public Requirement {
        operations = List.copyOf(operations);
    }
}
