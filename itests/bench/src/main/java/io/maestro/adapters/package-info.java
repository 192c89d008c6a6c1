/** Benchmarks of what is private to the host. */
@NullMarked
package io.maestro.adapters;

import org.jspecify.annotations.NullMarked;
