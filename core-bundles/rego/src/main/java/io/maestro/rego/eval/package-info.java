/** From ordered goals to closures, and the state of one evaluation. */
@NullMarked
package io.maestro.rego.eval;

import org.jspecify.annotations.NullMarked;
