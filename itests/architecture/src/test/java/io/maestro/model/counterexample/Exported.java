package io.maestro.model.counterexample;

/** An exported interface that does not say who implements it. */
public interface Exported {}
