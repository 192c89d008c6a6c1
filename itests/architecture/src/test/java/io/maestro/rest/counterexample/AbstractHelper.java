package io.maestro.rest.counterexample;

/** A name that says nothing. */
public abstract class AbstractHelper {}
