package io.maestro.adapters;

/** Told of each step of an act before the next one begins; tests make it throw, or end the process there. */
@FunctionalInterface
interface Steps {
    /** In the product nobody listens. */
    Steps UNHEARD = step -> {};

    /** The step is done. */
    void reached(String step);
}
