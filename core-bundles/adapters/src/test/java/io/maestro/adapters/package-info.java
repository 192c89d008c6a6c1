/** Tests of the host: plain ones, and ones in a real framework. */
@NullMarked
package io.maestro.adapters;

import org.jspecify.annotations.NullMarked;
