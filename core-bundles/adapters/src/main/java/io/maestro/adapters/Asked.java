package io.maestro.adapters;

import org.jspecify.annotations.Nullable;

/**
 * Which call it is that a guard bounds; neither arguments nor anything else that may hold a secret.
 *
 * @param caller the id of who calls; null when the server itself does
 * @param number which try of the call it is, from 1
 */
record Asked(String operation, @Nullable String caller, String correlationId, int number) {}
