package io.maestro.trust.counterexample;

import io.maestro.tenancy.counterexample.Rulebreaker;

/** Another engine, in a package that is part of a cycle and not marked. */
public final class Engine {
    static int mutable;

    private Engine() {}

    static String broken() {
        mutable++;
        return Rulebreaker.class.getName();
    }
}
