package io.maestro.adapters;

/** Limits of an instance. */
record GuardSettings() {}
