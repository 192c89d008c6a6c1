/** Proves that tests get what they are promised. */
@NullMarked
package io.maestro.testing;

import org.jspecify.annotations.NullMarked;
