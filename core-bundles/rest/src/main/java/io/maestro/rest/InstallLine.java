package io.maestro.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.maestro.api.adapters.Definitions.Admitted;
import io.maestro.api.adapters.Plan;
import io.maestro.api.trust.Verification.Check;
import io.maestro.api.trust.Verification.Result;
import io.maestro.api.trust.Verification.Step;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A line of an installation that is told as it goes: a check that ended, or at last what came of it. What is not said is left
 * out.
 *
 * @param step a check that ended
 * @param status of the last line: what the answer's status would be if it had waited for the end
 * @param definition what the artifact is now
 * @param plan what installing it would do
 * @param problem why it was refused
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record InstallLine(
        @Nullable VerificationStepBody step,
        @Nullable Integer status,
        @Nullable DefinitionBody definition,
        @Nullable PlanBody plan,
        @Nullable ProblemBody problem) {

    static InstallLine of(Step step) {
        return new InstallLine(
                new VerificationStepBody(
                        step.check(),
                        step.result(),
                        step.detail(),
                        TimeUnit.NANOSECONDS.toMicros(step.took().toNanos())),
                null,
                null,
                null,
                null);
    }

    static InstallLine of(Admitted admitted) {
        return new InstallLine(
                null, admitted.fresh() ? 201 : 200, DefinitionBody.of(admitted.definition()), null, null);
    }

    static InstallLine of(Plan plan) {
        return new InstallLine(null, 200, null, PlanBody.of(plan), null);
    }

    static InstallLine of(ProblemBody problem) {
        return new InstallLine(null, problem.status(), null, null, problem);
    }

    /** Whether nothing follows. */
    boolean isLast() {
        return step == null;
    }

    record VerificationStepBody(Check check, Result result, String detail, long tookMicros) {}
}
