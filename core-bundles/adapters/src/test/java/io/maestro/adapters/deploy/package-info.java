/** Tests of the drop folder. */
@NullMarked
package io.maestro.adapters.deploy;

import org.jspecify.annotations.NullMarked;
