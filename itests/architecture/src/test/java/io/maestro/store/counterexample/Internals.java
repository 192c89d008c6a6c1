package io.maestro.store.counterexample;

/** Something of the store that is not exported. */
public final class Internals {
    private Internals() {}
}
