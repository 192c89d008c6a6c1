/** Measures acts of identity; in its package, for its classes are its own. */
@NullMarked
package io.maestro.identity;

import org.jspecify.annotations.NullMarked;
