package io.maestro.rego.limit;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoException;

/** Counts what one evaluation costs, and ends it when that is too much. One thread. */
public final class Meter {
    private static final int TICKS_PER_LOOK = 1 << 10;

    private final Budget budget;
    private final long begin = System.nanoTime();
    private final long nanos;
    private long steps;
    private long cells;
    private long nextLook = TICKS_PER_LOOK;
    private int depth;

    /** Starts now. */
    public Meter(Budget budget) {
        this.budget = budget;
        this.nanos = budget.time().toNanos();
    }

    /** Counts one step. */
    public void step() {
        if (++steps >= nextLook) {
            look();
        }
    }

    /** Counts several steps at once, before they are made. */
    public void steps(long count) {
        steps += Math.max(count, 0);
        if (steps >= nextLook || steps < 0) {
            look();
        }
    }

    /** Counts what is about to be made, before it is made. */
    public void cells(long count) {
        cells += Math.max(count, 0);
        if (cells > budget.cells() || cells < 0) {
            throw exceeded("makes more than " + budget.cells() + " values");
        }
        steps(count >> 3);
    }

    /** Counts a text that is about to be made. */
    public void text(long characters) {
        cells(1 + (characters >> 3));
    }

    /** Goes deeper by what a body needs of the stack; {@link #leave} comes back. */
    public void enter(int levels) {
        depth += levels;
        if (depth > budget.depth()) {
            throw exceeded("nests rules and goals deeper than " + budget.depth());
        }
    }

    /** The other half of {@link #enter}. */
    public void leave(int levels) {
        depth -= levels;
    }

    /** How many steps were made. */
    public long steps() {
        return steps;
    }

    private void look() {
        if (steps > budget.steps() || steps < 0) {
            throw exceeded("takes more than " + budget.steps() + " steps");
        }
        if (System.nanoTime() - begin > nanos) {
            throw exceeded("takes longer than " + budget.time().toMillis() + " ms");
        }
        nextLook = Math.min(steps + TICKS_PER_LOOK, budget.steps() + 1);
    }

    private static RegoException exceeded(String what) {
        return new RegoException(ErrorCode.LIMIT, Location.NONE, "the evaluation " + what);
    }
}
