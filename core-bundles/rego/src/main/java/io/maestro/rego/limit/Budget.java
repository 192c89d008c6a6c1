package io.maestro.rego.limit;

import java.time.Duration;

/**
 * What one evaluation may cost.
 *
 * @param steps how many goals, iterations and calls
 * @param cells how many collection members and pieces of text it may make, kept or not
 * @param depth how deep goals and rules may stand inside one another; more than 20,000 needs a thread with a large stack
 * @param time how long
 */
public record Budget(long steps, long cells, int depth, Duration time) {
    /** Generous for a decision, harmless for a server. */
    public static final Budget STANDARD = new Budget(5_000_000, 4_000_000, 1_500, Duration.ofSeconds(2));

    /** All parts must be positive. */
    public Budget {
        if (steps <= 0 || cells <= 0 || depth <= 0 || !time.isPositive()) {
            throw new IllegalArgumentException("a budget is positive in each part");
        }
    }

    /** The same with another number of steps. */
    public Budget withSteps(long steps) {
        return new Budget(steps, cells, depth, time);
    }

    /** The same with another number of cells. */
    public Budget withCells(long cells) {
        return new Budget(steps, cells, depth, time);
    }

    /** The same with another time. */
    public Budget withTime(Duration time) {
        return new Budget(steps, cells, depth, time);
    }
}
