package io.maestro.rego.eval;

/** Code of one goal. It runs the step after it for each way in which the goal holds. */
abstract class Step {
    /** Runs; true when what was found is enough and nothing more need be searched. */
    abstract boolean run(Frame frame);

    /** Makes a step, given the one after it. */
    @FunctionalInterface
    interface Maker {
        Step before(Step next);
    }
}
