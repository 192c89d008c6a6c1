package io.maestro.api.adapters;

import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;

/** How a requirement stands against what is there. */
public sealed interface Finding {
    /** There is what is needed. */
    record Satisfied(InstanceId instance, DefinitionId definition) implements Finding {}

    /** There is not; the problem is one of {@link RequirementProblem} and says what to do. */
    record Missed(Problem problem) implements Finding {}
}
