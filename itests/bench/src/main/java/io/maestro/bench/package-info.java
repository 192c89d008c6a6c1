/**
 * Benchmarks, each with its measure beside it in the same run, so that a noisy machine blurs both alike. Started by {@code
 * ./bench}; prints one table.
 */
@NullMarked
package io.maestro.bench;

import org.jspecify.annotations.NullMarked;
