/** The values of the model by themselves. */
@NullMarked
package io.maestro.model;

import org.jspecify.annotations.NullMarked;
