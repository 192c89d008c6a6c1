package io.maestro.rest.counterexample;

/** Named like a component, but none. */
final class PlainComponent {}
