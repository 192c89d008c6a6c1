/** Tests of the inspection against artifacts of every bad kind. */
@NullMarked
package io.maestro.trust;

import org.jspecify.annotations.NullMarked;
