/** Tests of what an instance is given. */
@NullMarked
package io.maestro.adapters.context;

import org.jspecify.annotations.NullMarked;
