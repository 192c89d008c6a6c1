/** Measures of the Rego engine, beside it in its package. */
@NullMarked
package io.maestro.rego;

import org.jspecify.annotations.NullMarked;
