package io.maestro.identity;

import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import org.jspecify.annotations.Nullable;

/** Refuses a change of what has changed since its caller looked. */
final class Revision {
    private Revision() {}

    /** Returns when {@code expected} is null or current; else throws {@link CallerProblem#REVISION_CHANGED}. */
    static void check(@Nullable Long expected, long current) {
        if (expected != null && expected != current) {
            throw Problem.of(
                            CallerProblem.REVISION_CHANGED,
                            "it has changed since: its revision is " + current,
                            "Read it again, and decide anew.")
                    .asException();
        }
    }
}
