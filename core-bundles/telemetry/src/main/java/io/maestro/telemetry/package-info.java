/**
 * Keeps the node's metrics in memory and writes them in Prometheus' text format. Nothing is made before the first of them
 * is asked for, and no thread is owned here.
 */
@NullMarked
package io.maestro.telemetry;

import org.jspecify.annotations.NullMarked;
