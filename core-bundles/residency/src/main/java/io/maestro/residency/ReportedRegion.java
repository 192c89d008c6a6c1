package io.maestro.residency;

import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances.Instance;

/** What a storage itself says of where it keeps its data, whatever a route declares. */
@FunctionalInterface
interface ReportedRegion {
    /** What it says. May block on the database. */
    Reported of(Instance instance, Definition definition);
}
