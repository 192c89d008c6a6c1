package io.maestro.residency;

import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;
import java.util.Optional;

/** What a storage itself says of where it keeps its data, whatever a route declares. */
@FunctionalInterface
interface ReportedRegion {
    /** The region in lower case; empty when it does not say. May block on the database. */
    Optional<String> of(Instance instance, Definition definition);
}
