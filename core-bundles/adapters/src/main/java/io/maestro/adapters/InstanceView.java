package io.maestro.adapters;

import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;

/** Instances as they are shown: what the row says, with what this node observes. */
final class InstanceView {
    private final Observations observations;

    InstanceView(Observations observations) {
        this.observations = observations;
    }

    Instance of(InstanceRow row) {
        Observation last = observations.of(row.key());
        Observation seen = last != null && last.incarnation() == row.incarnation()
                ? last
                : new Observation(row.incarnation(), 0, Observed.PENDING, null);
        return new Instance(
                row.key().scope(),
                row.key().instance(),
                row.definition(),
                row.type(),
                row.configuration(),
                row.wanted(),
                seen.observed(),
                seen.problem(),
                row.revision(),
                row.createdAt(),
                row.updatedAt());
    }
}
