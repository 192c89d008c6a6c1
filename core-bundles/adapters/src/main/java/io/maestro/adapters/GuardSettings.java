package io.maestro.adapters;

import io.maestro.model.CallerProblem;
import io.maestro.model.Problem;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds of calls into one instance.
 *
 * @param concurrent how many calls may run at once
 * @param deadline how long a call may take when its caller names no limit
 * @param longestDeadline how long a caller may let it take
 * @param longestStream how long a stream may be read or written in all, however steadily it flows
 * @param window how many calls the failure rate is taken over
 * @param failurePercent from which failure rate on calls are refused
 * @param openFor for how long they are refused before a few are let through to try
 */
record GuardSettings(
        int concurrent,
        Duration deadline,
        Duration longestDeadline,
        Duration longestStream,
        int window,
        int failurePercent,
        Duration openFor) {
    static final GuardSettings USUAL = new GuardSettings(
            64, Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(1), 50, 50, Duration.ofSeconds(10));

    /** The same for so many calls, of so long. */
    GuardSettings with(int calls, Duration usualDeadline) {
        return new GuardSettings(calls, usualDeadline, longestDeadline, longestStream, window, failurePercent, openFor);
    }

    /**
     * How long a call may take whose caller wants this.
     *
     * @throws io.maestro.model.ProblemException {@link CallerProblem#INVALID_REQUEST} when that is out of bounds
     */
    Duration deadlineOf(@Nullable Duration wanted) {
        if (wanted == null) {
            return deadline;
        }
        if (wanted.isNegative() || wanted.isZero() || wanted.compareTo(longestDeadline) > 0) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "a deadline of " + wanted.toMillis() + " ms is out of bounds",
                            "Use 1 to " + longestDeadline.toMillis() + " ms.")
                    .asException();
        }
        return wanted;
    }
}
