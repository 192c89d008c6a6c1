/** Proves what the packs promise: their own tests, their annotations, and what people read when they refuse. */
@NullMarked
package io.maestro.packs;

import org.jspecify.annotations.NullMarked;
